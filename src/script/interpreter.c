/* limbeck lua: an interpreter with the flags of lua5.4 that matter (-e, -l, -i, -v, -, --), and our module beside. */
#include <signal.h>
#include <string.h>

#include "base/io.h"
#include "base/proc.h"
#include "script/console.h"

typedef struct Interpreter {
    ScriptState *state;
    bool interactive, ran;
    int at; /* index of the script in argv; argc: none */
    int argc;
    char **argv;
} Interpreter;

static bool run_chunk(Interpreter *in, const char *text, size_t size, const char *name, Error *e)
{
    return state_load(in->state, text, size, name, e) && state_call(in->state, 0, 0, e);
}

static bool run_library(Interpreter *in, const char *name, Error *e)
{
    char *text = text_format("_G[%s%s%s] = require %s%s%s", "\"", name, "\"", "\"", name, "\"");
    bool ok = run_chunk(in, text, strlen(text), "=(command line)", e);
    mem_free(text);
    return ok;
}

static bool take_flags(Interpreter *in, Error *e)
{
    for (in->at = 0; in->at < in->argc && in->argv[in->at][0] == '-' && in->argv[in->at][1]; in->at++) {
        const char *flag = in->argv[in->at];
        const char *value = flag[1] && flag[2] ? flag + 2 : in->at + 1 < in->argc ? in->argv[in->at + 1] : NULL;
        bool ok = true;
        if (text_equal(flag, "--")) {
            in->at++;
            return true;
        }
        if (text_equal(flag, "-i")) {
            in->interactive = true;
        } else if (text_equal(flag, "-v")) {
            io_print(1, LUA_COPYRIGHT "\nlimbeck " LIMBECK_VERSION "\n");
            in->ran = true;
        } else if ((flag[1] == 'e' || flag[1] == 'l') && value) {
            in->at += !flag[2];
            in->ran = true;
            ok = flag[1] == 'e' ? run_chunk(in, value, strlen(value), "=(command line)", e) : run_library(in, value, e);
        } else if (!text_equal(flag, "-W") && !text_equal(flag, "-E")) {
            return error_set(e, ERROR_USAGE, "lua: no flag %s; there are -e -l -i -v - --", flag);
        }
        if (!ok)
            return false;
    }
    return true;
}

static void push_arguments(const Interpreter *in)
{
    lua_State *L = in->state->lua;
    lua_newtable(L);
    for (int i = 0; i < in->argc; i++) {
        lua_pushstring(L, in->argv[i]);
        lua_rawseti(L, -2, i - in->at);
    }
    lua_setglobal(L, "arg");
}

static bool interpret_file(Interpreter *in, const char *path, Error *e)
{
    char *text = NULL, *chunk = text_format(text_equal(path, "-") ? "=stdin" : "@%s", path);
    size_t size;
    bool ok = io_read_file(path, 16 << 20, &text, &size, e) && state_load(in->state, text, size, chunk, e);
    int count = 0;
    TextList words = {0};
    for (int i = in->at + 1; ok && i < in->argc; i++, count++) {
        lua_pushstring(in->state->lua, in->argv[i]);
        text_list_add(&words, in->argv[i]);
    }
    in->state->run.arguments = &words;
    ok = ok && state_call(in->state, count, 0, e);
    in->state->run.arguments = NULL;
    text_list_done(&words);
    mem_free(text);
    mem_free(chunk);
    return ok;
}

/* One line from stdin, through Lua's own reader. false: the end. */
static bool read_line(ScriptState *s, Text *line)
{
    lua_State *L = s->lua;
    Error ignored = {0};
    lua_settop(L, 0);
    lua_getglobal(L, "io");
    lua_getfield(L, -1, "read");
    text_clear(line);
    bool ok = state_call(s, 0, 1, &ignored) && lua_isstring(L, -1);
    if (ok)
        text_add(line, lua_tostring(L, -1));
    lua_settop(L, 0);
    return ok;
}

static int prompt(ScriptState *s)
{
    Console *c = console_of(s);
    Text line = {0};
    int exit_code = 0;
    io_print(1, "limbeck " LIMBECK_VERSION ", " LUA_VERSION "; lb is the module; Ctrl-D leaves\n");
    for (;;) {
        io_print(1, console_is_open(c) ? ">> " : "> ");
        if (!read_line(s, &line))
            break;
        char *out = console_run(c, text_get(&line));
        io_print(1, out);
        mem_free(out);
        if (console_is_exiting(c, &exit_code) || proc_signal() == SIGTERM)
            break;
        proc_signal_clear(); /* what ^C has stopped is the line */
    }
    text_done(&line);
    console_close(c);
    return proc_signal() ? 128 + proc_signal() : exit_code;
}

static int report(const Interpreter *in, const Error *e)
{
    if (in->state && in->state->is_exiting && !in->state->raised.code)
        return in->state->exit_code;
    io_print_error(e);
    return e->code == ERROR_CANCELED && proc_signal() ? 128 + proc_signal() : error_exit_code(e);
}

int script_interpreter(int argc, char **argv, const ScriptRun *limits)
{
    Error e = {0};
    ScriptRun run = *limits;
    run.seed = UINT64_MAX;
    run.give_up = script_give_up;
    Interpreter in = {.argc = argc, .argv = argv};
    in.state = state_new(&run, &e);
    if (!in.state)
        return report(&in, &e);
    bool ok = take_flags(&in, &e);
    if (ok)
        push_arguments(&in);
    if (ok && in.at < argc) {
        in.state->directory = (mem_free(in.state->directory), io_directory(argv[in.at]));
        access_folder(in.state, in.state->directory);
        ok = interpret_file(&in, argv[in.at], &e);
        in.ran = true;
    } else if (ok && !in.ran && !in.interactive && !io_is_terminal(0)) {
        ok = interpret_file(&in, "-", &e);
        in.ran = true;
    }
    if (ok && (in.interactive || !in.ran))
        return prompt(in.state);
    int code = ok ? 0 : report(&in, &e);
    state_free(in.state);
    return code;
}
