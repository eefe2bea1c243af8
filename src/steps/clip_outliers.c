/* clip_outliers: pull values beyond a fence back to it, or mark them. The fences come from training rows. */
#include <math.h>

#include "base/number.h"
#include "steps/tools.h"

enum { METHOD_QUANTILE, METHOD_IQR, METHOD_Z, METHOD_MAD, ACTION_CLIP = 0, ACTION_FLAG, ACTION_NULL, ACTION_DROP };

typedef struct Clip {
    TextList columns;
    int method, action;
    double low, high, fence, limit;
    bool flag_column;
} Clip;

typedef struct Fences {
    TextList columns;
    NumberList lows, highs;
} Fences;

static const char *const methods[] = {"quantile", "iqr", "z", "mad", NULL};
static const char *const actions[] = {"clip", "flag", "null", "drop", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Clip, columns), .doc = "columns to look at", .def = "numeric", .positional = true},
    {CHOICE_FIELD(Clip, method), .doc = "how the fence is found", .def = "quantile", .choices = methods},
    {REAL_FIELD(Clip, low), .doc = "lower quantile", .def = "0.01", .max = 0.5, .soft_max = 0.05, .when = "method=quantile"},
    {REAL_FIELD(Clip, high), .doc = "upper quantile", .def = "0.99", .min = 0.5, .max = 1, .soft_min = 0.95, .soft_max = 1,
     .when = "method=quantile"},
    {REAL_FIELD(Clip, fence), .doc = "quartile distances beyond the quartiles", .def = "1.5", .max = 100, .soft_min = 1, .soft_max = 3,
     .when = "method=iqr"},
    {REAL_FIELD(Clip, limit), .doc = "deviations from the mean (z) or the median (mad)", .def = "3", .max = 100, .soft_min = 2,
     .soft_max = 5, .when = "method=z|mad"},
    {CHOICE_FIELD(Clip, action), .doc = "what happens to a value beyond the fence", .def = "clip", .choices = actions},
    {FLAG_FIELD(Clip, flag_column), .doc = "also add a column NAME_outlier", .def = "false", .when = "action=clip|null"},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(Fences, columns), .doc = "columns found that vary", .unique = true},
    {NUMBERS_FIELD(Fences, lows), .doc = "lower fence of each", .min = -INFINITY, .max = INFINITY, .length_of = "columns"},
    {NUMBERS_FIELD(Fences, highs), .doc = "upper fence of each", .min = -INFINITY, .max = INFINITY, .length_of = "columns",
     .not_below = "lows"},
    {0},
};

/* Median absolute deviation, scaled to the standard deviation of a normal distribution. */
static double mad_of(const double *sorted, size_t count, double median, Error *e)
{
    Column *distances = column_new(COLUMN_REAL, count, e);
    if (!distances)
        return (double)NAN;
    for (size_t i = 0; i < count; i++)
        distances->data.reals[i] = fabs(sorted[i] - median);
    size_t kept;
    double *order = tools_sorted(distances, &kept, e), mad = order ? tools_quantile(order, kept, 0.5) : (double)NAN;
    mem_free(order);
    column_unref(distances);
    return 1.482602218505602 * mad;
}

static void find_fence(const Clip *p, const double *sorted, size_t count, double out[2], Error *e)
{
    double center, spread;
    Moments moments;
    switch (p->method) {
    case METHOD_QUANTILE:
        out[0] = tools_quantile(sorted, count, p->low);
        out[1] = tools_quantile(sorted, count, p->high);
        return;
    case METHOD_IQR:
        out[0] = tools_quantile(sorted, count, 0.25);
        out[1] = tools_quantile(sorted, count, 0.75);
        spread = p->fence * (out[1] - out[0]);
        out[0] -= spread;
        out[1] += spread;
        return;
    case METHOD_Z:
        moments = moments_of(sorted, count);
        center = moments.mean;
        spread = moments.sd;
        break;
    default:
        center = tools_quantile(sorted, count, 0.5);
        spread = mad_of(sorted, count, center, e);
        break;
    }
    out[0] = center - p->limit * spread;
    out[1] = center + p->limit * spread;
}

static double share_beyond(const double *sorted, size_t count, const double fence[2])
{
    size_t beyond = 0;
    for (size_t i = 0; i < count; i++)
        beyond += sorted[i] < fence[0] || sorted[i] > fence[1];
    return (double)beyond / (double)count;
}

/* A fence without width would make one value of all: most values are the same, or lie too close for it. */
static void note_fence(const StepInput *in, const char *name, const double *sorted, size_t count, const double fence[2])
{
    enum { MUCH = 10 };
    const Clip *p = in->params;
    char at[NUMBER_ROOM];
    double beyond = 100 * share_beyond(sorted, count, fence);
    if (moments_is_constant(fence[0], fence[1]))
        tools_note(in, "%s: the fence has no width (at %s, with %.0f %% of the values beyond it): left as it is", name,
                   number_format_real(fence[0], at), beyond);
    else if (p->method != METHOD_QUANTILE && beyond > MUCH)
        tools_note(in, "%s: %.0f %% of the values lie beyond the fence; these are no outliers", name, beyond);
}

/* Fences of integers are integers: the last whole numbers inside. Nothing is learned where there is nothing to fence. */
static bool learn_fence(const StepInput *in, const char *name, Fences *s, Error *e)
{
    const Column *c = table_column(in->rows, name);
    double fence[2] = {0, 0};
    size_t count;
    double *sorted = tools_sorted(c, &count, e);
    if (!sorted)
        return false;
    bool varies = count > 0 && !moments_is_constant(sorted[0], sorted[count - 1]);
    if (varies)
        find_fence(in->params, sorted, count, fence, e);
    if (varies && c->type == COLUMN_INT && ceil(fence[0]) <= floor(fence[1])) {
        fence[0] = ceil(fence[0]);
        fence[1] = floor(fence[1]);
    }
    if (varies)
        note_fence(in, name, sorted, count, fence);
    else
        tools_note(in, "%s holds %s in these rows: there is no outlier", name, count ? "one value only" : "no value");
    mem_free(sorted);
    if (!varies || moments_is_constant(fence[0], fence[1]))
        return true;
    text_list_add(&s->columns, name);
    tools_add_number(&s->lows, fence[0]);
    tools_add_number(&s->highs, fence[1]);
    return true;
}

static bool clip_outliers_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const Clip *p = in->params;
    TextList names = {0};
    bool ok = tools_resolve(in, &p->columns, true, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn_fence(in, names.items[i], state, e);
    text_list_done(&names);
    return ok;
}

static double clip(double x, double low, double high)
{
    return fmin(high, fmax(low, x));
}

static double nothing_beyond(double x, double low, double high)
{
    return x < low || x > high ? (double)NAN : x;
}

static bool is_whole(double fence)
{
    return !isfinite(fence) || (fence == floor(fence) && fabs(fence) < 0x1p63);
}

/* Integers stay integers as long as the fences are. */
static Column *pull(const Column *c, int action, double low, double high, Error *e)
{
    Column *reals = tools_map(c, action == ACTION_CLIP ? clip : nothing_beyond, low, high, e);
    bool whole = c->type == COLUMN_INT && is_whole(low) && is_whole(high);
    if (!reals || !whole) {
        if (reals)
            reals->decimals = c->decimals;
        return reals;
    }
    Column *ints = column_copy(c, e);
    bool ok = ints != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        double x = column_is_valid(c, i) ? column_real(c, i) : low;
        if (x >= low && x <= high)
            continue;
        if (action == ACTION_CLIP)
            ints->data.ints[i] = (int64_t)reals->data.reals[i];
        else
            ok = column_set_missing(ints, i, e);
    }
    column_unref(reals);
    if (ok)
        return ints;
    column_unref(ints);
    return NULL;
}

static bool is_beyond(const Column *c, size_t row, double low, double high)
{
    return column_is_valid(c, row) && (column_real(c, row) < low || column_real(c, row) > high);
}

static bool add_flags(Table **t, const char *name, const Column *c, double low, double high, Error *e)
{
    char *flagged = text_format("%s_outlier", name);
    Column *flags = column_new(COLUMN_BOOL, c->rows, e);
    for (size_t i = 0; flags && i < c->rows; i++)
        flags->data.flags[i] = is_beyond(c, i, low, high);
    bool ok = tools_add(t, flagged, flags, e);
    mem_free(flagged);
    return ok;
}

static bool drop_beyond(const Table *t, const Fences *s, Table **out, Error *e)
{
    size_t *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e), count = 0;
    for (size_t i = 0; rows && i < t->rows; i++) {
        bool stays = true;
        for (size_t k = 0; stays && k < s->columns.count; k++)
            stays = !is_beyond(table_column(t, s->columns.items[k]), i, s->lows.items[k], s->highs.items[k]);
        if (stays)
            rows[count++] = i;
    }
    *out = rows ? table_select(t, rows, count, e) : NULL;
    mem_free(rows);
    return *out != NULL;
}

static bool clip_outliers_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Clip *p = in->params;
    const Fences *s = state;
    for (size_t i = 0; i < s->columns.count; i++)
        if (!tools_numeric(in->rows, s->columns.items[i], e))
            return false;
    if (p->action == ACTION_DROP)
        return drop_beyond(in->rows, s, out, e);
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        const char *name = s->columns.items[i];
        const Column *c = table_column(in->rows, name);
        double low = s->lows.items[i], high = s->highs.items[i];
        bool ok = job_go_on(job, e);
        if (ok && p->action != ACTION_FLAG)
            ok = tools_put(out, name, pull(c, p->action, low, high, e), e);
        if (ok && (p->action == ACTION_FLAG || p->flag_column))
            ok = add_flags(out, name, c, low, high, e);
        if (!ok)
            return false;
    }
    return true;
}

static void clip_outliers_describe(const void *params_used, const void *state, Text *out)
{
    const Clip *p = params_used;
    const Fences *s = state;
    char low[NUMBER_ROOM], high[NUMBER_ROOM];
    tools_list(s ? &s->columns : &p->columns, out);
    if (s && s->columns.count == 1)
        text_addf(out, " %s to %s", number_format_real(s->lows.items[0], low), number_format_real(s->highs.items[0], high));
    else
        text_addf(out, "  %s, %s", methods[p->method], actions[p->action]);
}

static const Example examples[] = {
    {"{\"low\": 0.25, \"high\": 0.75}", "x\n1\n2\n3\n4\n100\n", "x\n2\n2\n3\n4\n4\n"},
    {"{\"method\": \"iqr\", \"action\": \"flag\"}", "x\n1\n2\n3\n4\n100\n", "x,x_outlier\n1,false\n2,false\n3,false\n4,false\n100,true\n"},
    {"{\"method\": \"mad\", \"action\": \"null\"}", "x,y\n1,1\n2,1\n3,1\n4,1\n100,1\n", "x,y\n1,1\n2,1\n3,1\n4,1\n,1\n"},
    {"{\"method\": \"iqr\", \"action\": \"drop\"}", "x,t\n1,a\n2,b\n3,c\n4,d\n100,e\n", "x,t\n1,a\n2,b\n3,c\n4,d\n"},
    {"{\"method\": \"iqr\"}", "x\n0\n0\n0\n0\n7\n", "x\n0\n0\n0\n0\n7\n"},
    {"{\"method\": \"iqr\", \"low\": 0.1}", "x\n1\n", "error: \"low\" needs method=quantile"},
};

static const char *const notes[] = {
    "quantile: two quantiles. iqr: `fence` quartile distances beyond the quartiles. z: `limit` standard deviations around the mean. "
    "mad: `limit` scaled median absolute deviations around the median.",
    "Fences of integer columns are rounded inward, so integers stay integers.",
    "Where most values are the same the fence has no width: the column is left as it is, and that is said.", NULL};

const Step step_clip_outliers = {
    .spec = {.name = "clip_outliers",
             .doc = "pull values beyond a fence back to it, or mark them",
             .group = "repair",
             .params = params,
             .params_size = sizeof(Clip),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Fences),
    .effect = STEP_DROPS_ROWS,
    .fit = clip_outliers_fit,
    .apply = clip_outliers_apply,
    .describe = clip_outliers_describe,
};
