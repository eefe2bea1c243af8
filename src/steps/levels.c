/* Counting levels when learning, finding them again when applying, and numbers in their place. */
#include "steps/levels.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static const Field text_list = {.name = "levels", .type = FIELD_TEXTS, .unique = true};
static const Field number_list = {.name = "values", .type = FIELD_NUMBERS, .min = -DBL_MAX, .max = DBL_MAX, .length_of = "levels"};
const Field level_map_fields[] = {
    {COLUMNS_FIELD(LevelMap, columns), .doc = "column of each output"},
    {TEXTS_FIELD(LevelMap, outputs), .doc = "columns made, or the columns themselves", .unique = true, .length_of = "columns"},
    {VALUE_FIELD(LevelMap, levels), .doc = "levels of each", .element = &text_list, .length_of = "columns"},
    {VALUE_FIELD(LevelMap, values), .doc = "number of each level", .element = &number_list, .length_of = "columns"},
    {NUMBERS_FIELD(LevelMap, unknown), .doc = "number of a level not seen in training", .min = -DBL_MAX, .max = DBL_MAX,
     .length_of = "columns"},
    {NUMBERS_FIELD(LevelMap, missing), .doc = "number of a missing cell", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {0},
};

static int by_text(const void *a, const void *b)
{
    const Level *x = a, *y = b;
    int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);
    return order != 0 ? order : (x->size > y->size) - (x->size < y->size);
}

static int by_rows(const void *a, const void *b)
{
    const Level *x = a, *y = b;
    return x->rows != y->rows ? (x->rows < y->rows ? 1 : -1) : by_text(a, b);
}

static int by_number(const void *a, const void *b)
{
    double x = 0, y = 0;
    number_parse_real(((const Level *)a)->text, ((const Level *)a)->size, &x);
    number_parse_real(((const Level *)b)->text, ((const Level *)b)->size, &y);
    return x != y ? (x > y) - (x < y) : by_text(a, b);
}

/* Numbers and dates are levels by their text. */
static Column *as_text(const Column *c, Error *e)
{
    Column *to = column_new(COLUMN_TEXT, c->rows, e);
    Text text = {0};
    bool ok = to != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        text_clear(&text);
        column_format_key(c, i, &text);
        ok = column_is_valid(c, i) ? column_set_text(to, i, text_get(&text), text.size, e) : column_set_missing(to, i, e);
    }
    text_done(&text);
    if (!ok)
        column_unref(to);
    return ok ? to : NULL;
}

Column *levels_text(Column *c, Error *e)
{
    return c->type == COLUMN_TEXT ? column_ref(c) : as_text(c, e);
}

Level *levels_count(const Column *text, size_t *count)
{
    uint32_t all = dictionary_count(text->dictionary);
    Level *levels = mem_alloc(((size_t)all + 1) * sizeof *levels);
    for (uint32_t i = 0; i < all; i++)
        levels[i].text = dictionary_get(text->dictionary, i, &levels[i].size);
    for (size_t i = 0; i < text->rows; i++)
        if (column_is_valid(text, i))
            levels[text->data.codes[i]].rows++;
    qsort(levels, all, sizeof *levels, by_rows);
    for (*count = 0; *count < all && levels[*count].rows > 0;)
        ++*count;
    return levels;
}

void levels_sort(Level *levels, size_t count, bool numbers)
{
    qsort(levels, count, sizeof *levels, numbers ? by_number : by_text);
}

Value *levels_list(const Level *levels, size_t count)
{
    Value *list = value_list();
    for (size_t i = 0; i < count; i++)
        value_add(list, value_bytes(levels[i].text, levels[i].size));
    return list;
}

int32_t *levels_rows(const Column *text, const Value *levels, Error *e)
{
    uint32_t all = dictionary_count(text->dictionary);
    int32_t *codes = mem_alloc(((size_t)all + 1) * sizeof *codes), *rows = mem_try_alloc(text->rows + 1, sizeof *rows, e);
    for (uint32_t i = 0; i < all; i++)
        codes[i] = LEVEL_UNKNOWN;
    for (size_t k = 0; k < levels->size; k++) {
        uint32_t code = dictionary_find(text->dictionary, levels->items[k]->text, levels->items[k]->size);
        if (code != UINT32_MAX)
            codes[code] = (int32_t)k;
    }
    for (size_t i = 0; rows && i < text->rows; i++)
        rows[i] = column_is_valid(text, i) ? codes[text->data.codes[i]] : LEVEL_MISSING;
    mem_free(codes);
    return rows;
}

void level_map_open(LevelMap *map)
{
    map->levels = value_list();
    map->values = value_list();
}

void level_map_add(LevelMap *map, const LevelEntry *entry)
{
    text_list_add(&map->columns, entry->column);
    text_list_add(&map->outputs, entry->output);
    value_add(map->levels, entry->levels);
    value_add(map->values, entry->values);
    tools_add_number(&map->unknown, entry->unknown);
    tools_add_number(&map->missing, entry->missing);
}

/* NAN: it becomes missing. */
static double number_of(const LevelMap *map, size_t i, int32_t level, const LevelRule *rule)
{
    if (level == LEVEL_UNKNOWN)
        return rule->unknown_missing ? (double)NAN : map->unknown.items[i];
    if (level == LEVEL_MISSING)
        return rule->missing_stays ? (double)NAN : map->missing.items[i];
    return value_number(map->values->items[i]->items[level]);
}

static Column *numbers_of(const LevelMap *map, size_t i, Column *c, const LevelRule *rule, Error *e)
{
    Column *text = levels_text(c, e), *to = text ? column_new(rule->whole ? COLUMN_INT : COLUMN_REAL, c->rows, e) : NULL;
    int32_t *levels = to ? levels_rows(text, map->levels->items[i], e) : NULL;
    bool ok = levels != NULL;
    for (size_t row = 0; ok && row < c->rows; row++) {
        double x = number_of(map, i, levels[row], rule);
        if (!isfinite(x) || (rule->whole && fabs(x) > VALUE_EXACT_MOST))
            ok = column_set_missing(to, row, e);
        else if (rule->whole)
            to->data.ints[row] = (int64_t)x;
        else
            to->data.reals[row] = x;
    }
    mem_free(levels);
    column_unref(text);
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

/* Columns that no output replaces; outputs of one column stand side by side. */
static bool drop_sources(const LevelMap *map, Table **out, Error *e)
{
    int *columns = mem_alloc((map->columns.count + 1) * sizeof *columns);
    size_t count = 0;
    for (size_t i = 0; i < map->columns.count; i++) {
        const char *column = map->columns.items[i];
        bool again = i > 0 && text_equal(column, map->columns.items[i - 1]);
        if (!again && !text_list_has(&map->outputs, column))
            columns[count++] = table_find(*out, column);
    }
    Table *without = count ? table_without(*out, columns, count, e) : table_ref(*out);
    mem_free(columns);
    table_unref(*out);
    *out = without;
    return without != NULL;
}

bool level_map_apply(Job *job, const StepInput *in, const LevelMap *map, LevelRule rule, Table **out, Error *e)
{
    *out = table_ref(in->rows);
    for (size_t i = 0; i < map->columns.count; i++) {
        const char *column = map->columns.items[i], *output = map->outputs.items[i];
        int at = job_go_on(job, e) ? tools_find(in->rows, column, e) : TABLE_NONE;
        Column *numbers = at == TABLE_NONE ? NULL : numbers_of(map, i, in->rows->columns[at], &rule, e);
        bool ok = text_equal(column, output) ? tools_put(out, output, numbers, e) : tools_add(out, output, numbers, e);
        if (!ok)
            return false;
    }
    return rule.keeps_column || drop_sources(map, out, e);
}

void level_map_describe(const TextList *selectors, const LevelMap *map, Text *out)
{
    size_t levels = 0;
    tools_list(map ? &map->outputs : selectors, out);
    for (size_t i = 0; map && i < value_items(map->levels); i++)
        levels += value_items(map->levels->items[i]);
    if (map)
        text_addf(out, ": %zu levels", levels);
}
