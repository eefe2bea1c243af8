/* join: columns of another table, found by keys, or by keys and time. The other table is read when fitting; a model is given a fresh one
 * by its name. */
#include "steps/join.h"

#include <string.h>

#include "steps/schema.h"
#include "steps/series.h"
#include "table/hash_join.h"

static const char *const how_choices[] = {"left", "inner", "asof", NULL};

static const Field params[] = {
    {OBJECT_FIELD(Join, table, side_kind), .doc = "a table, a file name, or {file = \"a.csv\", steps = {...}}"},
    {VALUE_FIELD(Join, on), .names_column = true, .doc = "key columns; { here = \"there\" } where the names differ", .def = ""},
    {CHOICE_FIELD(Join, how), .doc = "all rows, those that find theirs, or by time", .choices = how_choices, .def = "left"},
    {VALUE_FIELD(Join, time), .names_column = true, .doc = "column of time in both tables", .when = "how=asof", .def = ""},
    {REAL_FIELD(Join, tolerance), .doc = "oldest row that counts: days, seconds or numbers; 0: any", .when = "how=asof", .def = "0",
     .min = 0, .max = 1e15},
    {COLUMNS_FIELD(Join, columns), .of_other = true, .doc = "columns to take from the other table", .def = "all"},
    {TEXT_FIELD(Join, prefix), .doc = "put before their names", .def = ""},
    {FLAG_FIELD(Join, keep), .doc = "the model holds the rows of the table", .def = "false"},
    {0},
};

static const Field learns[] = {
    {TEXTS_FIELD(Joined, names), .doc = "columns taken", .unique = true},
    {TEXTS_FIELD(Joined, types), .doc = "type of each", .choices = column_cell_types, .length_of = "names"},
    {OBJECT_FIELD(Joined, side, joined_side_kind), .doc = "columns and steps of the other table, and its rows if they are kept"},
    {0},
};

static char *new_name(const Join *p, const char *name)
{
    return text_format("%s%s", p->prefix ? p->prefix : "", name);
}

/* Keys of the other table are here already; who wants them too names them. */
static bool take_columns(const StepInput *in, const Table *there, const JoinKeys *keys, Joined *s, Error *e)
{
    const Join *p = in->params;
    Roles none = {0};
    size_t count = 0;
    int *columns = NULL;
    if (!select_columns(there, &p->columns, &none, &columns, &count, e))
        return error_prefix(e, "%s: ", side_title(p->table));
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        const char *name = there->names[columns[i]];
        if (join_keys_has(keys, name) && !text_list_has(&p->columns, name))
            continue;
        char *new = new_name(p, name);
        if (table_find(in->rows, new) != TABLE_NONE)
            ok = error_set(e, ERROR_USAGE, "both tables have a column \"%s\"; choose others with columns, or give a prefix", new);
        text_list_add(&s->names, name);
        text_list_add(&s->types, column_type_name(there->columns[columns[i]]->type));
        mem_free(new);
    }
    mem_free(columns);
    return ok;
}

static void note_types(const StepInput *in, const Table *there, const JoinKeys *keys)
{
    const Join *p = in->params;
    for (size_t i = 0; i < keys->here.count; i++) {
        const Column *a = table_column(in->rows, keys->here.items[i]), *b = table_column(there, keys->there.items[i]);
        if (hash_join_by_text(a, b))
            tools_note(in, "%s is %s here and %s in %s: only equal texts are found; cast one of them", keys->here.items[i],
                       column_type_name(a->type), column_type_name(b->type), side_title(p->table));
    }
}

/* Whoever joins wants to know how many rows found something. */
static void note_coverage(const StepInput *in, const JoinKeys *keys, const JoinCounts *c)
{
    const Join *p = in->params;
    char *by = join_keys_title(keys);
    const char *title = side_title(p->table), *what = p->how == JOIN_ASOF ? "rows" : "keys";
    if (c->keyless_there)
        tools_note(in, "%zu rows of %s have no %s and are left out", c->keyless_there, title, by);
    tools_note(in, "%zu of %zu rows found their %s; %zu did not, %zu have none; %zu of %zu %s of %s are used", c->found, in->rows->rows, by,
               c->keyed - c->found, c->keyless, c->used_there, c->keys_there, what, title);
    if (c->found == 0 && in->rows->rows > 0)
        tools_note(in, p->how == JOIN_INNER ? "no row found its %s: nothing is left" : "no row found its %s: every new cell is missing",
                   by);
    mem_free(by);
}

/* Sums over all rows of a key are sums over later ones too. */
static void note_times(const StepInput *in, const SideMade *made)
{
    const Join *p = in->params;
    const char *sums = NULL;
    for (size_t i = 0; i < made->steps->count; i++) {
        const StepUse *use = &made->steps->uses[i];
        char *const *as_of = step_use_param(use, "as_of");
        if (!use->off && step_use_effect(use) == STEP_DROPS_ROWS && step_use_param(use, "make") && !(as_of && *as_of && **as_of))
            sums = use->step->spec.name;
    }
    if (sums && p->how != JOIN_ASOF && in->roles && in->roles->time)
        tools_note(in,
                   "what %s sums up of %s may be later than the row here, and the parts are cut in time; group_by { as_of = ... } or "
                   "resample { stamp = \"end\" }, and how = \"asof\", look at the past only",
                   sums, side_title(p->table));
}

/* Rows that come from no file can't be given anew; whoever meant to keep them out of the model should know. */
static void note_embedded(const StepInput *in, const Table *there)
{
    const Side *side = ((const Join *)in->params)->table;
    if (side->csv && !*side->name && there->rows > 100)
        tools_note(in,
                   "the other table was made in the script, so the recipe and the model hold its %zu rows; read it from a file to give "
                   "a fresh one when predicting",
                   there->rows);
}

static bool match_learned(Job *job, const StepInput *in, const JoinKeys *keys, const Joined *s, Error *e)
{
    const JoinedSide *side = s->side;
    JoinTask task = {in->params, keys, in->rows, side->rows};
    JoinCounts counts;
    size_t *match = mem_try_alloc(in->rows->rows + 1, sizeof *match, e);
    bool ok = match && join_match(job, &task, match, &counts, e);
    mem_free(match);
    if (ok) {
        note_embedded(in, side->rows);
        note_types(in, side->rows, keys);
        note_coverage(in, keys, &counts);
    }
    return ok;
}

/* A row made of a stretch of time is not known before its end. */
static bool check_stamps(const Join *p, const JoinKeys *keys, const SideMade *made, Error *e)
{
    for (size_t i = 0; p->how == JOIN_ASOF && i < made->steps->count; i++) {
        const StepUse *use = &made->steps->uses[i];
        const int *stamp = step_use_param(use, "stamp");
        char *const *time = step_use_param(use, "time");
        if (!use->off && stamp && *stamp == STAMP_BEGIN && time && text_equal(*time, keys->time_there))
            return error_set(e, ERROR_USAGE,
                             "%s: %s puts its rows at the beginning of the time that they sum up, so a row here would find what is later; "
                             "%s { stamp = \"end\" }",
                             side_title(p->table), use->step->spec.name, use->step->spec.name);
    }
    return true;
}

static bool join_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const Join *p = in->params;
    Joined *s = state;
    JoinKeys keys = {0};
    const SideMade *made = NULL;
    bool ok = join_keys_make(p, &keys, e) && (made = side_make(job, p->table, e)) && join_keys_check(&keys, p, in->rows, made->rows, e) &&
              check_stamps(p, &keys, made, e) && take_columns(in, made->rows, &keys, s, e);
    s->side = ok ? joined_side_make(job, in, &keys, &s->names, e) : NULL;
    ok = s->side && match_learned(job, in, &keys, s, e);
    if (ok)
        note_times(in, made);
    join_keys_done(&keys);
    return ok;
}

/* The model may know how to go on without the other row; who reads the prediction should know that it was missing. */
static char *why_unmatched(const StepInput *in, const JoinKeys *keys, size_t row)
{
    const Join *p = in->params;
    Text cells = {0};
    char *by = join_keys_title(keys), *why = NULL;
    bool given = true;
    for (size_t k = 0; k < keys->here.count + (keys->time_here != NULL); k++) {
        const char *name = k < keys->here.count ? keys->here.items[k] : keys->time_here;
        const Column *c = table_column(in->rows, name);
        if (given && !column_is_valid(c, row))
            given = false, why = text_format("%s is missing, so %s was not asked", name, side_title(p->table));
        text_add(&cells, k ? ", " : "");
        column_format(c, row, &cells);
    }
    if (given && p->how == JOIN_ASOF)
        why = text_format("%s: %s has no row for \"%s\" by then", by, side_title(p->table), text_get(&cells));
    else if (given)
        why = text_format("%s: \"%s\" is unknown to %s", by, text_get(&cells), side_title(p->table));
    text_done(&cells);
    mem_free(by);
    return why;
}

static bool say_row(const StepInput *in, const JoinKeys *keys, size_t row, Error *e)
{
    const Join *p = in->params;
    char *why = why_unmatched(in, keys, row);
    bool ok = true;
    if (p->how == JOIN_INNER)
        ok = tools_fault_row(in, row, why, e);
    else
        tools_remark(in, row, why);
    mem_free(why);
    return ok;
}

/* What was said of the rows of the other table is true of those that find them. */
static bool say_found(const StepInput *in, const JoinRows *there, size_t row, size_t found, Error *e)
{
    const Join *p = in->params;
    uint64_t id = table_row_id(there->rows, found);
    if (id >= there->said.rows)
        return true;
    const char *fault = there->said.faults[id], *remark = there->said.remarks[id];
    char *said =
        fault || remark ? text_format("%s: row %llu: %s", side_title(p->table), (unsigned long long)id + 1, fault ? fault : remark) : NULL;
    bool ok = true;
    if (fault)
        ok = tools_fault_row(in, row, said, e);
    else if (remark)
        tools_remark(in, row, said);
    mem_free(said);
    return ok;
}

static bool say_rows(const StepInput *in, const JoinKeys *keys, const JoinRows *there, const size_t *match, Error *e)
{
    bool ok = true;
    for (size_t i = 0; in->reasons && ok && i < in->rows->rows; i++)
        ok = match[i] == COLUMN_NO_ROW ? say_row(in, keys, i, e) : say_found(in, there, i, match[i], e);
    return ok;
}

/* What was read is of the types that were learned from; what the steps make of it is too, or the table is another. */
static Column *joined_column(const Table *there, const char *name, const char *type_name, Error *e)
{
    ColumnType type = COLUMN_TEXT;
    column_type_parse(type_name, &type);
    int at = tools_find(there, name, e);
    const Column *c = at == TABLE_NONE ? NULL : there->columns[at];
    if (!c)
        return NULL;
    if (c->type == type || c->missing == c->rows || (c->type == COLUMN_INT && type == COLUMN_REAL) ||
        (c->type == COLUMN_REAL && type == COLUMN_INT))
        return schema_column(c, name, type, NULL, e);
    error_set(e, ERROR_FAILED, "column \"%s\" of the other table was %s when the step was fitted and is %s now", name, type_name,
              column_type_name(c->type));
    return NULL;
}

static bool add_columns(Job *job, const StepInput *in, const Joined *s, const JoinRows *there, const size_t *match, Table **out, Error *e)
{
    bool ok = true;
    *out = table_ref(in->rows);
    for (size_t i = 0; ok && i < s->names.count; i++) {
        Column *c = job_go_on(job, e) ? joined_column(there->rows, s->names.items[i], s->types.items[i], e) : NULL;
        char *name = new_name(in->params, s->names.items[i]);
        ok = c && tools_add(out, name, column_gather(c, match, in->rows->rows, e), e);
        mem_free(name);
        column_unref(c);
    }
    if (ok)
        return true;
    table_unref(*out);
    *out = NULL;
    return false;
}

static bool keep_found(const size_t *match, Table **out, Error *e)
{
    size_t *rows = mem_try_alloc((*out)->rows + 1, sizeof *rows, e), count = 0;
    for (size_t i = 0; rows && i < (*out)->rows; i++)
        if (match[i] != COLUMN_NO_ROW)
            rows[count++] = i;
    Table *kept = rows ? table_select(*out, rows, count, e) : NULL;
    mem_free(rows);
    table_unref(*out);
    *out = kept;
    return kept != NULL;
}

/* The target of rows to predict: a column without a value. */
static bool add_nothing(const StepInput *in, const Joined *s, Table **out, Error *e)
{
    ColumnType type = COLUMN_TEXT;
    column_type_parse(s->types.items[0], &type);
    char *name = new_name(in->params, s->names.items[0]);
    Column *c = column_new(type, in->rows->rows, e);
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < in->rows->rows; i++)
        ok = column_set_missing(c, i, e);
    *out = table_ref(in->rows);
    ok = ok && tools_add(out, name, column_ref(c), e);
    column_unref(c);
    mem_free(name);
    return ok;
}

static bool join_with(Job *job, const StepInput *in, const Joined *s, const JoinRows *there, Table **out, Error *e)
{
    const Join *p = in->params;
    JoinKeys keys = {0};
    JoinCounts counts;
    size_t *match = mem_try_alloc(in->rows->rows + 1, sizeof *match, e);
    bool ok = match && join_keys_make(p, &keys, e);
    JoinTask task = {p, &keys, in->rows, there->rows};
    ok = ok && (!in->rows->rows || join_match(job, &task, match, &counts, e)) && say_rows(in, &keys, there, match, e) &&
         add_columns(job, in, s, there, match, out, e) && (p->how != JOIN_INNER || keep_found(match, out, e));
    join_keys_done(&keys);
    mem_free(match);
    return ok;
}

static bool join_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Joined *s = state;
    JoinRows there;
    bool ok = join_rows_get(job, in, s, &there, e) && (there.rows ? join_with(job, in, s, &there, out, e) : add_nothing(in, s, out, e));
    join_rows_done(&there);
    return ok;
}

static void join_describe(const void *params_used, const void *state, Text *out)
{
    const Join *p = params_used;
    const Joined *s = state;
    JoinKeys keys;
    Error ignored = {0};
    join_keys_make(p, &keys, &ignored);
    char *by = join_keys_title(&keys);
    text_addf(out, "%s%s%s", p->table ? side_title(p->table) : "", *by ? " by " : "", by);
    if (p->how != JOIN_LEFT)
        text_addf(out, ", %s", how_choices[p->how]);
    if (s) {
        text_add(out, ": ");
        tools_list(&s->names, out);
    }
    mem_free(by);
    join_keys_done(&keys);
}

static StepEffect join_effect(const void *params_used)
{
    return ((const Join *)params_used)->how == JOIN_INNER ? STEP_DROPS_ROWS : STEP_MAP;
}

static void hand_over(Value *from, const char *key, Value *to, const char *as)
{
    const Value *v = value_get(from, key);
    if (v && v->type != VALUE_NULL && !(v->type == VALUE_TEXT && v->size == 0))
        value_set(to, as, value_copy(v));
    value_remove(from, key);
}

/* {"file", "csv", "read", "by"}: the table once lay in the parameters of the join. */
static void join_renew(Value *map)
{
    Value *table = value_map(), *on = value_map();
    hand_over(map, "file", table, "file");
    hand_over(map, "csv", table, "csv");
    hand_over(map, "read", table, "read");
    hand_over(map, "by", on, "on");
    if (on->size && !value_get(map, "on"))
        value_set(map, "on", value_copy(on->items[0]));
    value_free(on);
    if (table->size && !value_get(map, "table"))
        value_set(map, "table", table);
    else
        value_free(table);
}

static void join_renew_state(const void *params_used, Value *state)
{
    joined_side_renew(params_used, state);
}

static const Example examples[] = {
    {"{\"on\": \"plan\", \"table\": {\"csv\": \"plan,price\\na,10\\nb,20\\n\"}}", "x,plan\n1,b\n2,a\n3,c\n",
     "x,plan,price\n1,b,20\n2,a,10\n3,c,\n"},
    {"{\"on\": {\"id\": \"number\"}, \"how\": \"inner\", \"table\": {\"csv\": \"number,t,u\\n2,x,9\\n\"}, \"columns\": [\"t\"]}",
     "id\n1\n2\n", "id,t\n2,x\n"},
    {"{\"on\": \"id\", \"how\": \"asof\", \"time\": \"day\", \"tolerance\": 30, \"table\": {\"csv\": "
     "\"id,day,plan\\n1,1,a\\n1,61,b\\n2,62,c\\n\"}}",
     "id,day\n1,60\n1,61\n1,20\n2,61\n", "id,day,plan\n1,60,\n1,61,b\n1,20,a\n2,61,\n"},
    {"{\"on\": \"id\", \"table\": {\"csv\": \"id,t\\n2,x\\n2,y\\n\"}}", "id\n1\n2\n", "error: holds 2 rows for id = \"2\""},
    {"{\"on\": \"id\"}", "id\n1\n", "error: option \"table\" is required"},
};

static const char *const notes[] = {
    "Left: every row stays, and where the other table has no such key the new cells are missing. Inner: such rows go. Asof: the last row "
    "of "
    "the other table at or before the row's time, of its keys where there are some, never a later one. A key stands once in the other "
    "table: group_by it first.",
    "In a script the other table is a table: table = lb.read(\"usage.csv\"):filter \"kind == 'voice'\". The steps that made it travel "
    "in the model, its rows do not: `limbeck predict --table usage=usage.csv` and m:predict(rows, { tables = { usage = t } }) "
    "give a fresh one by the name of its file. keep = true lets the model hold the rows, up to 16 MiB.",
    "The other table may hold the target: then join before the split.", NULL};

const Step step_join = {
    .spec = {.name = "join",
             .doc = "columns of another table, found by a key or by time",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(Join),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes,
             .renew = join_renew},
    .learns = learns,
    .state_size = sizeof(Joined),
    .effect = STEP_MAP,
    .effect_of = join_effect,
    .renew_state = join_renew_state,
    .sides = join_sides,
    .fits_side_only = true,
    .fit = join_fit,
    .apply = join_apply,
    .describe = join_describe,
};
