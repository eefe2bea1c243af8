/* What the target is: sorted classes with a positive one, or a number to be standardized. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "learn/batch.h"

enum { CLASSES_MOST = 1000, COUNTS_MOST = 30 };

typedef struct Level {
    const char *text;
    double number;
    size_t rows;
} Level;

static int by_text(const void *a, const void *b)
{
    return strcmp(((const Level *)a)->text, ((const Level *)b)->text);
}

static int by_number(const void *a, const void *b)
{
    double x = ((const Level *)a)->number, y = ((const Level *)b)->number;
    return (x > y) - (x < y);
}

static bool check_array(const Roles *roles, Error *e)
{
    if (roles->target_type == TARGET_CLASSES || roles->positive)
        return error_set(e, ERROR_USAGE, "target %s holds arrays, whose numbers are predicted; %s does not go with it", roles->target,
                         roles->positive ? "positive" : "target_type = \"classes\"");
    return true;
}

static bool check_type(const Column *c, const Roles *roles, Error *e)
{
    if (column_is_wide(c))
        return check_array(roles, e);
    if (roles->target_type != TARGET_VALUES)
        return true;
    if (!column_is_numeric(c))
        return error_set(e, ERROR_USAGE, "target_type = \"values\" needs numbers, but %s is %s; cast it, or leave target_type out",
                         roles->target, column_type_name(c->type));
    return !roles->positive ||
           error_set(e, ERROR_USAGE, "positive = \"%s\" names a class, but target_type = \"values\" predicts the number; give one of both",
                     roles->positive);
}

/* Few different numbers may be classes or counts: what was chosen is said, and how to choose the other. */
static void note_type(const Column *c, size_t distinct, const Roles *roles, TextList *notes)
{
    bool is_number = c->type == COLUMN_INT || c->type == COLUMN_REAL, is_binary = c->type == COLUMN_INT && distinct == 2;
    if (roles->target_type != TARGET_AUTO || roles->positive || !is_number || is_binary || distinct > COUNTS_MOST)
        return;
    bool is_classes = target_is_classes(c, distinct, roles);
    char *note =
        is_classes
            ? text_format("the %zu different numbers of %s are taken as classes; target_type = \"values\" predicts the number", distinct,
                          roles->target)
            : text_format("the %zu different numbers of %s are predicted as a number; target_type = \"classes\" predicts which it is",
                          distinct, roles->target);
    text_list_add(notes, note);
    mem_free(note);
}

static Level *levels_of(const Column *c, Dictionary *names, size_t *count)
{
    Level *levels = NULL;
    size_t room = 0;
    Text text = {0};
    *count = 0;
    for (size_t i = 0; i < c->rows; i++) {
        if (!column_is_valid(c, i))
            continue;
        text_clear(&text);
        column_format_key(c, i, &text);
        uint32_t code = dictionary_add(names, text_get(&text), text.size);
        if (code == *count) {
            MEM_GROW(levels, *count, room);
            levels[(*count)++] = (Level){NULL, column_is_numeric(c) ? column_real(c, i) : 0, 0};
        }
        levels[code].rows++;
    }
    for (size_t i = 0; i < *count; i++)
        levels[i].text = dictionary_get(names, (uint32_t)i, NULL);
    text_done(&text);
    return levels;
}

static bool set_positive(TargetInfo *out, const Level *levels, const char *positive, TextList *notes, Error *e)
{
    out->positive = -1;
    if (positive) {
        out->positive = target_info_class(out, positive);
        return out->positive >= 0 || error_set(e, ERROR_USAGE, "positive = \"%s\" is no class of %s; its classes begin with \"%s\", \"%s\"",
                                               positive, out->name, out->classes.items[0], out->classes.items[1]);
    }
    if (out->classes.count != 2)
        return true;
    out->positive = levels[0].rows < levels[1].rows ? 0 : 1;
    char *note = text_format("positive class is %s, the rarer one of %s", out->classes.items[out->positive], out->name);
    text_list_add(notes, note);
    mem_free(note);
    return true;
}

static bool set_classes(TargetInfo *out, Level *levels, size_t count, bool is_numeric, Error *e)
{
    out->is_classes = true;
    if (count < 2)
        return error_set(e, ERROR_FAILED, "target %s has 1 class in the data: it is \"%s\" in every row, so there is nothing to tell apart",
                         out->name, levels[0].text);
    if (count > CLASSES_MOST)
        return error_set(e, ERROR_FAILED, "target %s has %zu classes; at most %d are supported; is it an id?", out->name, count,
                         CLASSES_MOST);
    qsort(levels, count, sizeof *levels, is_numeric ? by_number : by_text);
    for (size_t i = 0; i < count; i++)
        text_list_add(&out->classes, levels[i].text);
    return true;
}

static bool find_kind(const Column *c, const Roles *roles, TargetInfo *out, TextList *notes, Error *e)
{
    Dictionary *names = dictionary_new();
    size_t count;
    Level *levels = levels_of(c, names, &count);
    bool ok = true;
    if (target_is_classes(c, count, roles))
        ok = set_classes(out, levels, count, column_is_numeric(c), e) && set_positive(out, levels, roles->positive, notes, e);
    if (ok)
        note_type(c, count, roles, notes);
    mem_free(levels);
    dictionary_unref(names);
    return ok;
}

/* Classes that no column tells: all rows are taken as normal. */
static bool set_input(TargetInfo *out, const Roles *roles, Error *e)
{
    if (roles->positive || roles->target_type != TARGET_AUTO)
        return error_set(e, ERROR_USAGE, "target = \"input\" is learned again from itself; %s does not go with it",
                         roles->positive ? "positive" : "target_type");
    out->name = mem_strdup(roles->target);
    out->is_classes = out->is_input = true;
    text_list_add(&out->classes, "normal");
    text_list_add(&out->classes, "anomaly");
    out->positive = 1;
    return true;
}

bool target_info_find(const Table *t, const Roles *roles, TargetInfo *out, TextList *notes, Error *e)
{
    *out = (TargetInfo){.positive = -1};
    if (!roles->target)
        return error_set(e, ERROR_USAGE, "no target column; name it with target = \"...\"");
    if (text_equal(roles->target, "input") && table_find(t, roles->target) == TABLE_NONE)
        return set_input(out, roles, e);
    int index = table_get(t, roles->target, e);
    if (index == TABLE_NONE)
        return error_prefix(e, "target: ");
    const Column *c = t->columns[index];
    if (c->type == COLUMN_DATE || c->type == COLUMN_TIME)
        return error_set(e, ERROR_USAGE, "target %s is of type %s; a target is text, bool, a number or an array of numbers", roles->target,
                         column_type_name(c->type));
    if (!check_type(c, roles, e))
        return false;
    if (c->missing == c->rows)
        return error_set(e, ERROR_FAILED, "target %s has no value in any row", roles->target);
    out->name = mem_strdup(roles->target);
    if (column_is_wide(c) || find_kind(c, roles, out, notes, e)) {
        if (!out->is_classes)
            target_info_outputs(c, out);
        return true;
    }
    target_info_done(out);
    return false;
}

TargetInfo target_info_copy(const TargetInfo *t)
{
    TargetInfo copy = *t;
    copy.name = mem_strdup(t->name);
    copy.classes = text_list_copy(&t->classes);
    copy.outputs = t->outputs ? mem_copy(t->outputs, t->outputs_count * sizeof *t->outputs) : NULL;
    for (size_t i = 0; i < t->outputs_count; i++)
        copy.outputs[i].name = mem_strdup(t->outputs[i].name);
    size_t classes = t->classes.count;
    copy.costs = t->costs ? mem_copy(t->costs, classes * classes * sizeof *t->costs) : NULL;
    copy.class_weights = NULL;
    copy.also = NULL;
    if (t->class_weights) {
        copy.class_weights = mem_alloc(t->classes.count * sizeof *copy.class_weights);
        memcpy(copy.class_weights, t->class_weights, t->classes.count * sizeof *copy.class_weights);
    }
    return copy;
}

void target_info_done(TargetInfo *t)
{
    mem_free(t->name);
    text_list_done(&t->classes);
    for (size_t i = 0; i < t->outputs_count; i++)
        mem_free(t->outputs[i].name);
    mem_free(t->outputs);
    mem_free(t->class_weights);
    mem_free(t->costs);
    *t = (TargetInfo){.positive = -1};
}

int target_positive(const TargetInfo *t)
{
    return target_classes(t) == 2 ? t->positive : -1;
}

/* w = n / (k n_c), k the classes that occur: the weights of all rows add up to their number. A class without a row has weight 1. */
bool target_info_balance(TargetInfo *t, const Dataset *train, Error *e)
{
    size_t classes = target_classes(t), present = 0;
    size_t *counts = mem_try_alloc(classes + 1, sizeof *counts, e);
    if (!counts)
        return false;
    for (size_t i = 0; i < train->rows; i++)
        present += counts[train->labels[i]]++ == 0;
    mem_free(t->class_weights);
    t->class_weights = mem_alloc((classes + 1) * sizeof *t->class_weights);
    for (size_t c = 0; c < classes; c++)
        t->class_weights[c] = counts[c] ? (double)train->rows / ((double)present * (double)counts[c]) : 1;
    mem_free(counts);
    return true;
}

static bool weigh_class(TargetInfo *t, const char *name, const Value *weight, Error *e)
{
    int class = target_info_class(t, name);
    double w = weight->type == VALUE_INT ? (double)weight->integer : weight->type == VALUE_REAL ? weight->real : NAN;
    if (class < 0)
        return error_set(e, ERROR_USAGE, "class_weights: \"%s\" is no class of %s", name, t->name);
    if (!(w > 0) || !isfinite(w))
        return error_set(e, ERROR_USAGE, "class_weights: the weight of \"%s\" is no number above 0", name);
    t->class_weights[class] = w;
    return true;
}

bool target_info_weigh(TargetInfo *t, const Value *weights, Error *e)
{
    size_t classes = target_classes(t);
    if (!t->is_classes || weights->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE,
                         t->is_classes ? "class_weights: expected weights by class: { Yes = 3 }"
                                       : "class_weights: %s is a number to predict; it has no classes",
                         t->name);
    mem_free(t->class_weights);
    t->class_weights = mem_alloc((classes + 1) * sizeof *t->class_weights);
    for (size_t c = 0; c < classes; c++)
        t->class_weights[c] = 1;
    for (size_t i = 0; i < weights->size; i++)
        if (!weigh_class(t, weights->keys[i], weights->items[i], e))
            return false;
    return true;
}

int target_info_class(const TargetInfo *t, const char *text)
{
    for (size_t i = 0; i < t->classes.count; i++)
        if (text_equal(t->classes.items[i], text))
            return (int)i;
    return -1;
}

size_t target_outputs(const TargetInfo *t)
{
    return t->is_classes ? t->classes.count : t->outputs_count;
}

size_t target_net_outputs(const TargetInfo *t)
{
    return t->inputs ? t->inputs : target_outputs(t);
}

size_t target_classes(const TargetInfo *t)
{
    return t->is_classes ? t->classes.count : 0;
}
