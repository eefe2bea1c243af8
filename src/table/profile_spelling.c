/* Findings about how cells are written: one thing in two spellings, numbers that a few odd cells made a text, and words or numbers
 * that only say there is no value. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "table/letters.h"
#include "table/profile_internal.h"
#include "table/spelling.h"

enum { SPELLING_LEVELS = 500 };
static const double most_odd = 0.05; /* of the cells that are not missing: what cast gives up without being asked */

static size_t *count_levels(const Column *column)
{
    size_t *counts = mem_alloc(((size_t)dictionary_count(column->dictionary) + 1) * sizeof *counts);
    for (size_t row = 0; row < column->rows; row++)
        if (column_is_valid(column, row))
            counts[column->data.codes[row]]++;
    return counts;
}

typedef struct Forms {
    uint32_t *best;  /* per form: the most frequent level */
    size_t *counts;  /* per level */
    uint32_t *forms; /* per level: what normalize_text makes of it */
} Forms;

/* The ways of normalize_text, the gentlest first; the last one is its default. */
static const Spelling ways[] = {{SPELLING_KEEP_CASE, SPELLING_KEEP_DASHES, true},
                                {SPELLING_KEEP_CASE, SPELLING_SPACE, true},
                                {SPELLING_LOWER, SPELLING_KEEP_DASHES, true},
                                {SPELLING_LOWER, SPELLING_SPACE, true}};
enum { WAYS = sizeof ways / sizeof *ways };

/* Returns how many forms there are. */
static uint32_t unify_levels(const Dictionary *levels, const Spelling *way, Forms *s)
{
    Text form = {0};
    Dictionary *forms = dictionary_new();
    uint32_t count = dictionary_count(levels);
    for (uint32_t i = 0; i < count; i++)
        s->best[i] = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        size_t size;
        const char *text = dictionary_get(levels, i, &size);
        if (s->counts[i] == 0)
            continue;
        text_clear(&form);
        spelling_unify(way, text, size, &form);
        uint32_t k = s->forms[i] = dictionary_add(forms, text_get(&form), form.size);
        if (s->best[k] == UINT32_MAX || s->counts[i] > s->counts[s->best[k]])
            s->best[k] = i;
    }
    count = dictionary_count(forms);
    dictionary_unref(forms);
    text_done(&form);
    return count;
}

static void report_spellings(Finder *f, const char *name, const Dictionary *levels, const Forms *s, const Spelling *way)
{
    size_t odd = 0, rows = 0;
    uint32_t first = UINT32_MAX;
    for (uint32_t i = 0; i < dictionary_count(levels); i++) {
        if (s->counts[i] == 0 || s->best[s->forms[i]] == i)
            continue;
        if (first == UINT32_MAX)
            first = i;
        odd++;
        rows += s->counts[i];
    }
    if (odd == 0)
        return;
    Text text = {0};
    text_addf(&text, "\"%s\"", dictionary_get(levels, first, NULL));
    if (odd > 1)
        text_addf(&text, " and %zu more", odd - 1);
    text_addf(&text, odd > 1 ? " are other spellings, like of \"%s\" (%zu rows)" : " is another spelling of \"%s\" (%zu rows)",
              dictionary_get(levels, s->best[s->forms[first]], NULL), rows);
    if (way->letters == SPELLING_LOWER)
        text_add(&text, "; normalized, every level is written small");
    Repair repair = {"normalize_text", repair_columns(name), false};
    if (way->letters == SPELLING_KEEP_CASE)
        value_set(repair.params, "letters", value_text("keep"));
    if (way->dashes == SPELLING_KEEP_DASHES)
        value_set(repair.params, "dashes", value_text("keep"));
    finder_add(f, '!', name, text_take(&text), repair);
}

void find_spellings(Finder *f, const ColumnProfile *c, const Column *column)
{
    size_t count = dictionary_count(column->dictionary);
    if (c->distinct > SPELLING_LEVELS || c->distinct < 2)
        return;
    Forms s = {mem_alloc(count * sizeof *s.best), count_levels(column), mem_alloc(count * sizeof *s.forms)};
    uint32_t least = unify_levels(column->dictionary, &ways[WAYS - 1], &s);
    size_t way = 0;
    while (way + 1 < WAYS && unify_levels(column->dictionary, &ways[way], &s) != least)
        way++;
    unify_levels(column->dictionary, &ways[way], &s);
    if (least < c->distinct)
        report_spellings(f, c->name, column->dictionary, &s, &ways[way]);
    mem_free(s.best);
    mem_free(s.counts);
    mem_free(s.forms);
}

typedef enum Written { WRITTEN_WHOLE, WRITTEN_REAL, WRITTEN_MISSING, WRITTEN_ODD } Written;

static Written how_written(const char *text, size_t size)
{
    bool whole;
    if (spelling_is_number(text, size, &whole))
        return whole ? WRITTEN_WHOLE : WRITTEN_REAL;
    return spelling_is_missing(text, size) ? WRITTEN_MISSING : WRITTEN_ODD;
}

/* The first row with a cell that is no number, odd ones before the words for none. */
static size_t first_odd(const Column *column, Written wanted)
{
    for (size_t row = 0; row < column->rows; row++) {
        size_t size;
        const char *text = column_text(column, row, &size);
        if (text && how_written(text, size) == wanted)
            return row;
    }
    return SIZE_MAX;
}

bool find_numbers_as_text(Finder *f, const ColumnProfile *c, const Column *column)
{
    size_t odd = c->count - c->numbers - c->spelled_missing, bad = c->count - c->numbers;
    if (c->is_target || c->numbers < 2 || (double)odd > most_odd * (double)(c->numbers + odd))
        return false;
    size_t row = first_odd(column, odd ? WRITTEN_ODD : WRITTEN_MISSING), *counts = count_levels(column);
    bool whole = true;
    for (uint32_t i = 0; i < dictionary_count(column->dictionary); i++) {
        size_t size;
        const char *text = dictionary_get(column->dictionary, i, &size);
        whole = whole && (!counts[i] || how_written(text, size) != WRITTEN_REAL);
    }
    mem_free(counts);
    char count[NUMBER_ROOM];
    Repair repair = {"cast", repair_columns(c->name), false};
    value_set(repair.params, "to", value_text(whole ? "int" : "real"));
    if (bad == 0)
        finder_add(f, '!', c->name, mem_strdup("every cell is a number, but the column is text"), repair);
    else
        finder_add(f, '!', c->name,
                   text_format("%s cell%s %s no number: \"%s\" in row %llu; the column is text because of %s",
                               number_format_count((int64_t)bad, count), bad == 1 ? "" : "s", bad == 1 ? "is" : "are",
                               column_text(column, row, NULL), (unsigned long long)table_row_id(f->t, row) + 1, bad == 1 ? "it" : "them"),
                   repair);
    return true;
}

static void add_missing_words(Finder *f, const ColumnProfile *c, const Dictionary *levels, const size_t *counts, bool may_be_level)
{
    size_t rows = 0;
    Text text = {0};
    Value *values = value_list();
    for (uint32_t i = 0; i < dictionary_count(levels); i++) {
        size_t size;
        const char *word = dictionary_get(levels, i, &size);
        if (!counts[i] || !spelling_is_missing(word, size) || spelling_may_be_level(word, size) != may_be_level)
            continue;
        rows += counts[i];
        if (values->size < 4)
            text_addf(&text, "%s\"%s\"", values->size ? ", " : "", word);
        word = letters_trim(word, &size);
        value_add(values, value_bytes(word, size));
    }
    if (!rows) {
        value_free(values);
        text_done(&text);
        return;
    }
    char count[NUMBER_ROOM];
    text_addf(&text, " in %s row%s: %s", number_format_count((int64_t)rows, count), rows == 1 ? "" : "s",
              may_be_level ? "a level, or no value?" : "a word for no value");
    Value *params = repair_columns(c->name);
    value_set(params, "values", values);
    finder_add(f, '!', c->name, text_take(&text), (Repair){c->is_target ? NULL : "make_missing", params, may_be_level});
}

void find_missing_words(Finder *f, const ColumnProfile *c, const Column *column)
{
    if (!c->spelled_missing)
        return;
    size_t *counts = count_levels(column);
    add_missing_words(f, c, column->dictionary, counts, false);
    add_missing_words(f, c, column->dictionary, counts, true);
    mem_free(counts);
}
