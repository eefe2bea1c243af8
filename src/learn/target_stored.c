/* A target as a model file holds it. One output is written as it always was, several as lists in their order. */
#include <float.h>
#include <math.h>

#include "learn/batch.h"

static Value *numbers(const TargetInfo *t, size_t offset)
{
    Value *list = value_list();
    for (size_t i = 0; i < t->outputs_count; i++)
        value_add(list, value_real(*(const double *)((const char *)&t->outputs[i] + offset)));
    return list;
}

static void set_range(Value *v, const TargetInfo *t)
{
    value_set(v, "lows", numbers(t, offsetof(TargetOutput, low)));
    value_set(v, "highs", numbers(t, offsetof(TargetOutput, high)));
}

static void set_outputs(Value *v, const TargetInfo *t)
{
    Value *names = value_list();
    for (size_t i = 0; i < t->outputs_count; i++)
        value_add(names, value_text(t->outputs[i].name));
    value_set(v, "outputs", names);
    value_set(v, "means", numbers(t, offsetof(TargetOutput, mean)));
    value_set(v, "sds", numbers(t, offsetof(TargetOutput, sd)));
    value_set(v, "naives", numbers(t, offsetof(TargetOutput, naive)));
    if (t->outputs[0].is_held)
        set_range(v, t);
    if (t->outputs[0].quantile > 0) {
        value_set(v, "quantiles", numbers(t, offsetof(TargetOutput, quantile)));
        value_set(v, "quantiles_each", value_int((int64_t)(t->outputs_count / target_numbers(t))));
    }
    value_set(v, "horizon", value_int(t->horizon));
    value_set(v, "season", value_int(t->season));
    value_set(v, "relative", value_flag(t->relative));
}

/* An array of one number is one output with a name of its own. */
static bool is_plain(const TargetInfo *t)
{
    return t->outputs_count == 1 && text_equal(t->outputs[0].name, t->name) && t->outputs[0].quantile == 0;
}

Value *target_to_value(const TargetInfo *t)
{
    Value *v = value_map(), *classes = value_list();
    for (size_t i = 0; i < t->classes.count; i++)
        value_add(classes, value_text(t->classes.items[i]));
    value_set(v, "name", value_text(t->name ? t->name : ""));
    value_set(v, "kind", value_text(t->is_classes ? "classes" : "values"));
    value_set(v, "classes", classes);
    value_set(v, "positive", value_int(t->positive));
    value_set(v, "mean", value_real(is_plain(t) ? t->outputs[0].mean : 0));
    value_set(v, "sd", value_real(is_plain(t) ? t->outputs[0].sd : 1));
    if (is_plain(t) && t->outputs[0].naive > 0)
        value_set(v, "naive", value_real(t->outputs[0].naive));
    if (is_plain(t) && t->outputs[0].is_held)
        set_range(v, t);
    if (!t->is_classes && !is_plain(t))
        set_outputs(v, t);
    if (t->inputs) {
        value_set(v, "is_input", value_flag(t->is_input));
        value_set(v, "inputs", value_int((int64_t)t->inputs));
        value_set(v, "error_scale", value_real(t->error_scale));
    }
    if (t->class_weights) {
        Value *weights = value_list();
        for (size_t i = 0; i < t->classes.count; i++)
            value_add(weights, value_real(t->class_weights[i]));
        value_set(v, "class_weights", weights);
    }
    if (t->costs) {
        Value *costs = value_list();
        for (size_t i = 0; i < t->classes.count * t->classes.count; i++)
            value_add(costs, value_real(t->costs[i]));
        value_set(v, "costs", costs);
    }
    return v;
}

typedef struct StoredTarget {
    char *name;
    int kind;
    TextList classes;
    int64_t positive;
    double mean, sd, naive;
    NumberList class_weights, costs, means, sds, naives, quantiles, lows, highs;
    int64_t quantiles_each, inputs;
    double error_scale;
    bool is_input;
    TextList outputs;
    int64_t horizon, season;
    bool relative;
} StoredTarget;

enum { KIND_CLASSES };
static const char *const kinds[] = {"classes", "values", NULL};

static const Field stored_rows[] = {
    {TEXT_FIELD(StoredTarget, name), .doc = "column"},
    {CHOICE_FIELD(StoredTarget, kind), .doc = "classes or values", .choices = kinds},
    {TEXTS_FIELD(StoredTarget, classes), .doc = "in the order of the outputs", .def = "", .unique = true},
    {INT_FIELD(StoredTarget, positive), .doc = "index of a class", .def = "-1", .min = -1, .max = 1e6},
    {REAL_FIELD(StoredTarget, mean), .doc = "of the training rows", .def = "0", .min = -DBL_MAX, .max = DBL_MAX},
    {REAL_FIELD(StoredTarget, sd), .doc = "of the training rows", .def = "1", .max = DBL_MAX},
    {REAL_FIELD(StoredTarget, naive), .doc = "mean absolute change from row to row in time", .def = "0", .max = DBL_MAX},
    {NUMBERS_FIELD(StoredTarget, class_weights), .doc = "of the loss", .def = "", .max = DBL_MAX, .length_of = "classes"},
    {NUMBERS_FIELD(StoredTarget, costs), .doc = "of decisions, a row of them for each true class", .def = "", .max = DBL_MAX},
    {TEXTS_FIELD(StoredTarget, outputs), .doc = "names of the numbers of an array; none: it is one number", .def = "", .unique = true},
    {NUMBERS_FIELD(StoredTarget, means), .doc = "of each over the training rows", .def = "", .min = -DBL_MAX, .max = DBL_MAX,
     .length_of = "outputs"},
    {NUMBERS_FIELD(StoredTarget, sds), .doc = "of each over the training rows", .def = "", .min = DBL_MIN, .max = DBL_MAX,
     .length_of = "outputs"},
    {NUMBERS_FIELD(StoredTarget, naives), .doc = "of each", .def = "", .max = DBL_MAX, .length_of = "outputs"},
    {NUMBERS_FIELD(StoredTarget, quantiles), .doc = "that each learns; none: the numbers themselves", .def = "", .min = DBL_MIN, .max = 1},
    {NUMBERS_FIELD(StoredTarget, lows), .doc = "least value of each output; none: any", .def = "", .min = -DBL_MAX, .max = DBL_MAX},
    {NUMBERS_FIELD(StoredTarget, highs), .doc = "largest value of each output", .def = "", .min = -DBL_MAX, .max = DBL_MAX,
     .length_of = "lows"},
    {INT_FIELD(StoredTarget, quantiles_each), .doc = "outputs of a number", .def = "1", .min = 1, .max = 1e6},
    {FLAG_FIELD(StoredTarget, is_input), .doc = "no column: the net learns its input again", .def = "false"},
    {INT_FIELD(StoredTarget, inputs), .doc = "numbers of the input that the net gives again; 0: it does not", .def = "0", .max = 1e9},
    {REAL_FIELD(StoredTarget, error_scale), .doc = "error of the input from which on a row is positive", .def = "0", .max = DBL_MAX},
    {INT_FIELD(StoredTarget, horizon), .doc = "later rows that the outputs are of; 0: they are of something else", .def = "0", .max = 1e9},
    {INT_FIELD(StoredTarget, season), .doc = "rows after which the series is most like itself; 0: not known", .def = "0", .max = 1e9},
    {FLAG_FIELD(StoredTarget, relative), .doc = "outputs are differences from the row itself", .def = "false"},
    {0},
};

static void take_outputs(TargetInfo *t, const StoredTarget *s)
{
    bool is_one = !s->outputs.count;
    t->outputs_count = is_one ? 1 : s->outputs.count;
    t->outputs = mem_alloc(t->outputs_count * sizeof *t->outputs);
    for (size_t i = 0; i < t->outputs_count; i++) {
        TargetOutput *o = &t->outputs[i];
        *o = is_one ? (TargetOutput){.name = mem_strdup(s->name), .mean = s->mean, .sd = s->sd, .naive = s->naive}
                    : (TargetOutput){.name = mem_strdup(s->outputs.items[i]),
                                     .mean = s->means.items[i],
                                     .sd = s->sds.items[i],
                                     .naive = s->naives.items[i]};
        o->number = i / (size_t)s->quantiles_each;
        o->quantile = s->quantiles.count ? s->quantiles.items[i] : 0;
        o->is_held = i < s->lows.count;
        o->low = o->is_held ? s->lows.items[i] : 0;
        o->high = o->is_held ? s->highs.items[i] : 0;
    }
}

static bool check_quantiles(const StoredTarget *s, Error *e)
{
    size_t count = s->quantiles.count;
    return (count ? count == s->outputs.count && count % (size_t)s->quantiles_each == 0 : s->quantiles_each == 1) ||
           error_set(e, ERROR_FAILED, "its target: %zu quantiles, %lld of a number, are not those of its outputs", count,
                     (long long)s->quantiles_each);
}

static bool check_range(const StoredTarget *s, Error *e)
{
    size_t outputs = s->outputs.count ? s->outputs.count : 1;
    bool is_right = !s->lows.count || (s->kind != KIND_CLASSES && s->lows.count == outputs);
    for (size_t i = 0; i < s->lows.count; i++)
        is_right = is_right && s->lows.items[i] <= s->highs.items[i];
    return is_right || error_set(e, ERROR_FAILED, "its target: %zu lows and highs are no ranges of its outputs", s->lows.count);
}

/* What gives its input again tells one of two classes by a scale. */
static bool check_input(const TargetInfo *t, Error *e)
{
    bool is_right = t->inputs ? t->is_classes && t->classes.count == 2 && t->positive >= 0 && t->error_scale > 0 : !t->is_input;
    return is_right || error_set(e, ERROR_FAILED,
                                 "its target: a net that gives its input again needs two classes, a positive one, and an "
                                 "error_scale above 0");
}

static bool check_kept(const TargetInfo *t, const StoredTarget *s, Error *e)
{
    size_t horizon = (size_t)t->horizon, numbers = target_numbers(t);
    if (horizon && (horizon > numbers || numbers % horizon))
        return error_set(e, ERROR_FAILED, "its target: %zu outputs are not those of %zu rows", t->outputs_count, horizon);
    if (t->is_classes ? t->classes.count >= 2 && t->positive < (int)t->classes.count && !s->outputs.count
                      : s->sd > 0 && !t->classes.count && t->positive == -1)
        return true;
    return error_set(e, ERROR_FAILED, "its target: %s",
                     t->is_classes ? "fewer than two classes, a positive one that is not among them, or outputs beside them"
                                   : "values need a standard deviation above 0 and no classes");
}

/* Takes them out of s. */
static bool take_costs(TargetInfo *t, StoredTarget *s, Error *e)
{
    size_t classes = t->classes.count, count = s->costs.count;
    if (count != classes * classes && count)
        return error_set(e, ERROR_FAILED, "its target: %zu costs are not those of %zu classes", count, classes);
    if (count) {
        t->costs = s->costs.items;
        s->costs.items = NULL;
    }
    return true;
}

/* Takes what it keeps out of s. */
static bool take_stored(TargetInfo *t, StoredTarget *s, Error *e)
{
    *t = (TargetInfo){.name = s->name,
                      .classes = s->classes,
                      .is_classes = s->kind == KIND_CLASSES,
                      .positive = (int)s->positive,
                      .horizon = s->horizon,
                      .season = s->season,
                      .relative = s->relative,
                      .is_input = s->is_input,
                      .inputs = (size_t)s->inputs,
                      .error_scale = s->error_scale,
                      .class_weights = s->class_weights.items};
    bool ok = check_quantiles(s, e) && check_range(s, e);
    if (ok && !t->is_classes)
        take_outputs(t, s);
    if (!s->class_weights.count) {
        mem_free(t->class_weights);
        t->class_weights = NULL;
    }
    ok = ok && take_costs(t, s, e) && check_kept(t, s, e) && check_input(t, e);
    mem_free(s->costs.items);
    mem_free(s->quantiles.items);
    text_list_done(&s->outputs);
    mem_free(s->means.items);
    mem_free(s->sds.items);
    mem_free(s->naives.items);
    mem_free(s->lows.items);
    mem_free(s->highs.items);
    return ok;
}

bool target_from_value(TargetInfo *t, const Value *v, Error *e)
{
    StoredTarget s = {0};
    *t = (TargetInfo){.positive = -1};
    if (fields_from_value(stored_rows, &s, v, "its target", e))
        return take_stored(t, &s, e);
    fields_done(stored_rows, &s);
    return false;
}
