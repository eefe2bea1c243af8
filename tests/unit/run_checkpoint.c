#include <string.h>

#include "base/hash.h"
#include "base/io.h"
#include "run/run_dir.h"
#include "tests/unit/test.h"

static float weights[8];
static int64_t position;

static Blob *blobs(void)
{
    static Blob list[2];
    list[0] = (Blob){"weights", weights, sizeof weights};
    list[1] = (Blob){"position", &position, sizeof position};
    return list;
}

static void save(RunDir *run, const char *name, float value)
{
    Error e = {0};
    Value *meta = value_map();
    value_set(meta, "step", value_int((int64_t)value));
    for (int i = 0; i < 8; i++)
        weights[i] = value;
    position = (int64_t)value;
    CHECK_OK(run_checkpoint_save(run, name, meta, blobs(), 2, &e), e);
    value_free(meta);
}

static int64_t load(const char *path, const char *name, size_t *damaged)
{
    Error e = {0};
    Value *meta = NULL;
    weights[7] = -1;
    CHECK_OK(run_checkpoint_load(path, name, &meta, blobs(), 2, &e), e);
    int64_t step = value_get_int(meta, "step", -1);
    CHECK(weights[7] == (float)step && position == step);
    const Value *list = value_get(meta, "damaged");
    *damaged = list ? list->size : 0;
    value_free(meta);
    return step;
}

static char *make_run(void)
{
    Error e = {0};
    char *path = io_join(test_directory(), "run");
    RunDir *run = run_create(path, "train", "run", &e);
    CHECK(!run_checkpoint_exists(path));
    save(run, "best", 5);
    CHECK(!run_checkpoint_exists(path));
    save(run, "00000010", 10);
    save(run, "00000020", 20);
    save(run, "00000030", 30);
    run_close(run);
    return path;
}

static void check_kept(void)
{
    Error e = {0};
    size_t damaged = 0;
    TextList names = {0};
    char *path = make_run(), *directory = io_join(path, "checkpoints");
    io_list(directory, &names, &e);
    CHECK_INT(names.count, 3);
    CHECK(run_checkpoint_exists(path));
    CHECK_INT(load(path, NULL, &damaged), 30);
    CHECK_INT(load(path, "best", &damaged), 5);
    CHECK_INT(load(path, "00000020", &damaged), 20);
    text_list_done(&names);
    mem_free(directory);
    mem_free(path);
}

static void check_flips(void)
{
    Error e = {0};
    char *path = make_run();
    size_t size = 0, damaged = 0;
    char *file = io_join(path, "checkpoints/00000030.checkpoint"), *bytes = NULL;
    CHECK_OK(io_read_file(file, 0, &bytes, &size, &e), e);
    for (size_t i = 0; i < size; i += 3) {
        bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
        CHECK_OK(io_replace(file, bytes, size, &e), e);
        CHECK(!run_checkpoint_verify(file, &e));
        bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    }
    for (size_t cut = 0; cut < size; cut += 5) {
        CHECK_OK(io_replace(file, bytes, cut, &e), e);
        CHECK(!run_checkpoint_verify(file, &e));
    }
    CHECK_INT(load(path, NULL, &damaged), 20); /* the one before */
    CHECK_INT(damaged, 1);
    CHECK_OK(io_replace(file, bytes, size, &e), e);
    CHECK_INT(load(path, NULL, &damaged), 30);
    CHECK_INT(damaged, 0);
    mem_free(bytes);
    mem_free(file);
    mem_free(path);
}

static void check_parts(void)
{
    Error e = {0};
    char *path = make_run();
    Blob wrong[] = {{"weights", weights, 4}, {"bias", weights, 4}};
    CHECK(!run_checkpoint_load(path, NULL, NULL, wrong, 1, &e));
    CHECK(strstr(e.message, "has 32 bytes, expected 4") != NULL);
    CHECK(!run_checkpoint_load(path, NULL, NULL, wrong + 1, 1, &e));
    CHECK(strstr(e.message, "has no part \"bias\"") != NULL);
    mem_free(path);
}

/* A file as ours are, around any header. */
static void write_header(const char *file, const char *header)
{
    Error e = {0};
    Text t = {0};
    char hex[HASH_ROOM];
    uint32_t order = 0x01020304u, version = 1;
    uint64_t length = strlen(header);
    text_add_bytes(&t, "LIMBCKPT", 8);
    text_add_bytes(&t, &order, sizeof order);
    text_add_bytes(&t, &version, sizeof version);
    text_add_bytes(&t, &length, sizeof length);
    text_add(&t, header);
    sha256_hex(t.bytes, t.size, hex);
    text_add(&t, hex);
    CHECK_OK(io_replace(file, t.bytes, t.size, &e), e);
    text_done(&t);
}

static void check_headers(void)
{
    static const char *const headers[] = {"{\"blobs\":\"abc\"}",        "{\"blobs\":7}", "[]", "{}", "{\"blobs\":[7]}",
                                          "{\"blobs\":[{\"size\":-1}]}"};
    Error e = {0};
    char *path = make_run(), *file = io_join(path, "checkpoints/00000030.checkpoint");
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        size_t damaged = 0;
        write_header(file, headers[i]);
        CHECK(!run_checkpoint_verify(file, &e));
        CHECK_INT(load(path, NULL, &damaged), 20);
        CHECK_INT(damaged, 1);
    }
    mem_free(file);
    mem_free(path);
}

void unit_run_checkpoint(void)
{
    TEST("the last two and the best are kept");
    check_kept();
    TEST("every damage of a checkpoint is seen and the one before is used");
    check_flips();
    TEST("names and sizes of parts are checked");
    check_parts();
    TEST("a header that holds other things than a list of parts is damage");
    check_headers();
}
