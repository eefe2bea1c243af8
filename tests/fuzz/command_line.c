/* The command line, one word a line: options of every verb and global ones. What is refused is refused as wrong usage, with a sentence;
 * what is accepted is the same when it is said with --name=value again. */
#include "cli/options.h"
#include "tests/fuzz/fuzz.h"

enum { WORDS = 64 };

static void check_again(const CliLine *line)
{
    Error e = {0};
    const Spec *spec = &line->verb->spec;
    for (size_t i = 0; spec->params && spec->params[i].name; i++) {
        char *text = field_text(&spec->params[i], line->params);
        mem_free(text);
    }
    if (!spec->params)
        return;
    Value *v = fields_to_value(spec->params, line->params, true);
    void *again = params_from_value(spec, v, &e);
    if (!again || !params_equal(spec, line->params, again)) {
        fprintf(stderr, "%s: %s\n", spec->name, e.message);
        abort();
    }
    params_free(spec, again);
    value_free(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_ready;
    static char program[] = "limbeck";
    Error e = {0};
    CliLine line;
    int count = 0;
    if (!is_ready)
        families_register();
    is_ready = true;
    char *text = mem_strndup((const char *)data, size), *rest = text, *words[WORDS + 1] = {program};
    for (char *word = NULL; count < WORDS - 1 && (word = strsep(&rest, "\n"));)
        words[++count] = word;
    bool ok = cli_parse(count + 1, words, &line, &e);
    fuzz_check(ok, &e);
    if (!ok && e.code != ERROR_USAGE) {
        fprintf(stderr, "%s\n", e.message);
        abort();
    }
    if (ok && line.verb)
        check_again(&line);
    cli_line_done(&line);
    mem_free(text);
    return 0;
}
