/* What a part can say: a metric that is undefined even when every output is right (AUC where one class occurs, R squared of one
 * value) is undefined because of the rows, whatever is trained. */
#include <math.h>
#include <string.h>

#include "learn/batch.h"
#include "learn/learn.h"

enum { FEW_ROWS = 10 };

static Value *metrics_of_right_outputs(const TargetInfo *target, const Dataset *data)
{
    Error ignored = {0}; /* a metric that fails does so again at the first epoch, and is heard there */
    size_t width = target_outputs(target);
    float *outputs = mem_try_alloc((data->rows + 1) * width, sizeof *outputs, NULL);
    for (size_t i = 0; data->labels && i < data->rows; i++)
        outputs[i * width + (size_t)data->labels[i]] = 1;
    for (size_t i = 0; !data->labels && i < data->rows * width; i++)
        outputs[i] = data->values[i];
    Value *metrics = metrics_of(target, data, outputs, 0.5, &ignored);
    mem_free(outputs);
    return metrics;
}

bool metric_is_defined(const char *name, const TargetInfo *target, const Dataset *data)
{
    TextList asked = {0};
    TargetInfo own = *target;
    text_list_add(&asked, name);
    own.also = strchr(name, '(') ? &asked : NULL;
    Value *metrics = metrics_of_right_outputs(&own, data);
    text_list_done(&asked);
    bool is_defined = !metrics || isfinite(value_get_real(metrics, name, 0));
    value_free(metrics);
    return is_defined;
}

static char *why_undefined(const TargetInfo *target, const Dataset *data, const char *part)
{
    const char *rows = data->rows == 1 ? "the only row" : "all rows";
    if (target->is_classes)
        return text_format("%s of the %s part ha%s %s \"%s\"", rows, part, data->rows == 1 ? "s" : "ve", target->name,
                           target->classes.items[data->labels[0]]);
    return text_format("%s of the %s part ha%s the same %s", rows, part, data->rows == 1 ? "s" : "ve", target->name);
}

/* Where values differ, the only figures that are undefined are those that ask for an order in time, which no part ever had. */
static bool is_one_value(const TargetInfo *target, const Dataset *data)
{
    size_t width = target_outputs(target);
    for (size_t i = width; !target->is_classes && i < data->rows * width; i++)
        if (data->values[i] != data->values[i % width])
            return false;
    return true;
}

static void note_undefined(const TargetInfo *target, const Dataset *data, Part part, TextList *notes)
{
    Value *metrics = metrics_of_right_outputs(target, data);
    Text names = {0};
    size_t count = 0;
    for (size_t i = 0; metrics && i < metrics->size; i++)
        if (!isfinite(value_number(metrics->items[i])))
            text_addf(&names, "%s%s.%s", count++ ? ", " : "", part_name(part), metrics->keys[i]);
    if (count && is_one_value(target, data)) {
        static const char *const titles[] = {"training", "validation", "test"};
        char *why = why_undefined(target, data, titles[part]);
        char *note = text_format("%s: %s %s undefined", why, text_get(&names), count == 1 ? "is" : "are");
        text_list_add(notes, note);
        mem_free(note);
        mem_free(why);
    }
    text_done(&names);
    value_free(metrics);
}

static size_t rows_of_class(const Dataset *data, size_t class)
{
    size_t rows = 0;
    for (size_t i = 0; i < data->rows; i++)
        rows += data->labels[i] == (int32_t) class;
    return rows;
}

/* What a net never saw it never answers. Where all rows are of one class that is said instead. */
static void note_unseen(const TargetInfo *target, const Dataset *train, TextList *notes)
{
    size_t classes = target_classes(target);
    if (!classes || !train->rows || rows_of_class(train, (size_t)train->labels[0]) == train->rows)
        return;
    for (size_t class = 0; class < classes; class ++) {
        if (rows_of_class(train, class))
            continue;
        char *note = text_format("class \"%s\" of %s has no row in the training part: the net cannot learn it",
                                 target->classes.items[class], target->name);
        text_list_add(notes, note);
        mem_free(note);
    }
}

void notes_of_parts(const TargetInfo *target, const Dataset *train, const Dataset *valid, TextList *notes)
{
    note_undefined(target, train, PART_TRAIN, notes);
    note_unseen(target, train, notes);
    if (!valid->rows) {
        text_list_add(notes, "the validation part has no rows: nothing but the training rows themselves says how good an epoch is");
        return;
    }
    note_undefined(target, valid, PART_VALID, notes);
    if (valid->rows < FEW_ROWS) {
        char *note = text_format("the validation part has %zu row%s: its figures say little", valid->rows, valid->rows == 1 ? "" : "s");
        text_list_add(notes, note);
        mem_free(note);
    }
}
