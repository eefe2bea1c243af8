/* Control requests: the first line is the name of a file in control/, the rest its bytes. What is taken is a known verb with sound values.
 */
#include "tests/fuzz/fuzz.h"

static void put(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    size_t length = end ? (size_t)(end - data) : 0;
    char name[80] = "run/control/1-";
    size_t at = strlen(name);
    for (size_t i = 0; i < length && at < 60; i++)
        name[at++] = data[i] >= '!' && data[i] < 127 && data[i] != '/' ? (char)data[i] : '_';
    memcpy(name + at, ".json", 6);
    fuzz_file(name, end ? end + 1 : data, end ? size - length - 1 : size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    char *path = io_join(fuzz_directory(), "run"), *control = io_join(path, "control");
    io_remove_tree(path, &e);
    RunDir *run = run_create(path, "train", "fuzz", &e);
    if (!run || !io_make_directory(control, &e))
        abort();
    put(data, size);
    run_stop_waits(path);
    for (int i = 0; i < 2; i++) {
        run->looked = 0;
        Value *request = run_take_request(run);
        double rate = request ? value_get_real(request, "learning_rate", 1) : 1;
        if (request && (!value_get_text(request, "verb", NULL) || (strcmp(value_get_text(request, "verb", ""), "set") == 0 && !(rate > 0))))
            abort();
        value_free(request);
    }
    run_close(run);
    value_free(run_control_history(path));
    mem_free(path);
    mem_free(control);
    return 0;
}
