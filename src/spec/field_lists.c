/* Lists that belong together: lengths, items and order, as the rows declare them. This is the one check of what comes from outside,
 * so that no reader of a struct has to look behind the end of a list again. */
#include <stdlib.h>

#include "spec/field_types.h"
#include "spec/params.h"

typedef struct Lists {
    const Field *fields;
    const void *data;
    const char *what;
} Lists;

static bool list_size(const Field *f, const void *data, size_t *out)
{
    const void *slot = field_in(f, data);
    switch (f->type) {
    case FIELD_COLUMNS:
    case FIELD_TEXTS: *out = ((const TextList *)slot)->count; return true;
    case FIELD_NUMBERS: *out = ((const NumberList *)slot)->count; return true;
    case FIELD_VALUE: *out = *(Value *const *)slot ? (*(Value *const *)slot)->size : 0; return true;
    default: return false;
    }
}

static bool check_length(const Lists *l, const Field *f, size_t size, Error *e)
{
    const Field *other = f->length_of ? fields_find(l->fields, f->length_of) : NULL;
    size_t wanted;
    if (!other || !list_size(other, l->data, &wanted) || size == wanted)
        return true;
    return error_set(e, ERROR_FAILED, "%s: \"%s\" has %zu items, but \"%s\" has %zu; one for each is due", l->what, f->name, size,
                     other->name, wanted);
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static bool check_unique(const Lists *l, const Field *f, const char *const *texts, size_t count, Error *e)
{
    const char **sorted = mem_alloc((count + 1) * sizeof *sorted);
    const char *twice = NULL;
    if (count)
        memcpy(sorted, texts, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_text);
    for (size_t i = 1; i < count && !twice; i++)
        twice = text_equal(sorted[i - 1], sorted[i]) ? sorted[i] : NULL;
    mem_free(sorted);
    return !twice || error_set(e, ERROR_FAILED, "%s: \"%s\" holds \"%s\" twice", l->what, f->name, twice);
}

static bool check_choices(const Lists *l, const Field *f, const TextList *texts, Error *e)
{
    for (size_t i = 0; f->choices && i < texts->count; i++) {
        const char *const *at = f->choices;
        while (*at && !text_equal(*at, texts->items[i]))
            at++;
        if (!*at)
            return field_refuse_choice(f, texts->items[i], l->what, ERROR_FAILED, e);
    }
    return true;
}

/* Of a list of lists: as long as the list of the other one at the same place. */
static bool check_length_at(const Lists *l, const Field *element, size_t at, size_t size, Error *e)
{
    const Field *other = element->length_of ? fields_find(l->fields, element->length_of) : NULL;
    if (!other || !other->element)
        return check_length(l, element, size, e);
    const Value *lists = *(Value *const *)field_in(other, l->data);
    size_t wanted = lists && at < lists->size ? value_items(lists->items[at]) : 0;
    return size == wanted ||
           error_set(e, ERROR_FAILED, "%s: \"%s\": item %zu has %zu items, but that of \"%s\" has %zu; one for each is due", l->what,
                     element->name, at + 1, size, other->name, wanted);
}

static bool is_item(const Value *v, const Field *element)
{
    if (element->type == FIELD_NUMBERS)
        return value_is_number(v) && value_number(v) >= element->min && value_number(v) <= element->max;
    return (v->type == VALUE_NULL && element->nullable) || v->type == VALUE_TEXT;
}

/* A list inside a free value: numbers in their range; texts, or nulls where they are allowed. */
static bool check_element(const Lists *l, const Field *f, size_t at, const Value *item, Error *e)
{
    const Field *element = f->element;
    if (item->type != VALUE_LIST)
        return error_set(e, ERROR_FAILED, "%s: \"%s\": item %zu must be a list, found a %s", l->what, f->name, at + 1,
                         value_type_name(item->type));
    if (!check_length_at(l, element, at, item->size, e))
        return false;
    const char **texts = mem_alloc((item->size + 1) * sizeof *texts);
    bool ok = true;
    for (size_t i = 0; ok && i < item->size; i++) {
        texts[i] = item->items[i]->text;
        ok = is_item(item->items[i], element) ||
             error_set(e, ERROR_FAILED, "%s: \"%s\": item %zu holds a %s where a %s is due", l->what, f->name, at + 1,
                       value_type_name(item->items[i]->type), element->type == FIELD_NUMBERS ? "number in its range" : "text");
    }
    ok = ok && (!element->unique || check_unique(l, element, texts, item->size, e));
    mem_free(texts);
    return ok;
}

static bool check_value(const Lists *l, const Field *f, const Value *v, Error *e)
{
    if (!f->element || !v)
        return true;
    if (v->type != VALUE_LIST)
        return error_set(e, ERROR_FAILED, "%s: \"%s\" must be a list of lists, found a %s", l->what, f->name, value_type_name(v->type));
    for (size_t i = 0; i < v->size; i++)
        if (!check_element(l, f, i, v->items[i], e))
            return false;
    return true;
}

static bool check_order(const Lists *l, const Field *f, Error *e)
{
    const Field *other = f->not_below ? fields_find(l->fields, f->not_below) : NULL;
    const NumberList *lows = other ? field_in(other, l->data) : NULL, *highs = field_in(f, l->data);
    for (size_t i = 0; lows && i < lows->count && i < highs->count; i++)
        if (highs->items[i] < lows->items[i])
            return error_set(e, ERROR_FAILED, "%s: \"%s\" is below \"%s\" in item %zu", l->what, f->name, other->name, i + 1);
    return true;
}

static bool check_list(const Lists *l, const Field *f, Error *e)
{
    const void *slot = field_in(f, l->data);
    size_t size;
    if (!list_size(f, l->data, &size) || (!size && f->def))
        return true;
    bool is_texts = f->type == FIELD_COLUMNS || f->type == FIELD_TEXTS;
    const TextList *texts = is_texts ? slot : NULL;
    if (f->type == FIELD_VALUE && !check_value(l, f, *(Value *const *)slot, e))
        return false;
    if (texts && (!check_choices(l, f, texts, e) || (f->unique && !check_unique(l, f, (const char *const *)texts->items, texts->count, e))))
        return false;
    return check_length(l, f, size, e) && check_order(l, f, e);
}

bool fields_check_lists(const Field *fields, const void *data, const char *what, Error *e)
{
    Lists l = {fields, data, what};
    for (const Field *f = fields; f && f->name; f++)
        if (!check_list(&l, f, e))
            return false;
    return true;
}
