/* lb.compare: models side by side on rows that none of them was trained on. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "learn/contest.h"
#include "script/bind.h"
#include "script/objects.h"
#include "script/value.h"

typedef struct Compared { /* one side of a comparison */
    ModelObject *model;
    bool given;
} Compared;

static Compared take_side(lua_State *L, const char *name, Error *e)
{
    bind_take(L, 1, name);
    Compared side = {model_test(L, -1), !lua_isnil(L, -1)};
    if (side.given && !side.model)
        error_set(e, ERROR_USAGE, "compare: %s must be a model, found a %s", name, luaL_typename(L, -1));
    return side;
}

/* The students' own margin, from their distillation, unless the call gives one. */
static ComparePlan *compare_plan(lua_State *L, const Compared *student, Error *e)
{
    Value *map = bind_options(L, 1, compare_spec.name, compare_spec.params, e);
    if (map && !value_get(map, "margin") && student->model->margin >= 0)
        value_set(map, "margin", value_real(student->model->margin));
    ComparePlan *plan = map ? params_from_value(&compare_spec, map, e) : NULL;
    value_free(map);
    return plan;
}

static Value *compare(lua_State *L, const Compared *teacher, const Compared *student, const Compared *alone, Error *e)
{
    ComparePlan *plan = compare_plan(L, student, e);
    const Pipeline *p = student->model->pipeline ? student->model->pipeline : teacher->model ? teacher->model->pipeline : NULL;
    bool ok = plan && (p || error_set(e, ERROR_USAGE, "compare: the models were loaded from files; `limbeck compare` compares those"));
    size_t seeds = student->model->count;
    if (alone->model && alone->model->count < seeds)
        seeds = alone->model->count;
    CompareTask task = {.pipeline = p,
                        .teacher = teacher->model ? teacher->model->bundles[0] : NULL,
                        .students = student->model->bundles,
                        .alone = alone->model ? alone->model->bundles : NULL,
                        .seeds = seeds,
                        .part = ok ? (Part)plan->on : PART_TEST,
                        .margin = ok ? plan->margin : 0,
                        .runs = script_runs};
    Value *result = ok ? compare_bundles(state_of(L)->job, &task, e) : NULL;
    params_free(&compare_spec, plan);
    return result;
}

/* In a worker the newest comparison is a file of the run, for viewers. */
static bool keep_comparison(lua_State *L, const char *name, const Value *v, Error *e)
{
    const Journal *journal = state_of(L)->run.journal;
    if (!journal)
        return true;
    char *path = io_join(journal->path, name), *json = json_format(v, JSON_PRETTY);
    bool ok = io_replace(path, json, strlen(json), e);
    mem_free(path);
    mem_free(json);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Entrant *)a)->name, ((const Entrant *)b)->name);
}

enum { ENTRANTS_MOST = 64 };

/* The models of the table at `index`, by name. */
static bool take_models(lua_State *L, int index, Entrant *out, size_t *count, Error *e)
{
    *count = 0;
    if (!lua_istable(L, index))
        return error_set(e, ERROR_USAGE, "compare: models must be models by name: { mlp = m, linear = l }");
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const ModelObject *o = model_test(L, -1);
        if (lua_type(L, -2) != LUA_TSTRING || !o)
            return error_set(e, ERROR_USAGE, "compare: models must be models by name: { mlp = m, linear = l }; one is a %s",
                             luaL_typename(L, -1));
        if (*count == ENTRANTS_MOST)
            return error_set(e, ERROR_USAGE, "compare: more than %d models", ENTRANTS_MOST);
        out[(*count)++] = (Entrant){lua_tostring(L, -2), o->bundles, o->count, o->pipeline};
    }
    qsort(out, *count, sizeof *out, by_name);
    return *count > 1 || error_set(e, ERROR_USAGE, "compare: needs two models or more");
}

/* Stack: options, models, on where it is a table. */
static Value *compare_models(lua_State *L, Error *e)
{
    Entrant entrants[ENTRANTS_MOST];
    size_t count;
    const TableObject *table = luaL_testudata(L, 3, "limbeck.table");
    ComparePlan *plan = take_models(L, 2, entrants, &count, e) ? bind_params(L, 1, &compare_spec, e) : NULL;
    if (!plan)
        return NULL;
    ContestTask task = {.entrants = entrants,
                        .count = count,
                        .table = table ? table->table : NULL,
                        .part = (Part)plan->on,
                        .runs = script_runs,
                        .rules = {.on = table ? "given table" : part_name((Part)plan->on),
                                  .against = plan->against && *plan->against ? plan->against : NULL,
                                  .margin = plan->margin}};
    Value *result = contest_run(state_of(L)->job, &task, e);
    params_free(&compare_spec, plan);
    return result;
}

static int compare_any(lua_State *L)
{
    Error e = {0};
    lua_getfield(L, 1, "on");
    if (luaL_testudata(L, -1, "limbeck.table")) {
        lua_pop(L, 1);
        bind_take(L, 1, "on");
    }
    Value *v = compare_models(L, &e);
    Text text = {0};
    if (v && keep_comparison(L, CONTEST_FILE, v, &e)) {
        contest_print(v, &text);
        result_push(L, v, text_get(&text));
    }
    text_done(&text);
    value_free(v);
    return e.code ? state_raise(L, &e) : 1;
}

int model_compare_lua(lua_State *L)
{
    Error e = {0};
    lua_settop(L, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    if (state_of(L)->document)
        return hollow_push(L);
    bind_take(L, 1, "models");
    if (!lua_isnil(L, 2))
        return compare_any(L);
    lua_settop(L, 1);
    Compared teacher = take_side(L, "teacher", &e), student = take_side(L, "student", &e), alone = take_side(L, "alone", &e);
    if (!e.code && !student.model)
        error_set(&e, ERROR_USAGE, "compare: needs student = a model");
    Value *v = e.code ? NULL : compare(L, &teacher, &student, &alone, &e);
    if (!v)
        return state_raise(L, &e);
    Text text = {0};
    compare_print(v, &text);
    while (text.size && text.bytes[text.size - 1] == '\n')
        text.bytes[--text.size] = 0;
    char *verdict = compare_verdict(v);
    if (!value_get(v, "verdict"))
        value_set(v, "verdict", value_text(verdict));
    bool kept = keep_comparison(L, "compare.json", v, &e);
    if (kept)
        result_push(L, v, text_get(&text));
    mem_free(verdict);
    text_done(&text);
    value_free(v);
    return kept ? 1 : state_raise(L, &e);
}
