/* group_target: what is known of a whole group in the end, such as how long an engine ran: a target, or what one is made of. */
#include "steps/makings.h"

typedef struct GroupTarget {
    TextList by;
    Value *make;
    char *time;
} GroupTarget;

static const Field params[] = {
    {VALUE_FIELD(GroupTarget, make), .doc = "new columns: {life = \"max(cycle)\"}", .reads = makings_reads, .positional = true},
    {COLUMNS_FIELD(GroupTarget, by), .doc = "columns that tell groups apart; none: the group, else the key", .def = ""},
    {TEXT_FIELD(GroupTarget, time), .names_column = true, .doc = "column that orders the rows of a group; none: that of the split",
     .def = ""},
    {0},
};

/* The rows in order of time, for what asks for it: first, last. */
typedef struct Ordered {
    Table *t;
    size_t *rows; /* of the table as it was */
    int *by;
    size_t by_count;
    Groups groups;
} Ordered;

static bool find_by(const StepInput *in, Ordered *o, Error *e)
{
    const GroupTarget *p = in->params;
    const char *name = in->roles && in->roles->group ? in->roles->group : in->roles ? in->roles->key : NULL;
    if (p->by.count || !name)
        return tools_select(in, &p->by, &o->by, &o->by_count, e);
    o->by = mem_alloc(sizeof *o->by);
    o->by[0] = table_get(in->rows, name, e);
    o->by_count = 1;
    return o->by[0] != TABLE_NONE;
}

static bool order(Job *job, const StepInput *in, Ordered *o, Error *e)
{
    const GroupTarget *p = in->params;
    const Table *t = in->rows;
    const char *time = p->time && *p->time ? p->time : in->roles ? in->roles->time : NULL;
    int at = time ? table_get(t, time, e) : TABLE_NONE;
    o->rows = mem_try_alloc(t->rows + 1, sizeof *o->rows, e);
    for (size_t i = 0; o->rows && i < t->rows; i++)
        o->rows[i] = i;
    if (!o->rows || (time && (at == TABLE_NONE || !query_sort(t, at, false, o->rows, e))) || !find_by(in, o, e))
        return false;
    o->t = table_select(t, o->rows, t->rows, e);
    return o->t && groups_make(job, o->t, o->by, o->by_count, &o->groups, e);
}

static bool is_in_group(const Ordered *o, size_t row)
{
    bool is = true;
    for (size_t i = 0; i < o->by_count; i++)
        is = is && column_is_valid(o->t->columns[o->by[i]], row);
    return is;
}

/* What was made of a group, beside each of its rows. */
static Column *spread(const Ordered *o, const Column *made, Error *e)
{
    size_t *from = mem_try_alloc(o->t->rows + 1, sizeof *from, e);
    for (size_t i = 0; from && i < o->t->rows; i++)
        from[o->rows[i]] = is_in_group(o, i) ? o->groups.of[i] : COLUMN_NO_ROW;
    Column *c = from ? column_gather(made, from, o->t->rows, e) : NULL;
    mem_free(from);
    return c;
}

static bool group_target_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const GroupTarget *p = in->params;
    Ordered o = {0};
    Makings m = {.job = job, .groups = &o.groups};
    bool ok = makings_plan(in, p->make, &m, e) && order(job, in, &o, e);
    m.t = o.t;
    ok = ok && makings_run(&m, e);
    *out = ok ? table_ref(in->rows) : NULL;
    for (size_t i = 0; *out && i < m.count; i++) {
        Column *c = m.items[i].column ? spread(&o, m.items[i].column, e) : NULL;
        if (c || !m.items[i].column) {
            ok = !c || tools_add(out, m.items[i].name, c, e);
        } else {
            table_unref(*out);
            *out = NULL;
        }
    }
    makings_done(&m);
    groups_done(&o.groups);
    table_unref(o.t);
    mem_free(o.rows);
    mem_free(o.by);
    return *out != NULL;
}

static StepReach group_target_reach(const void *params_used, const char *made)
{
    (void)params_used;
    (void)made;
    return (StepReach){.steps = INT64_MAX};
}

static void group_target_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const GroupTarget *p = params_used;
    text_add(out, "by ");
    tools_list(&p->by, out);
    makings_describe(p->make, out);
}

static const Example examples[] = {
    {"{\"make\": {\"life\": \"max(cycle)\"}, \"by\": [\"engine\"], \"time\": \"cycle\"}", "engine,cycle\na,1\nb,1\na,2\na,3\nb,2\n",
     "engine,cycle,life\na,1,3\nb,1,2\na,2,3\na,3,3\nb,2,2\n"},
    {"{\"make\": {\"end\": \"last(x)\"}, \"by\": [\"g\"], \"time\": \"t\"}", "g,t,x\na,2,20\na,1,10\n,1,5\n",
     "g,t,x,end\na,2,20,20\na,1,10,20\n,1,5,\n"},
    {"{\"make\": {\"x\": \"total(m)\"}, \"by\": [\"g\"]}", "g,m\na,1\n", "error: x: \"total\" is no aggregate"},
};

static const char *const notes[] = {
    "What it makes may be the target, or a column that the target is derived from, and nothing else: a feature made of it is refused, and "
    "while predicting nothing is asked of it. group_target { make = { life = \"max(cycle)\" }, by = { \"engine\" } }, then derive { name = "
    "\"left\", as = \"life - cycle\" } and drop { columns = { \"life\" } }: how many cycles an engine has left.",
    "Aggregates are those of group_by. first and last go by time where one is named. Rows without a group get nothing. Where parts are cut "
    "in time, a row is left out when its group goes on in the next part.",
    NULL};

const Step step_group_target = {
    .spec = {.name = "group_target",
             .doc = "what is known of a whole group in the end: a target",
             .group = "series",
             .params = params,
             .params_size = sizeof(GroupTarget),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_AHEAD,
    .mixes_columns = true,
    .reach = group_target_reach,
    .apply = group_target_apply,
    .describe = group_target_describe,
};
