/* Commands of modules: run(about, params) says what the workbench should do. */
#include "script/host.h"
#include "script/value.h"

typedef struct CommandWork {
    const Value *request;
    Value *answer;
} CommandWork;

static int call_run(lua_State *L)
{
    HostCall *c = lua_touserdata(L, 1);
    CommandWork *w = c->own;
    host_push_function(L, c);
    value_push(L, value_get(w->request, "about"));
    value_push(L, value_get(w->request, "params"));
    lua_call(L, 2, 1);
    w->answer = value_plain_from_lua(L, -1, &c->e);
    return c->e.code ? host_raise(L, c) : 0;
}

Value *script_command(const Value *request, Error *e)
{
    const char *name = value_get_text(request, "command", "");
    CommandWork w = {.request = request};
    if (!module_from_value(value_get(request, "module"), "command", name, e))
        return NULL;
    HostCall c = {.member = registry_find("command", name), .family = "command", .function = "run", .body = call_run, .own = &w};
    if (host_call(&c, e))
        return w.answer;
    value_free(w.answer);
    return NULL;
}
