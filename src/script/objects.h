/* The values a script holds: tables, pipelines, models, results. Immutable; Lua's collector drops the references. */
#ifndef SCRIPT_OBJECTS_H
#define SCRIPT_OBJECTS_H

#include "learn/judged_rows.h"
#include "script/state.h"

typedef struct TableObject {
    Table *table;
    Side *side; /* where it comes from: its file and the steps that made it of it; NULL: from nowhere that could be named */
} TableObject;

typedef struct PipelineObject {
    Pipeline *pipeline;
    Prepared *prepared; /* made when first needed */
} PipelineObject;

typedef struct ModelObject {
    Bundle **bundles; /* one a seed; the first is saved and predicts */
    size_t count;
    Pipeline *pipeline; /* NULL: loaded from a file */
    Prepared *prepared;
    Value *result; /* may be NULL */
    double margin; /* of the distillation that made them; -1: none was given */
} ModelObject;

int table_push(lua_State *L, Table *table, Side *side); /* takes both; 1 */
Side *table_side(const TableObject *o, Error *e);       /* the table as one that travels in recipes; NULL: it is too large for that */
TableObject *table_check(lua_State *L, int index);
int table_read_lua(lua_State *L);                                       /* lb.read */
int table_make_lua(lua_State *L);                                       /* lb.table */
void table_push_cell(lua_State *L, const Column *c, size_t row);        /* nil: missing */
bool table_push_column(lua_State *L, const Table *t, const char *name); /* as an array; false: there is none, nothing is pushed */
void table_push_cells(lua_State *L, const Column *c);                   /* as an array: nil is missing, n says how many */
void table_push_some_cells(lua_State *L, const Column *c, size_t from, size_t rows);
/* The table of arrays at index as columns of `to`, in the order of their names: as many cells as rows, every number a real. */
bool table_take_columns(lua_State *L, int index, Table *to, Error *e);
int table_column_lua(lua_State *L), table_with_lua(lua_State *L), table_pick_lua(lua_State *L), table_each_lua(lua_State *L);
void json_words_push(lua_State *L); /* lb.json: decode, encode */

int profile_push(lua_State *L, const Table *t, const ProfileUse *use); /* a profile as a result; 1 */

void table_open(lua_State *L);

int pipeline_push(lua_State *L, Pipeline *pipeline); /* takes pipeline; 1 */
PipelineObject *pipeline_check(lua_State *L, int index);
int pipeline_new_lua(lua_State *L); /* lb.pipeline */

/* A reference to its prepared data. The last one made is kept: scripts train and judge one pipeline many times. */
bool pipeline_prepared(ScriptState *s, const Pipeline *p, Prepared **out, Error *e);
void pipeline_open(lua_State *L);

/* References the bundles and the pipeline, copies the result; 1. */
int model_push(lua_State *L, Bundle *const *bundles, size_t count, const Pipeline *p, const Value *result);
/* What `on` names, on the stack at 3: a table, a part, or by default the test part. false: something else, or it has none. */
bool model_rows(lua_State *L, ModelObject *o, const char **name, JudgedRows *out, Error *e);
ModelObject *model_check(lua_State *L, int index);
ModelObject *model_test(lua_State *L, int index); /* NULL: something else */
int model_evaluate(lua_State *L);                 /* model:eval */
int model_report(lua_State *L);                   /* model:report */
int model_with_threshold(lua_State *L);           /* model:with_threshold */
void model_open(lua_State *L);
extern const char script_runs[]; /* the directory of runs */
/* Takes tables = { usage = t } out of the options at index: tables that the model reads beside the rows. */
bool sides_take(lua_State *L, int index, const Bundle *b, SideTables *out, Error *e);
int model_load_lua(lua_State *L);    /* lb.load */
int model_compare_lua(lua_State *L); /* lb.compare */
int chart_lua(lua_State *L);         /* lb.chart */
int curve_lua(lua_State *L);         /* lb.curve */
int runs_lua(lua_State *L);          /* lb.runs */
int args_lua(lua_State *L);          /* lb.args */

/* The calls that learn; methods of a pipeline. */
int learn_train(lua_State *L);
int learn_tune(lua_State *L);
int learn_distill(lua_State *L);
int learn_cross_validate(lua_State *L);
int learn_leak_demo(lua_State *L);
int learn_price(lua_State *L);
int learn_find_rate(lua_State *L);
int learn_preview_schedule(lua_State *L); /* lb.preview_schedule { ... } */
int learn_select_features(lua_State *L);
int learn_regularize(lua_State *L);

/* A result: the nested table of `fields` that prints as `text`. */
/* Settings of a trial that note which names are asked for; settings_read adds those to read. */
void settings_push(lua_State *L, const Value *settings);
void settings_read(lua_State *L, int index, TextList *read);
/* When the value at index is such settings: pushes the plain table, all of its names noted. false: nothing is pushed. */
bool settings_unwrap(lua_State *L, int index);
void result_push(lua_State *L, const Value *fields, const char *text);
/* What a call answers while a script is only described: any field, any call, never an error. */
int hollow_push(lua_State *L);
bool hollow_is(lua_State *L, int index);
bool hollow_caused(const Error *e); /* the error comes from computing with one */
void hollow_open(ScriptState *s);   /* string.format takes them */

bool object_methods(lua_State *L, const char *what, TextList *names); /* of an object, in order; false: there is no such object */
bool object_method(lua_State *L, const char *what, const char *name); /* pushes it; false: nothing pushed */
/* Raises: no such name, with the nearest. */
int object_unknown(lua_State *L, const char *what, const char *name);
/* A function of Lua with what it takes, checked before it runs: nothing that is given is swallowed. Each letter of takes is an argument
 * behind the object: s text, i integer, n number, t table of options, a anything (the function checks it); missing ones are the
 * function's to miss. options: the names that its table may hold, between blanks, a leading + also positions; NULL: the function reads
 * the table by the rows of a Spec, which refuses others. */
typedef struct ScriptMethod {
    const char *name;
    lua_CFunction function;
    const char *takes, *options;
} ScriptMethod;
void object_define(lua_State *L, const char *type, const ScriptMethod *methods, const luaL_Reg *events, lua_CFunction index);
void script_functions(lua_State *L, const ScriptMethod *functions); /* into the table on top */
void script_check_count(lua_State *L, const char *name, int first,
                        int most); /* raises when more than `most` arguments stand from `first` on */

#endif
