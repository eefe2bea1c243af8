/* Lists of cards: as a table, filtered by the language of tables, sorted by a figure. */
#include <stdlib.h>
#include <string.h>

#include "app/run_card.h"
#include "table/expr.h"

static bool has_figure(const Value *cards, const char *name)
{
    for (size_t i = 0; i < cards->size; i++) {
        const Value *v = value_get(cards->items[i], name);
        if (v && v->type != VALUE_NULL)
            return true;
    }
    return false;
}

static bool set_cell(Column *c, size_t row, const Value *v, Error *e)
{
    if (c->type == COLUMN_BOOL) { /* a flag that is not there is not set */
        c->data.flags[row] = v && v->type == VALUE_FLAG && v->flag;
        return true;
    }
    if (c->type == COLUMN_TEXT && v && v->type == VALUE_TEXT)
        return column_set_text(c, row, v->text, v->size, e);
    if (c->type == COLUMN_INT && v && v->type == VALUE_INT)
        c->data.ints[row] = v->integer;
    else if (c->type == COLUMN_REAL && v && value_is_number(v))
        c->data.reals[row] = value_number(v);
    else
        return column_set_missing(c, row, e);
    return true;
}

static bool add_figure(Table *t, const Value *cards, const char *name, ColumnType type, Error *e)
{
    Column *c = column_new(type, cards->size, e);
    bool ok = c != NULL;
    if (ok && type == COLUMN_REAL)
        c->decimals = -1;
    for (size_t i = 0; ok && i < cards->size; i++)
        ok = set_cell(c, i, value_get(cards->items[i], name), e);
    if (ok)
        return table_add(t, name, c, e);
    column_unref(c);
    return false;
}

/* Series of the validation part, in the order in which the cards have them. */
static bool add_series(Table *t, const Value *cards, Error *e)
{
    for (size_t i = 0; i < cards->size; i++)
        for (size_t k = 0; k < value_entries(cards->items[i]); k++) {
            const char *name = cards->items[i]->keys[k];
            if (text_starts(name, "valid.") && table_find(t, name) == TABLE_NONE && !add_figure(t, cards, name, COLUMN_REAL, e))
                return false;
        }
    return true;
}

/* A filter may ask for each figure, whether a card has it or not. */
static Table *make_table(const Value *cards, bool all, Error *e)
{
    Table *t = table_new(cards->size);
    bool ok = true;
    for (size_t i = 0; ok && i < run_figures_count; i++)
        if (all || has_figure(cards, run_figures[i].name))
            ok = add_figure(t, cards, run_figures[i].name, run_figures[i].type, e);
    if (ok && add_series(t, cards, e))
        return t;
    table_unref(t);
    return NULL;
}

Table *run_cards_table(const Value *cards, Error *e)
{
    return make_table(cards, false, e);
}

Value *run_cards_filter(const Value *cards, const char *expression, Error *e)
{
    Table *t = make_table(cards, true, e);
    size_t *rows = NULL, count = 0;
    Value *kept = NULL;
    if (t && expr_filter(expression, t, &rows, &count, e)) {
        kept = value_list();
        for (size_t i = 0; i < count; i++)
            value_add(kept, value_copy(cards->items[rows[i]]));
    }
    mem_free(rows);
    table_unref(t);
    return kept;
}

typedef struct Sorted {
    const Value *card, *figure;
    size_t place;
    int direction;
} Sorted;

static int compare_figures(const Value *a, const Value *b)
{
    if (value_is_number(a) && value_is_number(b)) {
        double x = value_number(a), y = value_number(b);
        return (x > y) - (x < y);
    }
    if (a->type == VALUE_TEXT && b->type == VALUE_TEXT)
        return strcmp(a->text, b->text);
    return (a->type == VALUE_FLAG && a->flag) - (b->type == VALUE_FLAG && b->flag);
}

static int compare_cards(const void *a, const void *b)
{
    const Sorted *x = a, *y = b;
    int order = !x->figure || !y->figure ? !x->figure - !y->figure : x->direction * compare_figures(x->figure, y->figure);
    return order ? order : x->place < y->place ? -1 : x->place > y->place;
}

static const char *figure_name_at(const void *self, size_t i)
{
    (void)self;
    return i < run_figures_count ? run_figures[i].name : NULL;
}

static bool check_figure(const Value *cards, const char *figure, Error *e)
{
    if (has_figure(cards, figure))
        return true;
    for (size_t i = 0; i < run_figures_count; i++)
        if (text_equal(run_figures[i].name, figure))
            return true;
    const char *near = text_nearest(figure, figure_name_at, NULL);
    return error_set(e, ERROR_USAGE, "no run has a figure \"%s\"%s%s%s", figure, near ? "; did you mean \"" : "", near ? near : "",
                     near ? "\"?" : "");
}

Value *run_cards_sort(const Value *cards, const char *figure, bool descending, Error *e)
{
    if (!check_figure(cards, figure, e))
        return NULL;
    Sorted *order = mem_alloc((cards->size + 1) * sizeof *order);
    for (size_t i = 0; i < cards->size; i++) {
        const Value *v = value_get(cards->items[i], figure);
        order[i] = (Sorted){cards->items[i], v && v->type != VALUE_NULL ? v : NULL, i, descending ? -1 : 1};
    }
    qsort(order, cards->size, sizeof *order, compare_cards);
    Value *sorted = value_list();
    for (size_t i = 0; i < cards->size; i++)
        value_add(sorted, value_copy(order[i].card));
    mem_free(order);
    return sorted;
}
