/* p:leak_demo { plan of training }: the figures of this pipeline, and those it would show when it were fitted on all rows. */
#include <string.h>

#include "script/objects.h"

/* pipeline:train(plan):eval("test") of the pipeline on top, which is replaced by the figures. */
static void judge(lua_State *L, int plan)
{
    lua_getfield(L, -1, "train");
    lua_insert(L, -2);
    if (lua_istable(L, plan))
        lua_pushvalue(L, plan);
    else
        lua_newtable(L);
    lua_call(L, 2, 1);
    lua_getfield(L, -1, "eval");
    lua_insert(L, -2);
    lua_pushstring(L, part_name(PART_TEST));
    lua_call(L, 2, 1);
}

static void add_first_line(lua_State *L, int index, const char *title, Text *out)
{
    const char *text = luaL_tolstring(L, index, NULL);
    text_addf(out, "%s%-10s ", out->size ? "\n" : "", title);
    text_add_bytes(out, text, strcspn(text, "\n"));
    lua_pop(L, 1);
}

int learn_leak_demo(lua_State *L)
{
    ScriptState *s = state_of(L);
    const Pipeline *p = pipeline_check(L, 1)->pipeline;
    Error e = {0};
    lua_settop(L, 2);
    if (s->document)
        return hollow_push(L);
    lua_pushvalue(L, 1);
    judge(L, 2);
    Pipeline *leaky = pipeline_leaky(s->job, p, &e);
    if (!leaky)
        return state_raise(L, &e);
    pipeline_push(L, leaky);
    judge(L, 2);
    Text text = {0};
    add_first_line(L, 3, "honest", &text);
    add_first_line(L, 4, "dishonest", &text);
    text_add(&text, "\nthe second is what steps fitted on all rows, and rows made before the split, would show; new rows will not");
    Value *none = value_map();
    result_push(L, none, text_get(&text));
    value_free(none);
    text_done(&text);
    lua_pushvalue(L, 3);
    lua_setfield(L, -2, "honest");
    lua_pushvalue(L, 4);
    lua_setfield(L, -2, "dishonest");
    return 1;
}
