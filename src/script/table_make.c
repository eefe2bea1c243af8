/* Tables made in Lua, and tables as Lua values: lb.table, columns as arrays, new columns, rows one by one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "script/vector.h"

typedef struct Making {
    lua_State *L;
    int items; /* index of the Lua array */
    const char *name;
    size_t rows;
    Error *e;
    bool is_real; /* every number is one, whole or not */
} Making;

static bool kind_of(lua_State *L, int index, ColumnType *type)
{
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN: *type = COLUMN_BOOL; return true;
    case LUA_TNUMBER: *type = lua_isinteger(L, index) ? COLUMN_INT : COLUMN_REAL; return true;
    case LUA_TSTRING: *type = COLUMN_TEXT; return true;
    default: return false;
    }
}

/* One type for all cells; whole and other numbers meet as reals. */
static bool column_kind(const Making *m, ColumnType *type)
{
    bool any = false;
    *type = COLUMN_REAL;
    for (size_t i = 0; i < m->rows; i++) {
        ColumnType own;
        lua_rawgeti(m->L, m->items, (lua_Integer)i + 1);
        bool is_nil = lua_isnil(m->L, -1), known = kind_of(m->L, -1, &own);
        const char *found = luaL_typename(m->L, -1);
        lua_pop(m->L, 1);
        if (is_nil)
            continue;
        if (!known)
            return error_set(m->e, ERROR_USAGE, "column \"%s\": item %zu is a %s; cells are numbers, texts, true, false or nil", m->name,
                             i + 1, found);
        bool numbers = any && (own == COLUMN_INT || own == COLUMN_REAL) && (*type == COLUMN_INT || *type == COLUMN_REAL);
        if (any && own != *type && !numbers)
            return error_set(m->e, ERROR_USAGE, "column \"%s\": item %zu is %s, the ones before are %s", m->name, i + 1,
                             column_type_name(own), column_type_name(*type));
        *type = numbers && own != *type ? COLUMN_REAL : any ? *type : own;
        any = true;
    }
    if (m->is_real && *type == COLUMN_INT)
        *type = COLUMN_REAL;
    return true;
}

static bool set_cell(const Making *m, Column *c, size_t row)
{
    size_t size;
    const char *text;
    switch (c->type) {
    case COLUMN_BOOL: c->data.flags[row] = (uint8_t)lua_toboolean(m->L, -1); return true;
    case COLUMN_INT: c->data.ints[row] = lua_tointeger(m->L, -1); return true;
    case COLUMN_REAL: c->data.reals[row] = lua_tonumber(m->L, -1); return isfinite(c->data.reals[row]) || column_set_missing(c, row, m->e);
    default: text = lua_tolstring(m->L, -1, &size); return column_set_text(c, row, text, size, m->e);
    }
}

/* A vector without a look at its cells one by one. */
static Column *column_from_vector(const Making *m, const Vector *v)
{
    bool whole = v->whole && !m->is_real;
    Column *c = column_new(whole ? COLUMN_INT : COLUMN_REAL, m->rows, m->e);
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < m->rows; i++) {
        double x = i < v->count ? v->cells[i] : (double)NAN;
        if (!isfinite(x))
            ok = column_set_missing(c, i, m->e);
        else if (whole)
            c->data.ints[i] = (int64_t)x;
        else
            c->data.reals[i] = x;
    }
    if (ok && !whole)
        c->decimals = -1;
    if (ok)
        return c;
    column_unref(c);
    return NULL;
}

static Column *column_from_array(const Making *m)
{
    const Vector *v = vector_test(m->L, m->items);
    if (v)
        return column_from_vector(m, v);
    ColumnType type;
    Column *c = column_kind(m, &type) ? column_new(type, m->rows, m->e) : NULL;
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < m->rows; i++) {
        lua_rawgeti(m->L, m->items, (lua_Integer)i + 1);
        ok = lua_isnil(m->L, -1) ? column_set_missing(c, i, m->e) : set_cell(m, c, i);
        lua_pop(m->L, 1);
    }
    if (ok && type == COLUMN_REAL)
        c->decimals = -1;
    if (ok)
        return c;
    column_unref(c);
    return NULL;
}

/* The highest place that holds something, or what `n` says (as of table.pack), whichever is more. */
static bool array_size(lua_State *L, int index, const char *name, size_t *rows, Error *e)
{
    lua_Integer most = 0;
    const Vector *v = vector_test(L, index);
    if (v) {
        *rows = v->count;
        return true;
    }
    if (!lua_istable(L, index))
        return error_set(e, ERROR_USAGE, "column \"%s\": expected a list of cells, found a %s", name, luaL_typename(L, index));
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        bool is_n = lua_type(L, -2) == LUA_TSTRING && text_equal(lua_tostring(L, -2), "n") && lua_isinteger(L, -1);
        lua_Integer place = is_n ? lua_tointeger(L, -1) : lua_isinteger(L, -2) ? lua_tointeger(L, -2) : 0;
        if (place < 1 && !(is_n && place == 0)) {
            lua_pop(L, 2);
            return error_set(e, ERROR_USAGE, "column \"%s\": a list of cells has places 1, 2, 3 ... and nothing else", name);
        }
        most = place > most ? place : most;
    }
    enum { CELLS_MOST = 1 << 26 };
    if (most > CELLS_MOST)
        return error_set(e, ERROR_USAGE, "column \"%s\": place %lld is beyond what a table made in Lua holds", name, (long long)most);
    *rows = (size_t)most;
    return true;
}

static bool is_name(lua_State *L, int index, Error *e)
{
    size_t size;
    const char *name = lua_tolstring(L, index, &size);
    return (size && strlen(name) == size) || error_set(e, ERROR_USAGE, "a name of a column is empty or holds a NUL");
}

/* Pushes name and cells of the i-th column: by place { "x", {...} }, else by name in their order; false: no more. */
static bool push_column(lua_State *L, const TextList *names, size_t i, Error *e)
{
    lua_Integer placed = (lua_Integer)lua_rawlen(L, 1);
    if ((lua_Integer)i < placed) {
        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        bool is_pair =
            lua_istable(L, -1) && lua_rawgeti(L, -1, 1) == LUA_TSTRING && (lua_rawgeti(L, -2, 2) == LUA_TTABLE || vector_test(L, -1));
        if (is_pair)
            return is_name(L, -2, e);
        return error_set(e, ERROR_USAGE, "table: place %zu holds no { \"name\", { cells } }", i + 1);
    }
    size_t at = i - (size_t)placed;
    if (at >= names->count)
        return false;
    lua_pushstring(L, names->items[at]);
    lua_getfield(L, 1, names->items[at]);
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A table made in Lua is small: more columns would rather be read from a file. */
static bool take_names(lua_State *L, int index, TextList *names, Error *e)
{
    enum { COLUMNS_MOST = 10000 };
    if (lua_rawlen(L, index) > COLUMNS_MOST)
        return error_set(e, ERROR_USAGE, "more than %d columns; write them to a file and read that", COLUMNS_MOST);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            if (!is_name(L, -2, e) || names->count >= COLUMNS_MOST) {
                lua_pop(L, 2);
                return e->code ? false
                               : error_set(e, ERROR_USAGE, "more than %d columns; write them to a file and read that", COLUMNS_MOST);
            }
            text_list_add(names, lua_tostring(L, -2));
        } else if (!lua_isinteger(L, -2)) {
            lua_pop(L, 2);
            return error_set(e, ERROR_USAGE, "table: columns have texts as names");
        }
    }
    if (names->count)
        qsort(names->items, names->count, sizeof *names->items, compare_texts);
    return true;
}

typedef enum Walk { WALK_COUNT, WALK_FILL } Walk;

/* Over all columns: how many rows there are, or into the table. */
static bool walk_columns(lua_State *L, const TextList *names, Walk walk, size_t *rows, Table *to, Error *e)
{
    bool ok = true;
    int top = lua_gettop(L);
    for (size_t i = 0; ok && push_column(L, names, i, e); i++) {
        const char *name = lua_tostring(L, -2);
        size_t own = 0;
        int items = lua_gettop(L);
        if (walk == WALK_COUNT) {
            ok = array_size(L, items, name, &own, e);
            *rows = own > *rows ? own : *rows;
        } else {
            Column *c = column_from_array(&(Making){L, items, name, *rows, e, false});
            ok = c && table_add(to, name, c, e);
        }
        lua_settop(L, top);
    }
    lua_settop(L, top);
    return ok && !e->code;
}

/* lb.table { x = {1, 2}, name = {"a", "b"} }: columns in the order of their names; lb.table { {"x", {1, 2}}, ... }: as they stand. */
int table_make_lua(lua_State *L)
{
    Error e = {0};
    TextList names = {0};
    size_t rows = 0;
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    bool ok = take_names(L, 1, &names, &e) && walk_columns(L, &names, WALK_COUNT, &rows, NULL, &e);
    Table *t = ok ? table_new(rows) : NULL;
    ok = t && walk_columns(L, &names, WALK_FILL, &rows, t, &e);
    text_list_done(&names);
    if (ok)
        return table_push(L, t, NULL);
    table_unref(t);
    return state_raise(L, &e);
}

/* A column as a Lua array: missing cells are nil, n says how many cells there are. */
void table_push_some_cells(lua_State *L, const Column *c, size_t from, size_t rows)
{
    lua_createtable(L, (int)(rows < 1 << 30 ? rows : 1 << 30), 1);
    for (size_t i = 0; i < rows; i++) {
        table_push_cell(L, c, from + i);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, (lua_Integer)rows);
    lua_setfield(L, -2, "n");
}

void table_push_cells(lua_State *L, const Column *c)
{
    table_push_some_cells(L, c, 0, c->rows);
}

int table_column_lua(lua_State *L)
{
    const Table *t = table_check(L, 1)->table;
    Error e = {0};
    int at = table_get(t, luaL_checkstring(L, 2), &e);
    if (at == TABLE_NONE)
        return state_raise(L, &e);
    table_push_cells(L, t->columns[at]);
    return 1;
}

/* t.x, for a column that no method is named like. */
bool table_push_column(lua_State *L, const Table *t, const char *name)
{
    const Column *c = table_column(t, name);
    if (c)
        table_push_cells(L, c);
    return c != NULL;
}

/* t:with { x = array }: the table with these columns, new ones at the end. */
int table_with_lua(lua_State *L)
{
    Table *t = table_ref(table_check(L, 1)->table);
    TextList names = {0};
    Error e = {0};
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_remove(L, 1);
    bool ok = take_names(L, 1, &names, &e);
    if (ok && lua_rawlen(L, 1))
        ok = error_set(&e, ERROR_USAGE, "with: give columns by name: t:with { x = { ... } }");
    for (size_t i = 0; ok && i < names.count; i++) {
        size_t own = 0;
        lua_getfield(L, 1, names.items[i]);
        ok = array_size(L, lua_gettop(L), names.items[i], &own, &e);
        if (ok && own > t->rows)
            ok = error_set(&e, ERROR_USAGE, "column \"%s\" has %zu cells, the table %zu rows", names.items[i], own, t->rows);
        Column *c = ok ? column_from_array(&(Making){L, lua_gettop(L), names.items[i], t->rows, &e, false}) : NULL;
        t = c ? table_put(t, names.items[i], c, &e) : t;
        ok = c && t;
        lua_pop(L, 1);
    }
    text_list_done(&names);
    if (ok)
        return table_push(L, t, NULL);
    table_unref(t);
    return state_raise(L, &e);
}

bool table_take_columns(lua_State *L, int index, Table *to, Error *e)
{
    TextList names = {0};
    bool ok = take_names(L, index, &names, e);
    if (ok && lua_rawlen(L, index))
        ok = error_set(e, ERROR_FAILED, "columns without names; give { name = { cells } }");
    for (size_t i = 0; ok && i < names.count; i++) {
        size_t own = 0;
        lua_getfield(L, index, names.items[i]);
        ok = array_size(L, lua_gettop(L), names.items[i], &own, e);
        if (ok && own != to->rows)
            ok = error_set(e, ERROR_FAILED, "column \"%s\" with %zu cells for %zu rows; where the last are missing, n = %zu says so",
                           names.items[i], own, to->rows, to->rows);
        Column *c = ok ? column_from_array(&(Making){L, lua_gettop(L), names.items[i], to->rows, e, true}) : NULL;
        ok = c && table_add(to, names.items[i], c, e);
        lua_pop(L, 1);
    }
    text_list_done(&names);
    return ok;
}

static Recipe *recipe_of_drop(ScriptState *s, const Table *from, const Table *picked, Table **out, Error *e)
{
    const Step *step = step_find("drop");
    Roles none = {0};
    Value *args = value_map(), *names = value_list();
    for (size_t i = 0; i < from->columns_count; i++)
        if (table_find(picked, from->names[i]) == TABLE_NONE)
            value_add(names, value_text(from->names[i]));
    value_set(args, "columns", names);
    void *params = params_from_value(&step->spec, args, e);
    value_free(args);
    Recipe *empty = recipe_new(), *one = params ? recipe_insert(empty, 0, step, params) : NULL;
    Recipe *fitted = one ? recipe_fit(s->job, one, from, &none, s->job->seed, out, e) : NULL;
    params_free(&step->spec, params);
    recipe_unref(empty);
    recipe_unref(one);
    return fitted;
}

/* Where a table comes from stays known: what was picked is what is left when the other columns are dropped. NULL: unknown. */
static Side *side_of_picked(lua_State *L, const TableObject *from, const Table *picked)
{
    Error ignored = {0};
    if (!from->side || picked->columns_count == from->table->columns_count)
        return from->side ? side_ref(from->side) : NULL;
    Table *left = NULL;
    Recipe *drop = recipe_of_drop(state_of(L), from->table, picked, &left, &ignored);
    bool is_same = drop && left && left->columns_count == picked->columns_count; /* a name may also be a word for many columns */
    Side *side = is_same ? side_with_step(from->side, drop, left, &ignored) : NULL;
    table_unref(left);
    recipe_unref(drop);
    return side;
}

/* t:pick { "a", "b" }: these columns, in this order. */
int table_pick_lua(lua_State *L)
{
    const TableObject *o = table_check(L, 1);
    const Table *t = o->table;
    Error e = {0};
    luaL_checktype(L, 2, LUA_TTABLE);
    size_t count = lua_rawlen(L, 2);
    int *columns = mem_alloc((count + 1) * sizeof *columns);
    bool ok = count > 0 || error_set(&e, ERROR_USAGE, "pick: needs names of columns: t:pick { \"a\", \"b\" }");
    for (size_t i = 0; ok && i < count; i++) {
        bool is_text = lua_rawgeti(L, 2, (lua_Integer)i + 1) == LUA_TSTRING;
        columns[i] = is_text ? table_get(t, lua_tostring(L, -1), &e) : TABLE_NONE;
        ok = columns[i] != TABLE_NONE || (e.code ? false : error_set(&e, ERROR_USAGE, "pick: place %zu holds no name", i + 1));
        lua_pop(L, 1);
    }
    Table *out = ok ? table_pick(t, columns, count, &e) : NULL;
    mem_free(columns);
    return out ? table_push(L, out, side_of_picked(L, o, out)) : state_raise(L, &e);
}

static int next_row(lua_State *L)
{
    const Table *t = table_check(L, 1)->table;
    lua_Integer row = luaL_checkinteger(L, 2);
    if (row < 0 || (size_t)row >= t->rows)
        return 0;
    lua_pushinteger(L, row + 1);
    lua_createtable(L, 0, (int)t->columns_count);
    for (size_t i = 0; i < t->columns_count; i++) {
        table_push_cell(L, t->columns[i], (size_t)row);
        lua_setfield(L, -2, t->names[i]);
    }
    return 2;
}

/* for i, row in t:each() do print(i, row.x) end */
int table_each_lua(lua_State *L)
{
    table_check(L, 1);
    lua_settop(L, 1);
    lua_pushcfunction(L, next_row);
    lua_insert(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}
