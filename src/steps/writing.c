/* The search for the one way in which a column is written: every distinct cell is read in every way, and the counts decide. */
#include "steps/writing.h"

#include "table/letters.h"
#include "table/spelling.h"

enum { WAYS_MOST = 8 };

typedef struct Writings {
    const WritingKind *kind;
    Dictionary *texts;     /* distinct cells */
    size_t *counts, *rows; /* of each: how often, and the first row */
    size_t room, by_way[WAYS_MOST];
} Writings;

const char *writing_cell(const Column *c, size_t row, Text *room, size_t *size)
{
    if (!column_is_valid(c, row))
        return NULL;
    text_clear(room);
    column_format(c, row, room);
    *size = room->size;
    const char *text = letters_trim(text_get(room), size);
    return *size == 0 || spelling_is_missing(text, *size) ? NULL : text;
}

static bool collect(Writings *w, const Column *c, Error *e)
{
    Text room = {0};
    w->texts = dictionary_new();
    w->counts = mem_try_alloc(c->rows + 1, sizeof *w->counts, e);
    w->rows = mem_try_alloc(c->rows + 1, sizeof *w->rows, e);
    bool ok = w->counts && w->rows;
    for (size_t row = 0; ok && row < c->rows; row++) {
        size_t size;
        const char *text = writing_cell(c, row, &room, &size);
        if (!text)
            continue;
        uint32_t code = dictionary_add(w->texts, text, size);
        if (w->counts[code]++ == 0)
            w->rows[code] = row;
    }
    text_done(&room);
    return ok;
}

static bool read_in(const Writings *w, uint32_t code, int way, double *value)
{
    size_t size;
    const char *text = dictionary_get(w->texts, code, &size);
    return w->kind->read(way, text, size, value);
}

static size_t count_ways(Writings *w)
{
    size_t best = 0;
    double value;
    for (int way = 0; w->kind->names[way]; way++) {
        for (uint32_t i = 0; i < dictionary_count(w->texts); i++)
            if (read_in(w, i, way, &value))
                w->by_way[way] += w->counts[i];
        best = w->by_way[way] > best ? w->by_way[way] : best;
    }
    return best;
}

static void refuse(const Writings *w, const StepInput *in, const char *name, const int way[2], uint32_t code, Error *e)
{
    Text one[2] = {{0}};
    double value;
    for (int i = 0; i < 2; i++) {
        read_in(w, code, way[i], &value);
        w->kind->show(value, &one[i]);
    }
    error_set(e, ERROR_FAILED, "%s: \"%s\" (row %llu) is %s with %s = \"%s\" and %s with %s = \"%s\", and no other cell decides: say which",
              name, dictionary_get(w->texts, code, NULL), (unsigned long long)table_row_id(in->rows, w->rows[code]) + 1, text_get(&one[0]),
              w->kind->parameter, w->kind->names[way[0]], text_get(&one[1]), w->kind->parameter, w->kind->names[way[1]]);
    text_done(&one[0]);
    text_done(&one[1]);
}

/* The first text that two ways read differently; UINT32_MAX: none. */
static uint32_t first_difference(const Writings *w, int a, int b)
{
    double x, y;
    for (uint32_t i = 0; i < dictionary_count(w->texts); i++)
        if (read_in(w, i, a, &x) && read_in(w, i, b, &y) && x != y)
            return i;
    return UINT32_MAX;
}

static int choose(Writings *w, const StepInput *in, const char *name, Error *e)
{
    size_t best = count_ways(w);
    int chosen = WRITING_NONE;
    for (int way = 0; best && w->kind->names[way]; way++) {
        if (w->by_way[way] < best)
            continue;
        uint32_t differs = chosen == WRITING_NONE ? UINT32_MAX : first_difference(w, chosen, way);
        if (differs != UINT32_MAX)
            return refuse(w, in, name, (int[]){chosen, way}, differs, e), WRITING_NONE;
        chosen = chosen == WRITING_NONE ? way : chosen;
    }
    if (chosen == WRITING_NONE)
        error_set(e, ERROR_FAILED, "%s: no cell is a %s, such as \"%s\"", name, w->kind->what, dictionary_get(w->texts, 0, NULL));
    return chosen;
}

int writing_find(const StepInput *in, const Column *c, const char *name, const WritingKind *kind, Error *e)
{
    Writings w = {.kind = kind};
    int way = WRITING_NONE;
    if (collect(&w, c, e))
        way = dictionary_count(w.texts) ? choose(&w, in, name, e) : 0; /* nothing to read is nothing to decide */
    dictionary_unref(w.texts);
    mem_free(w.counts);
    mem_free(w.rows);
    return way;
}
