/* Reads only declarations: a new step, layer or optimizer needs nothing here. */
#include "script/bind.h"

#include <string.h>

#include "base/number.h"
#include "script/objects.h"
#include "script/objects.h"
#include "script/value.h"
#include "spec/faces.h"
#include "spec/module.h"

static bool takes_many(const Field *f)
{
    return f->type == FIELD_COLUMNS || f->type == FIELD_TEXTS || f->type == FIELD_NUMBERS || f->type == FIELD_SPECS;
}

static const Field *next_positional(const Field *f)
{
    while (f && f->name && !f->positional)
        f++;
    return f && f->name ? f : NULL;
}

static bool place_positions(Value *map, const Value *positions, const char *what, const Field *fields, Error *e)
{
    const Field *f = next_positional(fields);
    if (!f && fields && fields->name && !fields->is_sparse)
        f = fields;
    for (size_t i = 0; i < positions->size; i++) {
        if (!f)
            return error_set(e, ERROR_USAGE, "%s: takes %s in positions; `limbeck help %s` lists its options", what,
                             i ? "fewer values" : "no values", what);
        if (value_get(map, f->name))
            return error_set(e, ERROR_USAGE, "%s: \"%s\" is given twice, by position and by name", what, f->name);
        if (!takes_many(f)) {
            value_set(map, f->name, value_copy(positions->items[i]));
            f = f->positional ? next_positional(f + 1) : NULL;
            continue;
        }
        Value *list = value_list();
        for (; i < positions->size; i++)
            value_add(list, value_copy(positions->items[i]));
        value_set(map, f->name, list);
    }
    return true;
}

/* Cuts a Lua table into its positions and its names. */
static bool cut_table(lua_State *L, int index, Value *map, Value *positions, Error *e)
{
    bool ok = true;
    lua_Integer length = (lua_Integer)lua_rawlen(L, index);
    for (lua_Integer i = 1; ok && i <= length; i++) {
        lua_rawgeti(L, index, i);
        Value *item = value_from_lua(L, -1, e);
        lua_pop(L, 1);
        ok = item != NULL;
        if (item)
            value_add(positions, item);
    }
    for (lua_pushnil(L); ok && lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            continue;
        Value *item = value_from_lua(L, -1, e);
        if (!item) {
            ok = error_prefix(e, "%s: ", lua_tostring(L, -2));
            lua_pop(L, 2);
            break;
        }
        value_set(map, lua_tostring(L, -2), item);
    }
    return ok;
}

/* Nets may be written in pieces: { lb.conv1d {...}, lb.mlp { 64 } }; lists inside lists become one, or a member that holds them. */
static void flatten(Value *list, const Field *f)
{
    Value *flat = value_list();
    bool nested = false;
    for (size_t i = 0; i < list->size; i++) {
        const Value *item = list->items[i];
        bool is_list = item->type == VALUE_LIST || (item->type == VALUE_MAP && !item->size);
        nested = nested || is_list;
        if (is_list && f->lists_as) {
            Value *holder = value_map();
            value_set(holder, f->family, value_text(f->lists_as));
            value_set(holder, "layers", item->size ? value_copy(item) : value_list());
            value_add(flat, holder);
        } else if (is_list) {
            for (size_t k = 0; k < item->size; k++)
                value_add(flat, value_copy(item->items[k]));
        } else {
            value_add(flat, value_copy(item));
        }
    }
    if (nested) {
        Value swap = *list;
        *list = *flat;
        *flat = swap;
    }
    value_free(flat);
}

static void flatten_nets(Value *map, const Field *fields)
{
    for (const Field *f = fields; f && f->name; f++) {
        Value *v = f->type == FIELD_SPECS ? value_edit(map, f->name) : NULL;
        if (v && v->type == VALUE_MAP && value_get(v, f->family)) { /* a single layer */
            Value *list = value_list();
            value_add(list, value_copy(v));
            value_set(map, f->name, list);
        } else if (v && v->type == VALUE_LIST) {
            flatten(v, f);
        }
    }
}

Value *bind_options(lua_State *L, int index, const char *what, const Field *fields, Error *e)
{
    Value *map = value_map(), *positions = value_list();
    bool ok = true;
    index = lua_absindex(L, index);
    if (lua_istable(L, index) && settings_unwrap(L, index)) {
        ok = cut_table(L, lua_gettop(L), map, positions, e);
        lua_pop(L, 1);
    } else if (lua_istable(L, index)) {
        ok = cut_table(L, index, map, positions, e);
    } else if (!lua_isnoneornil(L, index)) {
        Value *single = value_from_lua(L, index, e);
        ok = single != NULL;
        if (single)
            value_add(positions, single);
    }
    if (!ok)
        error_prefix(e, "%s: ", what);
    ok = ok && place_positions(map, positions, what, fields, e);
    value_free(positions);
    if (ok) {
        flatten_nets(map, fields);
        return map;
    }
    value_free(map);
    return NULL;
}

void *bind_params(lua_State *L, int index, const Spec *spec, Error *e)
{
    Value *map = bind_options(L, index, spec->name, spec->params, e);
    void *params = map ? params_from_value(spec, map, e) : NULL;
    value_free(map);
    return params;
}

/* Values made by constructors print as they were written. */
static int print_value(lua_State *L)
{
    Error e = {0};
    Text out = {0};
    Value *v = value_from_lua(L, 1, &e);
    if (v)
        face_lua_value(v, &out);
    value_free(v);
    lua_pushstring(L, text_get(&out));
    text_done(&out);
    return 1;
}

static void push_printable(lua_State *L, const Value *v)
{
    value_push(L, v);
    if (luaL_newmetatable(L, "limbeck.value")) {
        lua_pushcfunction(L, print_value);
        lua_setfield(L, -2, "__tostring");
        lua_pushliteral(L, "value");
        lua_setfield(L, -2, "__metatable");
    }
    lua_setmetatable(L, -2);
}

/* lb.adam { learning_rate = 0.01 }: checked here, so that an error names this line; upvalues: family, spec. */
static int construct(lua_State *L)
{
    const char *family = lua_tostring(L, lua_upvalueindex(1));
    const Spec *spec = lua_touserdata(L, lua_upvalueindex(2));
    Error e = {0};
    script_check_count(L, spec->name, 1, 1);
    Value *map = bind_options(L, 1, spec->name, spec->params, &e);
    void *params = map ? params_from_value(spec, map, &e) : NULL;
    if (!params) {
        value_free(map);
        return state_raise(L, &e);
    }
    params_free(spec, params);
    value_set(map, family, value_text(spec->name));
    push_printable(L, map);
    value_free(map);
    return 1;
}

/* lb.train { ... }: a plan that is not run; p:train(plan) runs it. A described script remembers it. */
static int construct_plan(lua_State *L)
{
    const Spec *spec = lua_touserdata(L, lua_upvalueindex(2));
    ScriptState *s = state_of(L);
    Error e = {0};
    script_check_count(L, spec->name, 1, 1);
    void *params = bind_params(L, 1, spec, &e);
    if (!params)
        return state_raise(L, &e);
    if (s->document)
        document_set_plan(s->document, spec, params);
    params_free(spec, params);
    lua_settop(L, 1);
    return 1;
}

/* A net: its layers, as a list. */
static int construct_preset(lua_State *L)
{
    const Spec *spec = lua_touserdata(L, lua_upvalueindex(2));
    SpecList layers = {0};
    Error e = {0};
    script_check_count(L, spec->name, 1, 1);
    Value *map = bind_options(L, 1, spec->name, spec->params, &e);
    bool ok = map && net_preset(spec->name, map, &layers, &e);
    value_free(map);
    if (!ok)
        return state_raise(L, &e);
    Value *v = spec_list_to_value(&layers, "layer", false);
    spec_list_done(&layers);
    push_printable(L, v);
    value_free(v);
    return 1;
}

static int space(lua_State *L, bool whole)
{
    Error e = {0};
    Value *v = value_map();
    double low = whole ? (double)luaL_checkinteger(L, 1) : luaL_checknumber(L, 1);
    double high = whole ? (double)luaL_checkinteger(L, 2) : luaL_checknumber(L, 2);
    const char *scale = luaL_optstring(L, 3, "linear");
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    bool ok = true;
    if (!text_equal(scale, "linear") && !text_equal(scale, "log"))
        ok = error_set(&e, ERROR_USAGE, "a scale is \"linear\" or \"log\", found \"%s\"", scale);
    else if (!(low < high))
        ok = error_set(&e, ERROR_USAGE, "the range %s to %s is empty", number_format_real(low, a), number_format_real(high, b));
    else if (text_equal(scale, "log") && !(low > 0))
        ok = error_set(&e, ERROR_USAGE, "a log scale begins above 0, found %s", number_format_real(low, a));
    value_set(v, "low", whole ? value_int((int64_t)low) : value_real(low));
    value_set(v, "high", whole ? value_int((int64_t)high) : value_real(high));
    value_set(v, "scale", value_text(scale));
    if (ok)
        push_printable(L, v);
    value_free(v);
    return ok ? 1 : state_raise(L, &e);
}

static int space_int(lua_State *L)
{
    return space(L, true);
}

static int space_real(lua_State *L)
{
    return space(L, false);
}

/* lb.choice { 32, 64 } or lb.choice(32, 64): one of these. */
static int space_choice(lua_State *L)
{
    int count = lua_gettop(L);
    if (count == 1 && lua_istable(L, 1))
        return 1;
    lua_createtable(L, count, 0);
    for (int i = 1; i <= count; i++) {
        lua_pushvalue(L, i);
        lua_rawseti(L, -2, i);
    }
    return 1;
}

static void push_constructor(lua_State *L, const Family *family, const Spec *spec)
{
    lua_pushstring(L, family->name);
    lua_pushlightuserdata(L, (void *)(uintptr_t)spec);
    bool is_plan = text_equal(family->name, "plan"), is_preset = text_equal(family->name, "preset");
    lua_pushcclosure(L, is_plan ? construct_plan : is_preset ? construct_preset : construct, 2);
}

static void add_family(lua_State *L, const Family *family)
{
    for (size_t i = 0; i < family->count; i++) {
        push_constructor(L, family, family->members[i]);
        lua_setfield(L, -2, family->members[i]->name);
    }
}

bool bind_constructor(lua_State *L, const char *name)
{
    const Family *family = NULL;
    const Spec *spec = registry_find_any(name, &family);
    if (!spec || !module_of(spec) || !registry_is_constructed(family))
        return false;
    push_constructor(L, family, spec);
    return true;
}

void bind_constructors(lua_State *L)
{
    for (size_t i = 0; i < registry_families(); i++)
        if (registry_is_constructed(registry_family(i)))
            add_family(L, registry_family(i));
    static const ScriptMethod ranges[] = {{"int", space_int, "iis", NULL}, {"real", space_real, "nns", NULL}, {0}};
    script_functions(L, ranges);
    lua_pushcfunction(L, space_choice);
    lua_setfield(L, -2, "choice");
    lua_pushliteral(L, "auto");
    lua_setfield(L, -2, "auto");
}

void bind_take(lua_State *L, int index, const char *name)
{
    index = lua_absindex(L, index);
    if (!lua_istable(L, index)) {
        lua_pushnil(L);
        return;
    }
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING && text_equal(lua_tostring(L, -2), name))
            continue;
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -5);
    }
    lua_getfield(L, index, name);
    lua_insert(L, -2);
    lua_replace(L, index);
}

bool bind_layers(lua_State *L, int index, SpecList *layers, Error *e)
{
    static const Field net[] = {{.name = "net", .type = FIELD_SPECS, .family = "layer", .positional = true}, {0}};
    Value *v = value_from_lua(L, index, e), *map = value_map();
    bool ok = v != NULL;
    if (ok) {
        value_set(map, "net", v);
        flatten_nets(map, net);
        ok = spec_list_from_value(layers, "layer", value_get(map, "net"), "net", e);
    }
    value_free(map);
    return ok;
}
