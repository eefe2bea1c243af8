/* Tables in Lua: lb.read, the steps as verbs, and a few questions. */
#include <string.h>

#include "table/table.h"

#include "script/bind.h"
#include "script/objects.h"
#include "script/value.h"
#include "steps/recipe.h"
#include "table/expr.h"
#include "table/profile.h"
#include "table/reader.h"
#include "base/io.h"
#include "base/utf8.h"

enum { SHOWN_ROWS = 10, SHOWN_CELLS = 100, CELL_LIMIT = 24 };

int table_push(lua_State *L, Table *table, Side *side)
{
    TableObject *o = lua_newuserdatauv(L, sizeof *o, 0);
    *o = (TableObject){table, side};
    luaL_setmetatable(L, "limbeck.table");
    return 1;
}

Side *table_side(const TableObject *o, Error *e)
{
    return o->side ? side_ref(o->side) : side_of_table(o->table, e);
}

TableObject *table_check(lua_State *L, int index)
{
    return luaL_checkudata(L, index, "limbeck.table");
}

static int table_collect(lua_State *L)
{
    TableObject *o = table_check(L, 1);
    table_unref(o->table);
    side_unref(o->side);
    *o = (TableObject){0};
    return 0;
}

int table_read_lua(lua_State *L)
{
    Error e = {0};
    if (lua_istable(L, 1)) { /* lb.read { file = "a.csv", delimiter = ";" } */
        script_check_count(L, "read", 1, 1);
        bind_take(L, 1, "file");
        lua_insert(L, 1);
    }
    if (lua_type(L, 1) != LUA_TSTRING) {
        error_set(&e, ERROR_USAGE, "read: needs a file name, found a %s", luaL_typename(L, 1));
        return state_raise(L, &e);
    }
    const char *file = lua_tostring(L, 1);
    Value *options = lua_istable(L, 2) ? value_from_lua(L, 2, &e) : NULL;
    if (!options && e.code)
        return state_raise(L, &e);
    if (text_equal(file, "-") && state_of(L)->run.describe && io_is_terminal(0)) {
        value_free(options);
        error_set(&e, ERROR_FAILED, "read: standard input is the terminal here, so no table comes from \"-\"; name a file");
        return state_raise(L, &e);
    }
    char *path = io_find_data(file);
    Table *t = table_read(state_of(L)->job, path, options, &e);
    mem_free(path);
    Side *side = t ? side_of_file(file, options, t, &e) : NULL;
    if (t && !side)
        table_unref(t);
    value_free(options);
    return side ? table_push(L, t, side) : state_raise(L, &e);
}

/* t:STEP {...}: fitted on the whole table and applied to it, for work without a model. */
static int table_step(lua_State *L)
{
    const Step *step = lua_touserdata(L, lua_upvalueindex(1));
    TableObject *o = table_check(L, 1);
    script_check_count(L, step->spec.name, 2, 1);
    ScriptState *s = state_of(L);
    Error e = {0};
    Roles roles = {0};
    Table *out = NULL;
    void *params = bind_params(L, 2, &step->spec, &e);
    if (!params)
        return state_raise(L, &e);
    Recipe *empty = recipe_new(), *one = recipe_insert(empty, 0, step, params);
    Recipe *fitted = recipe_fit(s->job, one, o->table, &roles, s->job->seed, &out, &e);
    if (fitted && out)
        out = table_take_notes(out, &fitted->notes, &e);
    Side *side = fitted && out && o->side && step_is_structural(step) ? side_with_step(o->side, fitted, out, &e) : NULL;
    params_free(&step->spec, params);
    recipe_unref(empty);
    recipe_unref(one);
    recipe_unref(fitted);
    return fitted && out ? table_push(L, out, side) : state_raise(L, &e);
}

static int table_first(lua_State *L)
{
    TableObject *o = table_check(L, 1);
    Error e = {0};
    lua_Integer n = luaL_optinteger(L, 2, SHOWN_ROWS);
    Table *out = table_head(o->table, n > 0 ? (size_t)n : 0, &e);
    return out ? table_push(L, out, NULL) : state_raise(L, &e);
}

int profile_push(lua_State *L, const Table *t, const ProfileUse *use)
{
    Error e = {0};
    Profile *p = profile_table_for(state_of(L)->job, t, use, &e);
    if (!p)
        return state_raise(L, &e);
    Text text = {0};
    Value *fields = profile_to_value(p, t);
    profile_print(p, t, &text);
    int64_t missing = 0;
    for (size_t i = 0; i < p->columns_count; i++)
        missing += (int64_t)p->columns[i].missing;
    value_set(fields, "missing", value_int(missing));
    result_push(L, fields, text_get(&text));
    text_done(&text);
    value_free(fields);
    profile_free(p);
    return 1;
}

static int table_describe(lua_State *L)
{
    TableObject *o = table_check(L, 1);
    static const Field fields[] = {{.name = "target", .type = FIELD_TEXT}, {.name = "positive", .type = FIELD_TEXT}, {0}};
    Error e = {0};
    Value *map = bind_options(L, 2, "profile", fields, &e);
    char *target = map ? mem_strdup(value_get_text(map, "target", NULL)) : NULL,
         *positive = map ? mem_strdup(value_get_text(map, "positive", NULL)) : NULL;
    bool ok = map && (!target || table_get(o->table, target, &e) != TABLE_NONE);
    value_free(map);
    ProfileUse use = {lua_pushstring(L, target), lua_pushstring(L, positive), NULL};
    mem_free(target);
    mem_free(positive);
    return ok ? profile_push(L, o->table, &use) : state_raise(L, &e);
}

static int table_save(lua_State *L)
{
    TableObject *o = table_check(L, 1);
    Error e = {0};
    const char *path = luaL_checkstring(L, 2);
    Value *options = lua_istable(L, 3) ? value_from_lua(L, 3, &e) : NULL;
    ScriptState *s = state_of(L);
    bool ok = !e.code && (s->run.describe || (access_may(s, path, ACCESS_WRITE, &e) && table_write(o->table, path, options, &e)));
    value_free(options);
    lua_settop(L, 1);
    return ok ? 1 : state_raise(L, &e);
}

/* Lists in lists, as deep as the shape. */
static void push_array(lua_State *L, const CellShape *shape, int depth, const float **next)
{
    if (depth == shape->rank) {
        lua_pushnumber(L, (lua_Number) * (*next)++);
        return;
    }
    luaL_checkstack(L, 2, "an array");
    lua_createtable(L, (int)shape->dims[depth], 0);
    for (size_t i = 0; i < shape->dims[depth]; i++) {
        push_array(L, shape, depth + 1, next);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

void table_push_cell(lua_State *L, const Column *c, size_t row)
{
    size_t size;
    if (!column_is_valid(c, row)) {
        lua_pushnil(L);
    } else if (c->type == COLUMN_TEXT) {
        const char *text = column_text(c, row, &size);
        lua_pushlstring(L, text, size);
    } else if (c->type == COLUMN_BOOL) {
        lua_pushboolean(L, c->data.flags[row]);
    } else if (c->type == COLUMN_INT) {
        lua_pushinteger(L, c->data.ints[row]);
    } else if (c->type == COLUMN_REAL) {
        lua_pushnumber(L, c->data.reals[row]);
    } else if (c->type == COLUMN_ARRAY) {
        const float *next = c->data.array + row * c->width;
        push_array(L, &c->shape, 0, &next);
    } else {
        Text text = {0};
        column_format(c, row, &text);
        lua_pushstring(L, text_get(&text));
        text_done(&text);
    }
}

/* t:get(row, "column"), rows from 1; nil: missing. */
static int table_cell(lua_State *L)
{
    TableObject *o = table_check(L, 1);
    Error e = {0};
    lua_Integer row = luaL_checkinteger(L, 2);
    int column = table_get(o->table, luaL_checkstring(L, 3), &e);
    if (column == TABLE_NONE)
        return state_raise(L, &e);
    luaL_argcheck(L, row >= 1 && (size_t)row <= o->table->rows, 2, "no such row");
    table_push_cell(L, o->table->columns[column], (size_t)row - 1);
    return 1;
}

static int table_length(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)table_check(L, 1)->table->rows);
    return 1;
}

static void cell_text(const Column *c, size_t row, Text *out)
{
    Text raw = {0}, clean = {0};
    column_format(c, row, &raw);
    utf8_sanitize(&clean, text_get(&raw), raw.size);
    text_add_bytes(out, text_get(&clean), utf8_fit(text_get(&clean), CELL_LIMIT));
    text_done(&raw);
    text_done(&clean);
}

static size_t column_width(const Table *t, size_t column, size_t rows)
{
    Text name = {0};
    utf8_sanitize(&name, t->names[column], strlen(t->names[column]));
    size_t width = utf8_width(text_get(&name));
    text_done(&name);
    for (size_t row = 0; row < rows; row++) {
        Text cell = {0};
        cell_text(t->columns[column], row, &cell);
        size_t w = utf8_width(text_get(&cell));
        width = w > width ? w : width;
        text_done(&cell);
    }
    return width;
}

static void add_padded(Text *out, const char *text, size_t width, bool right)
{
    size_t used = utf8_width(text), gap = width > used ? width - used : 0;
    for (size_t i = 0; right && i < gap; i++)
        text_add_char(out, ' ');
    text_add(out, text);
    for (size_t i = 0; !right && i < gap; i++)
        text_add_char(out, ' ');
    text_add(out, "  ");
}

static void add_grid_line(const Table *t, size_t columns, const size_t *widths, size_t row, Text *out)
{
    for (size_t i = 0; i < columns; i++) {
        Text cell = {0};
        if (row == SIZE_MAX)
            utf8_sanitize(&cell, t->names[i], strlen(t->names[i]));
        else
            cell_text(t->columns[i], row, &cell);
        add_padded(out, text_get(&cell), widths[i], column_is_numeric(t->columns[i]));
        text_done(&cell);
    }
    while (out->size && out->bytes[out->size - 1] == ' ')
        out->bytes[--out->size] = 0;
    text_add_char(out, '\n');
}

static int table_text(lua_State *L)
{
    const Table *t = table_check(L, 1)->table;
    size_t rows = t->rows < SHOWN_ROWS ? t->rows : SHOWN_ROWS, used = 0, columns = 0, widths[SHOWN_CELLS];
    Text out = {0};
    while (columns < t->columns_count && columns < SHOWN_CELLS && used < SHOWN_CELLS) {
        widths[columns] = column_width(t, columns, rows);
        used += widths[columns++] + 2;
    }
    add_grid_line(t, columns, widths, SIZE_MAX, &out);
    for (size_t row = 0; row < rows; row++)
        add_grid_line(t, columns, widths, row, &out);
    text_addf(&out, "%zu row%s, %zu column%s", t->rows, t->rows == 1 ? "" : "s", t->columns_count, t->columns_count == 1 ? "" : "s");
    lua_pushstring(L, text_get(&out));
    text_done(&out);
    return 1;
}

static int table_hash_lua(lua_State *L)
{
    char hex[HASH_ROOM];
    table_hash(table_check(L, 1)->table, hex);
    lua_pushstring(L, hex);
    return 1;
}

/* t.rejects: the rows that could not be read, {line, column, reason, text}. */
static void push_rejects(lua_State *L, const Table *t)
{
    lua_createtable(L, (int)t->rejects_count, 0);
    for (size_t i = 0; i < t->rejects_count; i++) {
        const Reject *r = &t->rejects[i];
        lua_createtable(L, 0, 4);
        lua_pushinteger(L, (lua_Integer)r->line);
        lua_setfield(L, -2, "line");
        lua_pushinteger(L, (lua_Integer)r->column);
        lua_setfield(L, -2, "column");
        lua_pushstring(L, r->reason);
        lua_setfield(L, -2, "reason");
        lua_pushstring(L, r->excerpt);
        lua_setfield(L, -2, "text");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_texts(lua_State *L, char *const *items, size_t count)
{
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, items[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static int table_index(lua_State *L)
{
    const TableObject *o = table_check(L, 1);
    const char *name = luaL_checkstring(L, 2);
    if (object_method(L, "table", name))
        return 1;
    if (text_equal(name, "rows")) {
        lua_pushinteger(L, (lua_Integer)o->table->rows);
        return 1;
    }
    if (text_equal(name, "columns")) {
        push_texts(L, o->table->names, o->table->columns_count);
        return 1;
    }
    if (text_equal(name, "notes")) {
        push_texts(L, o->table->notes.items, o->table->notes.count);
        return 1;
    }
    if (text_equal(name, "rejects")) {
        push_rejects(L, o->table);
        return 1;
    }
    const Spec *step = registry_find("step", name);
    if (!step && table_push_column(L, o->table, name))
        return 1;
    if (!step)
        return object_unknown(L, "table", name);
    lua_pushlightuserdata(L, (void *)(uintptr_t)step);
    lua_pushcclosure(L, table_step, 1);
    return 1;
}

void table_open(lua_State *L)
{
    static const ScriptMethod methods[] = {
        {"profile", table_describe, "a", "+ target positive "},
        {"head", table_first, "i", NULL},
        {"save", table_save, "st", NULL},
        {"write", table_save, "st", NULL},
        {"get", table_cell, "is", NULL},
        {"hash", table_hash_lua, "", NULL},
        {"column", table_column_lua, "s", NULL},
        {"with", table_with_lua, "a", NULL},
        {"pick", table_pick_lua, "a", NULL},
        {"each", table_each_lua, "", NULL},
        {0},
    };
    static const luaL_Reg events[] = {{"__gc", table_collect}, {"__len", table_length}, {"__tostring", table_text}, {NULL, NULL}};
    object_define(L, "table", methods, events, table_index);
}
