/* limbeck doctor: what this terminal and this machine can do, and what to change where something is in the way. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "cli/cli.h"
#include "net/net.h"

static const char *variable(const char *name)
{
    const char *v = getenv(name);
    return v && *v ? v : "";
}

static void add(Value *facts, const char *name, const char *text)
{
    value_set(facts, name, value_text(text));
}

static void add_locale(Value *facts)
{
    const char *chosen = setlocale(LC_CTYPE, "");
    char *text = text_format("%s, %s", chosen ? chosen : "unknown locale", nl_langinfo(CODESET));
    bool is_c = strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0;
    add(facts, "locale", text);
    mem_free(text);
    if (is_c)
        add(facts, "locale hint", setlocale(LC_CTYPE, "C.UTF-8") ? "the workbench uses C.UTF-8" : "no C.UTF-8 here: glyphs will be ASCII");
    setlocale(LC_CTYPE, "C");
}

static void add_terminal(Value *facts)
{
    const char *term = variable("TERM"), *more = variable("COLORTERM");
    char *text =
        text_format("%s%s%s%s", *term ? term : "not set", *more ? ", COLORTERM " : "", more, isatty(1) ? "" : ", output is no terminal");
    add(facts, "terminal", text);
    mem_free(text);
    add(facts, "colors",
        *variable("NO_COLOR")      ? "none: NO_COLOR is set"
        : strstr(term, "256color") ? "256"
        : strstr(term, "direct")   ? "16,777,216"
                                   : "as TERM says, 8 or more");
    add_locale(facts);
    if (*variable("TMUX"))
        add(facts, "tmux", "inside; Esc is slow while escape-time is 500: tmux set -s escape-time 10");
    if (*variable("SSH_CONNECTION"))
        add(facts, "ssh", "inside; runs go on when the line drops");
}

static void add_machine(Value *facts)
{
    Value *print = value_map();
    char number[NUMBER_ROOM];
    trainer_fingerprint(print);
    add(facts, "version", value_get_text(print, "version", "unknown"));
    add(facts, "BLAS", value_get_text(print, "blas", "unknown"));
    add(facts, "kernels", value_get_text(print, "cpu", "unknown"));
    add(facts, "processors", number_format_count(sysconf(_SC_NPROCESSORS_ONLN), number));
    value_free(print);
}

static void add_files(Value *facts)
{
    char *lua = io_find_shared("lua"), *themes = io_find_shared("themes");
    char *probe = text_format("runs/.doctor-%ld", (long)getpid());
    Error e = {0};
    IoInfo info;
    bool had = io_stat("runs", &info);
    bool ok = io_replace(had ? probe : probe + strlen("runs/"), "", 0, &e);
    io_remove(had ? probe : probe + strlen("runs/"), NULL);
    add(facts, "runs/", !ok ? e.message : had ? "writable" : "not there yet; this directory is writable");
    add(facts, "lua/", lua ? lua : "missing: reinstall, scripts can't find their modules");
    add(facts, "themes/", themes ? themes : "missing: only the built-in look");
    mem_free(probe);
    mem_free(lua);
    mem_free(themes);
}

static void add_strips(Text *out)
{
    text_add(out, "\nWhich of these look right? --graph braille, block, line or ascii chooses.\n"
                  "  braille  \u28c0\u28e0\u28e4\u28f4\u28f6\u28fe\u28ff\u28f7\u28f6\u28e6\u28e4\u28c4\u28c0\n"
                  "  block    \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588\u2580\u2584\n"
                  "  line     \u250c\u2500\u252c\u2500\u2510 \u2502 \u2514\u2500\u2534\u2500\u2518 \u2501\u2578\n"
                  "  ascii    +-+-+ | ..::==##\n"
                  "  marks    \u25cf\u25cb\u25c6\u25b2\u2713\u2717 \u00b7\u2026\u00b1\u00d7\n");
}

static int doctor_run(const CliCall *call, Error *e)
{
    (void)e;
    Value *facts = value_map();
    Text out = {0};
    add_terminal(facts);
    add_machine(facts);
    add_files(facts);
    if (call->options->json) {
        json_write(facts, JSON_PRETTY, &out);
        text_add_char(&out, '\n');
    } else {
        for (size_t i = 0; i < facts->size; i++)
            text_addf(&out, "%-12s %s\n", facts->keys[i], facts->items[i]->text);
        add_strips(&out);
    }
    io_print(1, text_get(&out));
    text_done(&out);
    value_free(facts);
    return 0;
}

const Verb verb_doctor = {
    .spec = {.name = "doctor", .doc = "what this terminal and this machine can do", .group = "learn"},
    .usage = "[--json]",
    .run = doctor_run,
};
