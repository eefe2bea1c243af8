/* The scan of objects: each key finds its column, each value becomes a cell. A row that can't be read is rejected with its line. */
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "base/value.h"
#include "table/calendar.h"
#include "table/readers/json.h"

enum { EXCERPT = 60, PROGRESS_ROWS = 1 << 14 };

static bool find_column(JsonRows *r, const Text *name, uint32_t *column, Error *e)
{
    uint32_t count = dictionary_count(r->names);
    *column = dictionary_try_add(r->names, text_get(name), name->size, e);
    if (*column == UINT32_MAX)
        return false;
    if (*column < count)
        return true;
    if (count >= (size_t)r->p->max_columns)
        return error_at(e, ERROR_FAILED, r->name, 0, 0, "more than %lld columns; raise max_columns", (long long)r->p->max_columns);
    if (count == r->columns_room) {
        size_t room = r->columns_room;
        r->columns_room = room ? 2 * room : 16;
        r->kinds = mem_realloc(r->kinds, r->columns_room * sizeof *r->kinds);
        r->seen = mem_realloc(r->seen, r->columns_room * sizeof *r->seen);
    }
    r->kinds[count] = 0;
    r->seen[count] = 0;
    return true;
}

static unsigned kinds_of_number(const char *bytes, size_t size, bool is_real)
{
    int64_t n;
    if (is_real)
        return JSON_REAL;
    if (!number_parse_int(bytes, size, &n))
        return JSON_INT | JSON_HUGE;
    return JSON_INT | (n > VALUE_EXACT_MOST || n < -VALUE_EXACT_MOST ? JSON_WIDE : 0u);
}

static unsigned kinds_of_text(const Text *t)
{
    int64_t ignored;
    unsigned no_date = calendar_parse_date(text_get(t), t->size, &ignored) ? 0 : JSON_NO_DATE;
    return JSON_TEXT | no_date | (calendar_parse_time(text_get(t), t->size, &ignored) ? 0u : JSON_NO_TIME);
}

/* One value of any kind; 0 kinds: null. */
static bool scan_cell(JsonScan *s, unsigned *kinds)
{
    Text t = {0};
    JsonNumber n;
    char c = json_scan_peek(s);
    bool ok = true;
    if (c == '"') {
        ok = json_scan_text(s, &t);
        *kinds = kinds_of_text(&t);
    } else if (c == '{' || c == '[') {
        ok = json_scan_value(s);
        *kinds = JSON_NESTED;
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        double x;
        ok = json_scan_number(s, &n) && (number_parse_real(s->bytes + n.at, n.size, &x) || json_scan_fail(s, n.at, "number out of range"));
        *kinds = ok ? kinds_of_number(s->bytes + n.at, n.size, n.is_real) : 0;
    } else {
        ok = json_scan_word(s);
        *kinds = c == 'n' ? 0 : JSON_BOOL;
    }
    text_done(&t);
    return ok;
}

/* Fatal errors go to e; what concerns this row alone stays in scan.problem. */
static bool scan_pair(JsonRows *r, bool *more, Error *e)
{
    JsonScan *s = &r->scan;
    Text key = {0};
    uint32_t column = 0;
    unsigned kinds = 0;
    size_t key_at = s->at;
    bool ok = json_scan_key(s, &key) && find_column(r, &key, &column, e);
    text_done(&key);
    if (!ok)
        return false;
    if (r->seen[column] == r->rows + 1)
        return json_scan_fail(s, key_at, "the same key twice");
    r->seen[column] = r->rows + 1;
    json_scan_blanks(s);
    size_t at = s->at;
    if (!scan_cell(s, &kinds))
        return false;
    if (s->at - at > (size_t)r->p->max_field)
        return json_scan_fail(s, at, "a cell is larger than max_field");
    MEM_GROW(r->cells, r->cells_count, r->cells_room);
    r->cells[r->cells_count++] = (JsonCell){column, kinds, at, s->at - at};
    return json_scan_separator(s, '}', more);
}

static bool scan_object(JsonRows *r, Error *e)
{
    JsonScan *s = &r->scan;
    bool more = true;
    if (json_scan_peek(s) != '{')
        return json_scan_fail(s, s->at, "expected an object: {\"column\": value, ...}");
    s->at++;
    json_scan_blanks(s);
    if (json_scan_peek(s) == '}') {
        s->at++;
        return true;
    }
    while (more)
        if (!scan_pair(r, &more, e))
            return false;
    return true;
}

static size_t line_of(JsonRows *r, size_t at)
{
    for (; r->counted < at; r->counted++)
        r->lines += r->scan.bytes[r->counted] == '\n';
    return r->lines + 1;
}

/* The column of the problem, when it stands in the line where the row begins; else 0. */
static size_t column_of(const JsonRows *r, size_t start)
{
    size_t at = r->scan.problem_at, begin = at;
    if (at < start || memchr(r->scan.bytes + start, '\n', at - start))
        return 0;
    while (begin > 0 && r->scan.bytes[begin - 1] != '\n')
        begin--;
    return at - begin + 1;
}

static bool reject(JsonRows *r, size_t start, Error *e)
{
    Table *t = r->table;
    size_t line = line_of(r, start), column = column_of(r, start), size = r->scan.size - start;
    if (t->rejects_count == (size_t)r->p->max_rejects)
        return error_at(e, ERROR_FAILED, r->name, (long)line, (long)column, "more than %zu rows could not be read (%s); raise max_rejects",
                        t->rejects_count, r->scan.problem);
    const char *end = memchr(r->scan.bytes + start, '\n', size < EXCERPT ? size : EXCERPT);
    MEM_GROW(t->rejects, t->rejects_count, r->rejects_room);
    Reject *x = &t->rejects[t->rejects_count++];
    *x = (Reject){.line = line, .column = column, .before = r->rows, .reason = mem_strdup(r->scan.problem)};
    x->excerpt = mem_strndup(r->scan.bytes + start, end ? (size_t)(end - r->scan.bytes) - start : size < EXCERPT ? size : EXCERPT);
    return true;
}

/* To the next line: whatever the broken row has swallowed is looked at again. Inside a list that is safe only where objects stand one a
 * line. */
static bool skip_line(JsonRows *r, size_t start, Error *e)
{
    JsonScan *s = &r->scan;
    const char *end = start < s->size ? memchr(s->bytes + start, '\n', s->size - start) : NULL;
    s->at = end ? (size_t)(end - s->bytes) + 1 : s->size;
    size_t next = s->at;
    while (next < s->size && (s->bytes[next] == ' ' || s->bytes[next] == '\t'))
        next++;
    bool one_a_line = end && next < s->size && (s->bytes[next] == '{' || s->bytes[next] == ']');
    if (!r->is_list || one_a_line)
        return true;
    size_t column, line = json_scan_line(s, s->problem_at, &column);
    return error_at(e, ERROR_FAILED, r->name, (long)line, (long)column, "JSON: %s", s->problem);
}

static bool keep_row(JsonRows *r, Error *e)
{
    size_t first = r->rows ? r->ends[r->rows - 1] : 0;
    for (size_t i = first; i < r->cells_count; i++)
        r->kinds[r->cells[i].column] |= r->cells[i].kinds | JSON_SEEN;
    MEM_GROW(r->ends, r->rows, r->rows_room);
    r->ends[r->rows++] = r->cells_count;
    if (r->rows > (size_t)r->p->max_rows)
        return error_at(e, ERROR_FAILED, r->name, 0, 0, "more than %lld rows; raise max_rows", (long long)r->p->max_rows);
    if ((double)r->cells_count * (double)sizeof *r->cells > (double)r->p->max_memory * 1048576)
        return error_at(e, ERROR_MEMORY, r->name, 0, 0, "needs more than %lld MiB; raise max_memory or read fewer rows",
                        (long long)r->p->max_memory);
    if (r->rows % PROGRESS_ROWS)
        return true;
    job_progress(r->job, r->scan.at, r->scan.size);
    return job_go_on(r->job, e);
}

/* A row of a part of a file that is cut off belongs to the next part. */
static bool is_cut_off(const JsonRows *r)
{
    return r->p->partial && (r->scan.at >= r->scan.size || r->scan.problem_at >= r->scan.size);
}

static bool scan_row(JsonRows *r, bool *ended, Error *e)
{
    JsonScan *s = &r->scan;
    size_t start = s->at, cells = r->cells_count, names = dictionary_count(r->names);
    s->problem[0] = '\0';
    s->depth = 0;
    if (scan_object(r, e))
        return keep_row(r, e);
    if (e->code != ERROR_NONE)
        return false;
    r->cells_count = cells;
    for (size_t i = 0; i < dictionary_count(r->names); i++)
        r->seen[i] = i < names && r->seen[i] <= r->rows ? r->seen[i] : 0;
    *ended = is_cut_off(r);
    return *ended || (reject(r, start, e) && skip_line(r, start, e));
}

static bool between_items(JsonRows *r, bool *ended, Error *e)
{
    JsonScan *s = &r->scan;
    char c = json_scan_peek(s);
    if (c == ']') {
        s->at++;
        json_scan_blanks(s);
        *ended = true;
        size_t column, line = json_scan_line(s, s->at, &column);
        return s->at >= s->size || error_at(e, ERROR_FAILED, r->name, (long)line, (long)column, "JSON: there is more text behind the list");
    }
    if (c == ',') {
        s->at++;
        json_scan_blanks(s);
    }
    return true;
}

static bool is_finished(const JsonRows *r)
{
    return r->scan.at >= r->scan.size || (r->p->rows > 0 && r->rows >= (size_t)r->p->rows);
}

static bool has_column(const JsonRows *r)
{
    for (size_t i = 0; i < dictionary_count(r->names); i++)
        if (r->kinds[i] & JSON_SEEN)
            return true;
    return false;
}

static bool end_list(JsonRows *r, bool ended, Error *e)
{
    const Table *t = r->table;
    bool cut_off = r->is_list && !ended && r->scan.at >= r->scan.size && !r->p->partial;
    if (cut_off) {
        json_scan_fail(&r->scan, r->scan.size, "the list has no closing ]");
        if (!reject(r, r->scan.size, e))
            return false;
    }
    if (has_column(r))
        return true;
    if (t->rejects_count)
        return error_at(e, ERROR_FAILED, r->name, (long)t->rejects[0].line, (long)t->rejects[0].column, "JSON: %s", t->rejects[0].reason);
    return error_at(e, ERROR_FAILED, r->name, 0, 0, "is empty: no object with a key");
}

bool json_rows_scan(JsonRows *r, Error *e)
{
    JsonScan *s = &r->scan;
    bool ended = false, ok = true, first = true;
    json_scan_blanks(s);
    r->is_list = json_scan_peek(s) == '[';
    s->at += r->is_list;
    while (ok && !ended && !is_finished(r)) {
        json_scan_blanks(s);
        if (r->is_list && (!first || json_scan_peek(s) == ']'))
            ok = between_items(r, &ended, e);
        first = false;
        if (ok && !ended && s->at < s->size)
            ok = scan_row(r, &ended, e);
        json_scan_blanks(s);
    }
    s->problem[0] = '\0';
    return ok && end_list(r, ended, e);
}

void json_rows_done(JsonRows *r)
{
    mem_free(r->cells);
    mem_free(r->ends);
    mem_free(r->kinds);
    mem_free(r->seen);
    dictionary_unref(r->names);
    json_scan_done(&r->scan);
}
