/* What a script may reach: Lua's libraries without processes, bytecode and binary modules; time and random numbers that replay;
 * globals that must exist. */
#include <stdlib.h>
#include <string.h>

#include <lualib.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/utf8.h"
#include "script/callback.h"
#include "script/define.h"
#include "script/state.h"

/* os.exit ends the script through an error that nothing prints. */
static int leave(lua_State *L, int exit_code)
{
    ScriptState *s = state_of(L);
    s->is_exiting = true;
    s->raised = (Error){0};
    s->exit_code = exit_code;
    lua_pushliteral(L, "exit");
    return lua_error(L);
}

/* Nobody reads any more: a script that prints for ever ends, without a word. */
static int after_print(lua_State *L)
{
    return io_print_closed() && !state_of(L)->capture ? leave(L, 0) : 0;
}

static int lua_print(lua_State *L)
{
    Text out = {0};
    int count = lua_gettop(L);
    for (int i = 1; i <= count; i++) {
        size_t size;
        const char *text = luaL_tolstring(L, i, &size);
        if (i > 1)
            text_add_char(&out, '\t');
        if (lua_type(L, i) == LUA_TSTRING) /* the script's own; what ours say of names from files goes out inert */
            text_add_bytes(&out, text, size);
        else
            utf8_sanitize_lines(&out, text, size);
        lua_pop(L, 1);
    }
    text_add_char(&out, '\n');
    state_print(state_of(L), text_get(&out), out.size);
    text_done(&out);
    return after_print(L);
}

static int lua_write(lua_State *L)
{
    int count = lua_gettop(L);
    for (int i = 1; i <= count; i++) {
        size_t size;
        const char *text = luaL_checklstring(L, i, &size);
        state_print(state_of(L), text, size);
    }
    return after_print(L);
}

static int lua_time(lua_State *L)
{
    if (!lua_isnoneornil(L, 1)) {
        lua_pushvalue(L, lua_upvalueindex(1));
        lua_pushvalue(L, 1);
        lua_call(L, 1, 1);
        return 1;
    }
    lua_pushinteger(L, (lua_Integer)state_of(L)->time);
    return 1;
}

static int lua_date(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushstring(L, luaL_optstring(L, 1, "%Y-%m-%d %H:%M:%S"));
    if (lua_isnoneornil(L, 2))
        lua_pushinteger(L, (lua_Integer)state_of(L)->time);
    else
        lua_pushvalue(L, 2);
    lua_call(L, 2, 1);
    return 1;
}

static int lua_exit(lua_State *L)
{
    return leave(L, lua_isboolean(L, 1) ? !lua_toboolean(L, 1) : (int)luaL_optinteger(L, 1, 0));
}

/* What a variable was when the script first asked: a resume is told the same. *recorded: it was asked for before. */
static const char *recorded_variable(ScriptState *s, const char *name, bool *recorded)
{
    const Value *v = value_get(s->environment, name);
    *recorded = v != NULL;
    return v && v->type == VALUE_TEXT ? v->text : NULL;
}

static bool record_variable(ScriptState *s, const char *name, const char *value, Error *e)
{
    char *path = io_join(s->run.journal->path, "environment.json");
    value_set(s->environment, name, value ? value_text(value) : value_null());
    char *text = json_format(s->environment, JSON_PRETTY);
    bool ok = io_replace(path, text, strlen(text), e);
    mem_free(text);
    mem_free(path);
    return ok;
}

static int lua_getenv_recorded(lua_State *L)
{
    ScriptState *s = state_of(L);
    Error e = {0};
    bool recorded = false;
    if (access_is_sandboxed(s->run.trust)) { /* it holds what others told the user */
        lua_pushnil(L);
        return 1;
    }
    const char *name = luaL_checkstring(L, 1), *value = recorded_variable(s, name, &recorded);
    if (!recorded)
        value = getenv(name);
    if (!recorded && s->environment && !record_variable(s, name, value, &e))
        return state_raise(L, &e);
    lua_pushstring(L, value);
    return 1;
}

/* A seed without a value would come from the clock. */
static int lua_randomseed(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    if (lua_isnil(L, 1))
        lua_pushinteger(L, (lua_Integer)state_of(L)->job->seed);
    else
        lua_pushvalue(L, 1);
    lua_call(L, 1, 0);
    return 0;
}

typedef struct Key {
    bool is_number;
    double number;
    const char *text;
    int index; /* in the list of keys */
} Key;

static int compare_keys(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    if (x->is_number != y->is_number)
        return x->is_number ? -1 : 1;
    if (x->is_number)
        return (x->number > y->number) - (x->number < y->number);
    if (x->text && y->text)
        return strcmp(x->text, y->text);
    return x->text ? -1 : y->text ? 1 : x->index - y->index;
}

static int next_sorted(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2)) + 1;
    for (;; i++) {
        if (lua_rawgeti(L, lua_upvalueindex(1), i) == LUA_TNIL)
            return 1;
        lua_pushvalue(L, -1);
        if (lua_gettable(L, 1) != LUA_TNIL)
            break;
        lua_pop(L, 2);
    }
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(2));
    return 2;
}

/* Lua visits keys in an order that differs from run to run; ours is sorted, so that a replay is the same. */
static int lua_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    size_t count = 0;
    lua_settop(L, 1);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        count++;
    lua_newtable(L);
    Key *keys = lua_newuserdatauv(L, (count + 1) * sizeof *keys, 0); /* Lua's, so that an error leaves nothing behind */
    count = 0;
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_rawseti(L, 2, (lua_Integer)count + 1);
        bool text = lua_type(L, -2) == LUA_TSTRING, number = lua_type(L, -2) == LUA_TNUMBER;
        keys[count] = (Key){number, number ? lua_tonumber(L, -2) : 0, text ? lua_tostring(L, -2) : NULL, (int)count};
        count++;
    }
    if (count)
        qsort(keys, count, sizeof *keys, compare_keys);
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 2, keys[i].index + 1);
        lua_rawseti(L, 4, (lua_Integer)i + 1);
    }
    lua_remove(L, 3);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_sorted, 2);
    lua_pushvalue(L, 1);
    return 2;
}

static bool is_file(const char *path)
{
    IoInfo info;
    return io_stat(path, &info) && info.is_regular;
}

/* Where a module lies: the run's own copy, beside the script, or shipped. The caller owns the path; NULL: nowhere. */
static char *find_module(ScriptState *s, const char *file)
{
    char *copies = s->run.journal ? io_join(s->run.journal->path, "modules") : NULL, *copy = copies ? io_join(copies, file) : NULL;
    char *found = NULL;
    if (copy && is_file(copy)) {
        found = mem_strdup(copy);
    } else {
        found = io_join(s->directory, file);
        if (!is_file(found)) {
            mem_free(found);
            char *shipped = text_format("lua/%s", file);
            found = io_find_shared(shipped);
            mem_free(shipped);
        }
        char *parent = found && copy ? io_directory(copy) : NULL;
        Error ignored = {0};
        if (parent && io_make_directory(parent, &ignored))
            io_copy_file(found, copy, &ignored);
        mem_free(parent);
    }
    mem_free(copies);
    mem_free(copy);
    return found;
}

static bool load_module(ScriptState *s, const char *name, Error *e)
{
    char *file = text_format("%s.lua", name), *text = NULL;
    for (char *p = file; p[4]; p++)
        *p = *p == '.' ? '/' : *p;
    size_t size;
    bool ok = !strstr(file, "..") && file[0] != '/' && !s->run.alone;
    char *path = ok ? find_module(s, file) : NULL, *chunk = text_format("@%s", file);
    if (s->run.alone)
        ok = error_set(e, ERROR_FAILED,
                       "a module that defines steps stands alone and requires limbeck only; put what it needs of \"%s\" into it", name);
    else if (!path)
        ok = error_set(e, ERROR_FAILED, "module \"%s\" not found: no %s beside the script (%s) or shipped with limbeck", name, file,
                       s->directory);
    ok = ok && access_may(s, path, ACCESS_READ, e) && io_read_file(path, 16 << 20, &text, &size, e) && state_load(s, text, size, chunk, e);
    if (ok)
        define_keep_text(s->lua, chunk, text, size);
    mem_free(text);
    mem_free(path);
    mem_free(chunk);
    mem_free(file);
    return ok;
}

static int lua_require(lua_State *L)
{
    Error e = {0};
    const char *name = luaL_checkstring(L, 1);
    lua_settop(L, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_getfield(L, 2, name) != LUA_TNIL)
        return 1;
    lua_pop(L, 1);
    if (!load_module(state_of(L), name, &e))
        return state_raise(L, &e);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
    }
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    return 1;
}

/* load(), for text only. */
static int lua_load_text(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    if (luaL_loadbufferx(L, text, size, luaL_optstring(L, 2, text), "t") != LUA_OK) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (!lua_isnone(L, 4)) {
        lua_pushvalue(L, 4);
        if (!lua_setupvalue(L, -2, 1))
            lua_pop(L, 1);
    }
    return 1;
}

static const char *name_at(const void *self, size_t i)
{
    const TextList *names = self;
    return i < names->count ? names->items[i] : NULL;
}

static void collect_names(lua_State *L, TextList *names)
{
    lua_Debug caller;
    const char *local;
    if (lua_getstack(L, 1, &caller))
        for (int i = 1; (local = lua_getlocal(L, &caller, i)) != NULL; i++) {
            if (local[0] != '(')
                text_list_add(names, local);
            lua_pop(L, 1);
        }
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            text_list_add(names, lua_tostring(L, -2));
    lua_pop(L, 1);
}

static int unset_global(lua_State *L)
{
    TextList names = {0};
    Error e = {0};
    const char *name = luaL_tolstring(L, 2, NULL);
    collect_names(L, &names);
    const char *near = text_nearest(name, name_at, &names);
    error_set(&e, ERROR_FAILED, "\"%s\" is not set%s%s%s", name, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    text_list_done(&names);
    return state_raise(L, &e);
}

void sandbox_replace(lua_State *L, const char *library, const char *name, lua_CFunction function)
{
    lua_getglobal(L, library);
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

static void keep_only(lua_State *L, const char *library, const char *const *names)
{
    lua_getglobal(L, library);
    lua_newtable(L);
    for (size_t i = 0; names[i]; i++) {
        lua_getfield(L, -2, names[i]);
        lua_setfield(L, -2, names[i]);
    }
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, library); /* require gives what the global gives */
    lua_pop(L, 1);
    lua_setglobal(L, library);
    lua_pop(L, 1);
}

/* The metatable of the value on top, which it takes: what all values of a kind share is no script's to change. */
static void lock(lua_State *L, const char *name)
{
    if (lua_getmetatable(L, -1)) {
        lua_pushstring(L, name);
        lua_setfield(L, -2, "__metatable");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* Nor does a described script read what is typed: the keys are for the screen. */
static void read_nothing(lua_State *L)
{
    luaL_dostring(L, "io.stdin = io.open('/dev/null', 'r') io.input(io.stdin)");
}

static void lock_kinds(lua_State *L)
{
    lua_pushliteral(L, "");
    lock(L, "string");
    lua_getglobal(L, "io");
    lua_getfield(L, -1, "stdin");
    lock(L, "file");
    lua_pop(L, 1);
}

static void open_libraries(lua_State *L)
{
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},       {LUA_TABLIBNAME, luaopen_table}, {LUA_STRLIBNAME, luaopen_string},
        {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8}, {LUA_COLIBNAME, luaopen_coroutine},
        {LUA_OSLIBNAME, luaopen_os},     {LUA_IOLIBNAME, luaopen_io},     {LUA_DBLIBNAME, luaopen_debug},
    };
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        luaL_requiref(L, libraries[i].name, libraries[i].func, 1);
        lua_pop(L, 1);
    }
}

static void make_strict(lua_State *L)
{
    lua_pushglobaltable(L);
    lua_newtable(L);
    lua_pushcfunction(L, unset_global);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "globals");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

/* A module on its own reaches nothing outside of it, and says nothing. */
static void close_doors(lua_State *L)
{
    static const char *const doors[] = {"io", "os", "warn"};
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        lua_pushnil(L);
        lua_setglobal(L, doors[i]);
        lua_pushnil(L);
        lua_setfield(L, -2, doors[i]);
    }
    lua_pop(L, 1);
}

void sandbox_open(ScriptState *s)
{
    static const char *const os_names[] = {"time", "clock", "date", "difftime", "remove", "rename", "tmpname", NULL};
    static const char *const io_names[] = {"open", "lines", "read", "stdin", "type", NULL};
    static const char *const debug_names[] = {"traceback", NULL};
    static const luaL_Reg ours[] = {
        {"print", lua_print}, {"require", lua_require}, {"pairs", lua_pairs}, {"load", lua_load_text}, {NULL, NULL}};
    lua_State *L = s->lua;
    open_libraries(L);
    if (s->run.describe && io_is_terminal(0))
        read_nothing(L);
    keep_only(L, "os", os_names);
    keep_only(L, "io", io_names);
    keep_only(L, "debug", debug_names);
    sandbox_replace(L, "os", "time", lua_time);
    sandbox_replace(L, "os", "date", lua_date);
    sandbox_replace(L, "os", "getenv", lua_getenv_recorded);
    sandbox_replace(L, "os", "exit", lua_exit);
    sandbox_replace(L, "io", "write", lua_write);
    stream_open(s);
    lock_kinds(L);
    halt_open(s);
    files_open(s);
    sandbox_replace(L, "math", "randomseed", lua_randomseed);
    lua_pushglobaltable(L);
    luaL_setfuncs(L, ours, 0);
    static const char *const gone[] = {"dofile", "loadfile"};
    for (size_t i = 0; i < 2; i++) {
        lua_pushnil(L);
        lua_setfield(L, -2, gone[i]);
    }
    lua_pop(L, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    module_open(s);
    lua_setfield(L, -2, "limbeck");
    lua_pop(L, 1);
    if (s->run.alone)
        close_doors(L);
    make_strict(L);
    callback_know_globals(L);
    luaL_dostring(L, "math.randomseed()");
}
