/* select: leave out columns that say little by themselves, or what another one says already. Which ones is learned from training rows. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "steps/select_joint.h"

typedef struct Select {
    TextList columns;
    int by;
    int64_t keep;
    double variance, correlation, information, p_value, penalty, share;
} Select;

typedef struct Selected {
    TextList columns, reasons; /* of columns that stay the reason is empty */
    NumberList scores;
} Selected;

static const Field params[] = {
    {COLUMNS_FIELD(Select, columns), .doc = "columns to choose from", .def = "all", .positional = true},
    {CHOICE_FIELD(Select, by), .doc = "what a column is measured by", .def = "mutual_information", .choices = score_names},
    {INT_FIELD(Select, keep), .doc = "the best so many stay; 0: those beyond the limit", .def = "0", .max = 1000000, .soft_max = 50,
     .when = "by=variance|mutual_information|chi2|f|l1|stability|mrmr"},
    {REAL_FIELD(Select, variance), .doc = "columns of at most this variance go", .def = "0", .max = DBL_MAX, .soft_max = 0.1,
     .when = "by=variance"},
    {REAL_FIELD(Select, correlation), .doc = "a column beyond it with one that stays goes", .def = "0.95", .max = 1, .soft_min = 0.7,
     .soft_max = 0.99, .when = "by=correlation"},
    {REAL_FIELD(Select, information), .doc = "columns that tell less beyond chance go", .unit = "nats", .def = "0.005", .max = 100,
     .soft_min = 0.001, .soft_max = 0.1, .scale = SCALE_LOG, .when = "by=mutual_information"},
    {REAL_FIELD(Select, p_value), .doc = "columns that chance explains as well go", .def = "0.05", .max = 1, .soft_min = 0.001,
     .soft_max = 0.1, .scale = SCALE_LOG, .when = "by=chi2|f"},
    {REAL_FIELD(Select, penalty), .doc = "on the size of weights; a larger one leaves fewer columns", .def = "0.01", .min = 1e-9,
     .max = 1000, .soft_min = 0.001, .soft_max = 0.1, .scale = SCALE_LOG, .when = "by=l1|stability"},
    {REAL_FIELD(Select, share), .doc = "columns that fewer halves of the rows give a weight go", .def = "0.6", .max = 1, .soft_min = 0.5,
     .soft_max = 0.9, .when = "by=stability"},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(Selected, columns), .doc = "columns measured, the best first", .unique = true},
    {NUMBERS_FIELD(Selected, scores), .doc = "what was measured of each", .min = -INFINITY, .max = INFINITY, .length_of = "columns"},
    {TEXTS_FIELD(Selected, reasons), .doc = "why each goes; empty: it stays", .length_of = "columns"},
    {0},
};

/* Columns found, with what was measured of each. */
typedef struct Choice {
    const StepInput *in;
    TextList names;
    ColumnScore *scores;
    char **reasons; /* NULL: it stays */
} Choice;

static const Select *params_of(const Choice *x)
{
    return x->in->params;
}

static void choice_done(Choice *x)
{
    for (size_t i = 0; x->reasons && i < x->names.count; i++)
        mem_free(x->reasons[i]);
    mem_free(x->reasons);
    mem_free(x->scores);
    text_list_done(&x->names);
}

/* Columns that the measure can take. One that was named is refused, of the others it is said that they stay. */
static bool find_columns(Choice *x, Error *e)
{
    const Select *p = params_of(x);
    TextList found = {0}, passed = {0};
    bool ok = step_target_resolve(x->in, &p->columns, false, &found, e);
    for (size_t i = 0; ok && i < found.count; i++) {
        const char *name = found.items[i], *why = score_refuses(p->by, table_column(x->in->rows, name));
        if (why && text_list_has(&p->columns, name))
            ok = error_set(e, ERROR_USAGE, "%s %s: %s says nothing of it; leave it out", name, why, score_names[p->by]);
        text_list_add(why ? &passed : &x->names, name);
    }
    if (ok && passed.count) {
        Text list = {0};
        tools_list(&passed, &list);
        tools_note(x->in, "%s says nothing of %s: not measured, and kept", score_names[p->by], text_get(&list));
        text_done(&list);
    }
    x->scores = mem_alloc((x->names.count + 1) * sizeof *x->scores);
    x->reasons = mem_alloc((x->names.count + 1) * sizeof *x->reasons);
    text_list_done(&found);
    text_list_done(&passed);
    return ok;
}

/* A column goes when one that stays says the same. */
static bool choose_by_correlation(Job *job, Choice *x, Error *e)
{
    for (size_t i = 0; i < x->names.count; i++) {
        const Column *c = table_column(x->in->rows, x->names.items[i]);
        size_t nearest = SIZE_MAX;
        for (size_t k = 0; k < i; k++) {
            if (!job_go_on(job, e))
                return false;
            double r = x->reasons[k] ? 0 : fabs(score_correlation(c, table_column(x->in->rows, x->names.items[k])));
            if (r > x->scores[i].score) {
                x->scores[i].score = r;
                nearest = k;
            }
        }
        if (x->scores[i].score > params_of(x)->correlation)
            x->reasons[i] = text_format("its correlation with %s is %.3f in magnitude", x->names.items[nearest], x->scores[i].score);
    }
    return true;
}

static bool measure(Job *job, Choice *x, Error *e)
{
    const Select *p = params_of(x);
    StepTarget target = {0};
    bool ok = p->by == SCORE_VARIANCE || step_target_read(x->in, &target, e);
    if (ok && p->by == SCORE_CHI2 && !target.labels)
        ok = error_set(e, ERROR_USAGE, "chi2 needs a target of classes, and %s is a number; use f or mutual_information", target.name);
    if (ok && score_is_joint(p->by))
        ok = score_jointly(job, &(JointTask){p->by, x->in, &x->names, &target, (size_t)p->keep, p->penalty}, x->scores, e);
    for (size_t i = 0; ok && !score_is_joint(p->by) && i < x->names.count; i++)
        ok = job_go_on(job, e) && score_column(p->by, table_column(x->in->rows, x->names.items[i]), &target, &x->scores[i], e);
    step_target_done(&target);
    return ok;
}

/* In the order they were chosen, by what chance explains least, else by the score; equal ones in their order. */
static bool is_better(const Choice *x, size_t a, size_t b)
{
    const ColumnScore *s = &x->scores[a], *t = &x->scores[b];
    if (s->place != t->place)
        return s->place && (!t->place || s->place < t->place);
    if (!isnan(s->p) && s->p != t->p)
        return s->p < t->p;
    return s->score != t->score ? s->score > t->score : a < b;
}

static char *reason_of(const Choice *x, size_t i)
{
    const ColumnScore *s = &x->scores[i];
    switch (params_of(x)->by) {
    case SCORE_VARIANCE: return text_format("its variance is %.4g", s->score);
    case SCORE_INFORMATION: return text_format("it tells %.4f nats of the target beyond chance", s->score);
    case SCORE_L1:
        return params_of(x)->keep ? mem_strdup("others get a weight before it does")
                                  : text_format("its weight is 0 at a penalty of %.4g", params_of(x)->penalty);
    case SCORE_STABILITY: return text_format("%.0f of %d halves give it a weight", s->score * STABILITY_HALVES, STABILITY_HALVES);
    case SCORE_MRMR: return text_format("it tells %.4f nats of the target more than it shares with those that stay", s->score);
    default: return text_format("%s is %.4g, p = %.3g", score_names[params_of(x)->by], s->score, s->p);
    }
}

static bool is_below_limit(const Choice *x, size_t i)
{
    const Select *p = params_of(x);
    switch (p->by) {
    case SCORE_VARIANCE: return x->scores[i].score <= p->variance;
    case SCORE_INFORMATION: return x->scores[i].score < p->information;
    case SCORE_L1: return x->scores[i].score <= 0;
    case SCORE_STABILITY: return x->scores[i].score < p->share - 1e-9;
    case SCORE_MRMR: return !x->scores[i].place;
    default: return !(x->scores[i].p <= p->p_value);
    }
}

static void choose_by_score(Choice *x)
{
    const Select *p = params_of(x);
    for (size_t i = 0; i < x->names.count; i++) {
        size_t better = 0;
        for (size_t k = 0; p->keep && k < x->names.count; k++)
            better += is_better(x, k, i);
        if (p->keep ? better >= (size_t)p->keep : is_below_limit(x, i))
            x->reasons[i] = reason_of(x, i);
    }
}

/* The best first; where columns are compared with one another, as they stand. Free with mem_free. */
static size_t *order_of(const Choice *x)
{
    size_t *order = mem_alloc((x->names.count + 1) * sizeof *order);
    for (size_t i = 0; i < x->names.count; i++) {
        size_t at = i;
        for (; at > 0 && params_of(x)->by != SCORE_CORRELATION && is_better(x, i, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

static void keep_choice(const Choice *x, Selected *s)
{
    size_t gone = 0, *order = order_of(x);
    for (size_t place = 0; place < x->names.count; place++) {
        size_t i = order[place];
        text_list_add(&s->columns, x->names.items[i]);
        text_list_add(&s->reasons, x->reasons[i] ? x->reasons[i] : "");
        tools_add_number(&s->scores, x->scores[i].score);
        if (x->reasons[i])
            tools_note(x->in, "%s goes: %s", x->names.items[i], x->reasons[i]);
        gone += x->reasons[i] != NULL;
    }
    mem_free(order);
    if (!gone)
        tools_note(x->in, "every column stays");
    else if (gone == x->names.count)
        tools_note(x->in, "no column stays");
}

static bool select_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    Choice x = {.in = in};
    bool ok = find_columns(&x, e);
    if (ok && params_of(&x)->by == SCORE_CORRELATION) {
        ok = choose_by_correlation(job, &x, e);
    } else if (ok) {
        ok = measure(job, &x, e);
        choose_by_score(&x);
    }
    if (ok)
        keep_choice(&x, state);
    choice_done(&x);
    return ok;
}

/* A column that goes may be absent from the start. */
static bool select_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job;
    const Selected *s = state;
    int *columns = mem_alloc((s->columns.count + 1) * sizeof *columns);
    size_t count = 0;
    for (size_t i = 0; i < s->columns.count; i++) {
        int at = *s->reasons.items[i] ? table_find(in->rows, s->columns.items[i]) : TABLE_NONE;
        if (at != TABLE_NONE)
            columns[count++] = at;
    }
    *out = table_without(in->rows, columns, count, e);
    mem_free(columns);
    return *out != NULL;
}

static void select_describe(const void *params_used, const void *state, Text *out)
{
    const Select *p = params_used;
    const Selected *s = state;
    TextList gone = {0};
    for (size_t i = 0; s && i < s->columns.count; i++)
        if (*s->reasons.items[i])
            text_list_add(&gone, s->columns.items[i]);
    if (p->keep)
        text_addf(out, "the %lld best ", (long long)p->keep);
    text_addf(out, "by %s", score_names[p->by]);
    if (s)
        text_addf(out, ": %zu of %zu go%s", gone.count, s->columns.count, gone.count ? ", " : "");
    tools_list(&gone, out);
    text_list_done(&gone);
}

static const Example examples[] = {
    {"{\"by\": \"variance\"}", "a,b,t\n1,5,u\n2,5,v\n3,5,w\n", "a,t\n1,u\n2,v\n3,w\n"},
    {"{\"by\": \"correlation\"}", "a,b,c\n1,10,3\n2,20,1\n3,30,2\n", "a,c\n1,3\n2,1\n3,2\n"},
    {"{\"keep\": 1}", "a,b,y\n1,u,no\n1,v,yes\n2,u,no\n2,v,yes\n", "b,y\nu,no\nv,yes\nu,no\nv,yes\n"},
    {"{\"by\": \"l1\", \"penalty\": 0.1}", "a,b,y\n1,3,1.1\n2,1,2\n3,2,3\n4,3,3.9\n5,1,5.2\n", "a,y\n1,1.1\n2,2\n3,3\n4,3.9\n5,5.2\n"},
    {"{\"by\": \"mrmr\", \"keep\": 2}", "a,b,c,y\n0,0,0,no\n0,0,1,no\n1,1,0,no\n1,1,1,yes\n", "a,c,y\n0,0,no\n0,1,no\n1,0,no\n1,1,yes\n"},
    {"{\"by\": \"chi2\"}", "a,y\n1,0.5\n2,1.5\n3,2.5\n", "error: chi2 needs a target of classes"},
    {"{\"by\": \"correlation\", \"keep\": 3}", "a,b\n1,2\n", "error: \"keep\" needs by=variance"},
};

static const char *const notes[] = {
    "variance: of the numbers as they are. correlation: Pearson's with a column that stands before and stays. mutual_information: of "
    "levels, "
    "and of numbers in ten parts of equally many rows, less what shuffled rows would tell. chi2: amounts of 0 or more as scikit-learn "
    "takes them, levels as a table of counts. f: "
    "analysis of variance, or the regression on a number.",
    "All are learned from training rows. keep = 10 keeps the ten best; without it the limit of the measure decides. Which columns go, and "
    "why, is said. A model does not ask its rows for columns that went.",
    "l1: a linear model of all numbers, each at spread 1, pays for the size of its weights, and columns whose weights are exactly 0 go; "
    "with "
    "keep those stay that get a weight first as the penalty falls. It is scikit-learn's Lasso with alpha = penalty times the spread of the "
    "target, or LogisticRegression with an L1 penalty and C = 1 / (rows * penalty). stability: the share of 50 random halves of the rows "
    "in "
    "which l1 gives a weight; columns that stay by luck rarely come again. mrmr: one after the other, the column that tells most of the "
    "target less what it shares on average with those chosen before, as long as that is above 0.",
    "The others measure each column alone: what only two together tell is not seen. A net sees it: select_features ranks by what a "
    "trained one loses.",
    NULL};

const Step step_select = {
    .spec = {.name = "select",
             .doc = "leave out columns that say little, or what another says already",
             .group = "columns",
             .params = params,
             .params_size = sizeof(Select),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Selected),
    .effect = STEP_MAP,
    .uses_target = true,
    .only_names = true,
    .fit = select_fit,
    .apply = select_apply,
    .describe = select_describe,
};
