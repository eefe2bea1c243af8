/* Finds the rows of a part that a model was trained on: exactly, by the set in its run; where that is gone, the sketch in the model
 * file tells whether there are any. */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "learn/seen.h"
#include "table/row_digest.h"

enum { HEX_DIGITS = 16 };

static bool has_digest(const Value *list, const Value *facts)
{
    for (size_t i = 0; i < list->size; i++)
        if (text_equal(value_get_text(list->items[i], "digest", ""), value_get_text(facts, "digest", "")))
            return true;
    return false;
}

Value *seen_facts(const RowSet *own, const Bundle *const *models, size_t count)
{
    Value *list = value_list();
    if (own)
        value_add(list, row_set_facts(own));
    for (size_t m = 0; m < count; m++) {
        const Value *taught = models[m] ? value_get(models[m]->facts, "trained_on") : NULL;
        for (size_t i = 0; i < value_items(taught); i++)
            if (!has_digest(list, taught->items[i]))
                value_add(list, value_copy(taught->items[i]));
    }
    return list;
}

/* rows/DIGEST.rows beside a directory or one above it. */
static char *find_above(const char *directory, const char *name)
{
    char *at = io_absolute(directory), *found = NULL;
    IoInfo info;
    for (int i = 0; i < 8 && !found && strlen(at) > 1; i++) {
        char *rows = io_join(at, "rows"), *path = io_join(rows, name), *up = io_directory(at);
        if (io_stat(path, &info) && info.is_regular)
            found = path;
        else
            mem_free(path);
        mem_free(rows);
        mem_free(at);
        at = up;
    }
    mem_free(at);
    return found;
}

static char *find_in_runs(const char *runs, const char *name)
{
    TextList names = {0};
    char *found = NULL;
    IoInfo info;
    if (!io_list(runs, &names, NULL))
        return NULL;
    for (size_t i = names.count; i > 0 && !found; i--) {
        char *path = text_format("%s/%s/rows/%s", runs, names.items[i - 1], name);
        if (io_stat(path, &info) && info.is_regular)
            found = path;
        else
            mem_free(path);
    }
    text_list_done(&names);
    return found;
}

static RowSet *find_set(const SeenQuery *q, const Bundle *b, const char *digest)
{
    Error ignored = {0};
    if (strlen(digest) != HASH_ROOM - 1 || strspn(digest, "0123456789abcdef") != HASH_ROOM - 1)
        return NULL; /* it comes from a file, and becomes part of a path */
    char *name = text_format("%s.rows", digest), *directory = b->path ? io_directory(b->path) : NULL;
    char *path = directory ? find_above(directory, name) : NULL;
    if (!path)
        path = find_in_runs(q->runs ? q->runs : "runs", name);
    RowSet *s = path ? row_set_load(path, &ignored) : NULL;
    char hex[HASH_ROOM] = "";
    if (s)
        row_set_digest(s, hex);
    if (s && !text_equal(hex, digest)) {
        row_set_free(s);
        s = NULL;
    }
    mem_free(path);
    mem_free(directory);
    mem_free(name);
    return s;
}

static bool has_columns(const Table *t, const TextList *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        if (table_find(t, columns->items[i]) == TABLE_NONE)
            return false;
    return true;
}

static void mark_units(const SeenQuery *q, const RowSet *s, bool *seen, SeenReport *report)
{
    const Column *c = s->unit ? table_column(q->part, s->unit) : NULL;
    for (size_t i = 0; c && i < q->part->rows; i++)
        if (!seen[i] && column_is_valid(c, i) && row_digests_has(s->units, s->unit_count, row_digest_cell(s->unit, c, i))) {
            seen[i] = true;
            report->units++;
        }
}

static bool mark_rows(const SeenQuery *q, const RowSet *s, bool *seen, SeenReport *report, Error *e)
{
    if (!has_columns(q->source, &s->columns)) {
        report->unknown++;
        return true;
    }
    uint64_t *digests = seen_digests(q->source, q->part, &s->columns, e);
    for (size_t i = 0; digests && i < q->part->rows; i++)
        if (!seen[i] && digests[i] != ROW_PUT_IN && row_digests_has(s->rows, s->row_count, digests[i])) {
            seen[i] = true;
            report->rows++;
        }
    mem_free(digests);
    return digests != NULL;
}

static bool parse_hex(const char *digits, uint64_t *out)
{
    static const char all[] = "0123456789abcdef";
    *out = 0;
    for (int i = 0; i < HEX_DIGITS; i++) {
        const char *found = digits[i] ? strchr(all, digits[i]) : NULL;
        if (!found)
            return false;
        *out = *out << 4 | (uint64_t)(found - all);
    }
    return true;
}

static size_t parse_sketch(const Value *entry, uint64_t *numbers, size_t room)
{
    const char *text = value_get_text(entry, "sketch", "");
    size_t count = 0;
    while (count < room && parse_hex(text + count * HEX_DIGITS, &numbers[count]))
        count++;
    return count;
}

static TextList names_of(const Table *t)
{
    TextList names = {0};
    for (size_t i = 0; i < t->columns_count; i++)
        text_list_add(&names, t->names[i]);
    return names;
}

/* Of the rows whose digest is not above the largest of the sketch, those in it are the model's share. */
static bool check_sketch(const SeenQuery *q, const Value *entry, SeenReport *report, Error *e)
{
    uint64_t sketch[256];
    size_t count = parse_sketch(entry, sketch, sizeof sketch / sizeof *sketch), near = 0, hits = 0;
    TextList names = names_of(q->source);
    char *columns = text_format("%016llx", (unsigned long long)seen_columns(&names));
    bool comparable = count && text_equal(columns, value_get_text(entry, "columns", ""));
    uint64_t *digests = comparable ? seen_digests(q->source, q->part, &names, e) : NULL;
    bool whole = (int64_t)count == value_get_int(entry, "rows", -1);
    for (size_t i = 0; digests && i < q->part->rows; i++) {
        near += whole || digests[i] <= sketch[count - 1];
        hits += row_digests_has(sketch, count, digests[i]);
    }
    report->unknown += !comparable;
    bool ok = !comparable || digests;
    if (ok && hits)
        ok = error_set(e, ERROR_USAGE,
                       "about %.0f %% of these %zu rows are rows that the model was trained on; the run that knows them one by "
                       "one is gone: judge it on other rows",
                       100.0 * (double)hits / (double)near, q->part->rows);
    mem_free(digests);
    mem_free(columns);
    text_list_done(&names);
    return ok;
}

static bool mark_entry(const SeenQuery *q, const Bundle *b, const Value *entry, bool *seen, SeenReport *report, Error *e)
{
    const char *digest = value_get_text(entry, "digest", "");
    if (text_equal(q->train, digest)) /* its own training part: the parts of one split are apart */
        return true;
    RowSet *s = find_set(q, b, digest);
    if (!s)
        return check_sketch(q, entry, report, e);
    mark_units(q, s, seen, report);
    bool ok = mark_rows(q, s, seen, report, e);
    row_set_free(s);
    return ok;
}

bool seen_mark(const SeenQuery *q, const Bundle *b, bool *seen, SeenReport *report, Error *e)
{
    const Value *list = value_get(b->facts, "trained_on");
    if (!list || list->type != VALUE_LIST || !list->size) {
        report->unknown++;
        return true;
    }
    for (size_t i = 0; i < list->size; i++)
        if (!mark_entry(q, b, list->items[i], seen, report, e))
            return false;
    return true;
}

static Table *select_unseen(const Table *part, const bool *seen, Error *e)
{
    size_t *rows = mem_try_alloc(part->rows + 1, sizeof *rows, e), count = 0;
    for (size_t i = 0; rows && i < part->rows; i++)
        if (!seen[i])
            rows[count++] = i;
    Table *t = !rows ? NULL : count == part->rows ? table_ref(part) : table_select(part, rows, count, e);
    if (t && !count && part->rows) {
        error_set(e, ERROR_USAGE, "a model was trained on all %zu rows (or on others of their unit); judge it on rows it has not seen",
                  part->rows);
        table_unref(t);
        t = NULL;
    }
    mem_free(rows);
    return t;
}

Table *seen_filter(const SeenQuery *q, const Bundle *const *models, size_t count, SeenReport *report, Error *e)
{
    *report = (SeenReport){0};
    bool *seen = mem_try_alloc(q->part->rows + 1, sizeof *seen, e), ok = seen != NULL;
    for (size_t i = 0; ok && i < count; i++)
        ok = !models[i] || seen_mark(q, models[i], seen, report, e);
    Table *rows = ok ? select_unseen(q->part, seen, e) : NULL;
    mem_free(seen);
    return rows;
}

const char *seen_unit(const Pipeline *p)
{
    Unit unit = pipeline_unit(p);
    return unit.order ? NULL : unit.column;
}

Table *seen_filter_part(const Pipeline *p, Table *const *parts, const SeenTask *task, SeenReport *report, Error *e)
{
    RowSet *train = row_set_make(p->source, parts[PART_TRAIN], seen_unit(p), e);
    char own[HASH_ROOM];
    if (!train)
        return NULL;
    row_set_digest(train, own);
    row_set_free(train);
    SeenQuery q = {p->source, parts[task->part], task->part == PART_TRAIN ? NULL : own, task->runs};
    return seen_filter(&q, task->models, task->count, report, e);
}

bool seen_part_digest(const Pipeline *p, const Table *part, char hex[HASH_ROOM], Error *e)
{
    RowSet *s = row_set_make(p->source, part, NULL, e);
    if (s)
        row_set_digest(s, hex);
    row_set_free(s);
    return s != NULL;
}

void seen_print(const SeenReport *r, size_t rows, Text *out)
{
    size_t left = r->rows + r->units;
    if (left)
        text_addf(out, "%zu of %zu rows left out: a model was trained on them", left, rows);
    if (r->units)
        text_addf(out, " (%zu through their unit)", r->units);
    if (r->unknown)
        text_addf(out, "%swhether %zu model%s was trained on these rows can't be told: %s run is gone", left ? "; " : "", r->unknown,
                  r->unknown == 1 ? "" : "s", r->unknown == 1 ? "its" : "their");
}
