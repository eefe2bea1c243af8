/* What a file seems to be: its delimiter and comments, the titles above its header, and how the header fits the rows below. */
#include <string.h>

#include "base/mem.h"
#include "table/readers/csv.h"

enum { SAMPLE_BYTES = 1 << 16, SAMPLE_ROWS = 200, ENOUGH_ROWS = 20 };

/* The first records with one delimiter. `mode`: the number of fields that rows have; `first`: the first such row. */
typedef struct Sample {
    const char *at[SAMPLE_ROWS], *after[SAMPLE_ROWS];
    size_t fields[SAMPLE_ROWS], filled[SAMPLE_ROWS];
    size_t rows, cells, typed;
    size_t mode, mode_rows, first;
} Sample;

static void add_record(Sample *m, const CsvScan *s)
{
    ColumnType type;
    size_t row = m->rows++;
    m->at[row] = s->record;
    m->after[row] = s->at;
    m->fields[row] = s->count;
    for (size_t i = 0; i < s->count; i++) {
        if (s->fields[i].size == 0)
            continue;
        m->filled[row]++;
        m->typed += csv_looks_numeric(s->fields[i].bytes, s->fields[i].size) || csv_guess(s->fields[i].bytes, s->fields[i].size, &type);
    }
    m->cells += m->filled[row];
}

static void read_sample(const CsvScan *origin, size_t bytes, Sample *m)
{
    CsvScan s = *origin;
    s.fields = NULL;
    s.count = s.room = 0;
    if ((size_t)(s.end - s.at) > bytes)
        s.end = s.at + bytes;
    s.partial = s.end < origin->end || origin->partial;
    memset(m, 0, sizeof *m);
    while (m->rows < SAMPLE_ROWS && csv_scan_next(&s, NULL))
        add_record(m, &s);
    if (m->rows == 0 && s.count > 0)
        add_record(m, &s);
    csv_scan_done(&s);
}

/* The most frequent number of fields among rows with at least so many; of equals the one that comes last. */
static size_t most_frequent(const Sample *m, size_t at_least, size_t *rows)
{
    size_t mode = 0;
    *rows = 0;
    for (size_t i = 0; i < m->rows; i++) {
        size_t same = 0;
        for (size_t k = 0; k < m->rows; k++)
            same += m->fields[k] == m->fields[i];
        if (m->fields[i] >= at_least && same >= *rows)
            mode = m->fields[i], *rows = same;
    }
    return mode;
}

static size_t first_full(const Sample *m, size_t mode)
{
    size_t first = 0, wide = 0;
    if (mode < 2)
        return 0;
    while (wide < m->rows && m->fields[wide] != mode)
        wide++;
    while (first < m->rows && (m->fields[first] != mode || m->filled[first] < 2))
        first++;
    return first < m->rows ? first : wide;
}

/* Titles have one field; the rows below them say what the table is, if they go on to the end. */
static void find_mode(Sample *m)
{
    size_t rows, mode = most_frequent(m, 2, &rows), first = mode ? first_full(m, mode) : 0;
    bool goes_on = mode && (rows > 1 || m->rows <= 2) && (4 * rows >= 3 * (m->rows - first) || 2 * rows > m->rows);
    m->mode = goes_on ? mode : most_frequent(m, 1, &rows);
    m->mode_rows = rows;
    m->first = first_full(m, m->mode);
}

static void take_sample(const CsvScan *origin, char delimiter, Sample *m)
{
    CsvScan s = *origin;
    size_t all = (size_t)(s.end - s.at);
    s.delimiter = delimiter;
    for (size_t bytes = SAMPLE_BYTES;; bytes *= 8) {
        read_sample(&s, bytes, m);
        if (m->rows >= ENOUGH_ROWS || bytes >= all)
            break;
    }
    find_mode(m);
}

static double score_of(const Sample *m)
{
    double share = (double)m->mode_rows / (double)(m->rows - m->first), all = (double)m->mode_rows / (double)m->rows;
    double typed = m->cells ? (double)m->typed / (double)m->cells : 0;
    double width = m->mode > 8 ? 1.25 : 1.0 + (double)m->mode / 32.0;
    if (share > 1)
        share = 1;
    return share * share * (0.5 + 0.5 * all) * (0.75 + 0.25 * typed) * width;
}

static char sniff_delimiter(const CsvScan *origin)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = ',';
    double best_score = 0;
    Sample *m = MEM_NEW(Sample);
    for (size_t i = 0; i < sizeof candidates; i++) {
        take_sample(origin, candidates[i], m);
        if (m->mode < 2)
            continue;
        double score = score_of(m);
        if (score > best_score)
            best = candidates[i], best_score = score;
    }
    mem_free(m);
    return best;
}

static const char *line_end(const char *p, const char *end)
{
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    return p;
}

static const char *next_start(const char *p, const char *end)
{
    for (p = line_end(p, end); p < end && (*p == '\n' || *p == '\r');)
        p++;
    return p;
}

/* A file that begins with lines of # or % and goes on without them has comments. */
static char sniff_comment(const CsvScan *origin)
{
    const char *p = origin->at, *end = origin->end;
    while (p < end && (*p == '\n' || *p == '\r'))
        p++;
    char mark = p < end && (*p == '#' || *p == '%') ? *p : '\0';
    while (p < end && *p == mark)
        p = next_start(p, end);
    return p < end ? mark : '\0';
}

static bool is_edge(char c)
{
    return c == ',' || c == ';' || c == '\t' || c == '|' || c == '\n' || c == '\r';
}

/* Apostrophes are quotes where no field has the usual ones and every one that opens a field is matched by one that closes it. */
static char sniff_quote(const CsvScan *origin)
{
    const char *p = origin->at, *end = (size_t)(origin->end - p) > SAMPLE_BYTES ? p + SAMPLE_BYTES : origin->end;
    size_t opens = 0, closes = 0;
    if (p == end || memchr(p, '"', (size_t)(end - p)))
        return '"';
    for (const char *at = p; at < end; at++) {
        if (*at != '\'')
            continue;
        opens += at == p || is_edge(at[-1]);
        closes += at + 1 == origin->end || (at + 1 < end && is_edge(at[1]));
    }
    return opens > 1 && (opens == closes || (end < origin->end && opens == closes + 1)) ? '\'' : '"';
}

static bool ends_empty(const CsvScan *origin, const Sample *m, size_t row, size_t count)
{
    CsvScan s = *origin;
    bool empty = true;
    s.fields = NULL;
    s.count = s.room = 0;
    s.at = m->at[row];
    csv_scan_next(&s, NULL);
    for (size_t i = 0; i < count && i < s.count; i++)
        empty = empty && s.fields[s.count - 1 - i].size == 0 && !s.fields[s.count - 1 - i].quoted;
    csv_scan_done(&s);
    return empty;
}

/* Whether every full row from the first on ends in so many empty fields. */
static bool all_trail(const CsvScan *origin, const Sample *m, size_t count)
{
    for (size_t row = m->first; row < m->rows; row++)
        if (m->fields[row] == m->mode && !ends_empty(origin, m, row, count))
            return false;
    return true;
}

typedef struct Placing {
    const CsvScan *origin;
    const CsvParams *p;
    const Sample *m;
} Placing;

static CsvLikely likely(const Placing *x, size_t row, size_t rows, size_t offset)
{
    const char *body = rows < x->m->rows ? x->m->at[rows] : x->origin->end;
    return csv_header_likely(x->origin, x->m->at[row], body, offset, &x->p->missing);
}

/* The record above the first full row has fewer fields: rows end in delimiters, begin with names of their own, or go on without. */
static bool fit_shorter(const Placing *x, size_t above, CsvShape *shape)
{
    const Sample *m = x->m;
    size_t less = m->mode - m->fields[above];
    if (all_trail(x->origin, m, less)) {
        if (likely(x, above, m->first, 0) == CSV_UNLIKELY)
            return false;
        shape->trailing = less;
        shape->columns = m->fields[above];
        return true;
    }
    CsvLikely below = likely(x, m->first, m->first + 1, 0);
    if (less > 1)
        return m->fields[above] > 1 && below == CSV_UNLIKELY && likely(x, above, m->first, 0) != CSV_UNLIKELY;
    if (below == CSV_SURE || likely(x, above, m->first, 1) == CSV_UNLIKELY)
        return false;
    shape->row_names = true;
    return true;
}

/* It has more: a delimiter behind the last name, or rows that leave out their last fields. */
static bool fit_longer(const Placing *x, size_t above, CsvShape *shape)
{
    const Sample *m = x->m;
    size_t more = m->fields[above] - m->mode;
    if (m->mode < 2 || likely(x, above, m->first, 0) == CSV_UNLIKELY)
        return false;
    if (ends_empty(x->origin, m, above, more))
        return true;
    bool exact = x->p->ragged == CSV_RAGGED_EXACT;
    if ((x->p->ragged != CSV_RAGGED_REJECT && !exact) || m->filled[above] < m->fields[above])
        return false;
    shape->columns = m->fields[above];
    shape->missing = exact ? 0 : more;
    return true;
}

static bool fit_above(const Placing *x, CsvShape *shape)
{
    const Sample *m = x->m;
    size_t above = m->first - 1;
    if (x->p->header == CSV_HEADER_NO || m->first == 0 || m->filled[above] == 0)
        return false;
    if (m->fields[above] == m->mode)
        return false;
    bool fits = m->fields[above] < m->mode ? fit_shorter(x, above, shape) : fit_longer(x, above, shape);
    if (!fits)
        return false;
    shape->header = m->at[above];
    shape->rows = m->at[m->first];
    shape->passed = above;
    return true;
}

/* The last of the comment lines may hold the names: # id, name. */
static bool fit_comment(const Placing *x, CsvShape *shape)
{
    const Sample *m = x->m;
    const char *p = x->origin->at, *names = NULL, *end = x->origin->end;
    if (!shape->comment_sniffed || m->mode < 2 || m->first > 0 || x->p->header == CSV_HEADER_NO)
        return false;
    for (; p < m->at[0]; p = next_start(p, end))
        if (*p == shape->comment)
            names = p;
    if (!names || csv_plain_fields(names, end, shape->delimiter) != m->mode || likely(x, 0, 1, 0) == CSV_SURE)
        return false;
    while (*names == shape->comment || *names == ' ')
        names++;
    if (csv_header_likely(x->origin, names, m->at[0], 0, &x->p->missing) == CSV_UNLIKELY)
        return false;
    shape->header = names;
    shape->rows = m->at[0];
    shape->marked_header = true;
    return true;
}

static void place_header(const Placing *x, CsvShape *shape)
{
    const Sample *m = x->m;
    bool fixed = x->p->skip >= 0;
    size_t first = fixed ? 0 : m->first;
    shape->columns = m->mode;
    if ((!fixed || m->first == 1) && fit_above(x, shape))
        return;
    if (fit_comment(x, shape))
        return;
    shape->columns = m->fields[first];
    shape->passed = first;
    shape->rows = m->at[first];
    if (x->p->header == CSV_HEADER_NO || (x->p->header == CSV_HEADER_AUTO && likely(x, first, first + 1, 0) == CSV_UNLIKELY))
        return;
    shape->header = m->at[first];
    shape->rows = m->after[first];
}

static bool one_character(const char *name, const char *given, Error *e)
{
    if (!given || !given[0] || !given[1] || strcmp(given, "\\t") == 0)
        return true;
    return error_set(e, ERROR_USAGE, "%s is \"%s\"; it must be one character", name, given);
}

bool csv_sniff(const CsvScan *origin, const CsvParams *p, CsvShape *shape, Error *e)
{
    CsvScan s = *origin;
    *shape = (CsvShape){0};
    bool sniffs = p->comment && strcmp(p->comment, "auto") == 0;
    bool sniffs_quote = p->quote && strcmp(p->quote, "auto") == 0;
    if (!one_character("delimiter", p->delimiter, e) || (!sniffs_quote && !one_character("quote", p->quote, e)))
        return false;
    shape->quote = sniffs_quote ? sniff_quote(origin) : p->quote ? p->quote[0] : '\0';
    s.quote = shape->quote;
    if (!sniffs && !one_character("comment", p->comment, e))
        return false;
    shape->comment = sniffs ? sniff_comment(origin) : p->comment ? p->comment[0] : '\0';
    shape->comment_sniffed = sniffs && shape->comment;
    s.comment = shape->comment;
    s.comment_sniffed = shape->comment_sniffed;
    bool given = p->delimiter && p->delimiter[0];
    shape->delimiter = !given ? sniff_delimiter(&s) : p->delimiter[0] == '\\' ? '\t' : p->delimiter[0];
    s.delimiter = shape->delimiter;
    Sample *m = MEM_NEW(Sample);
    take_sample(&s, shape->delimiter, m);
    if (m->rows)
        place_header(&(Placing){&s, p, m}, shape);
    mem_free(m);
    return true;
}

int csv_sniff_name(const char *name, const uint8_t *bytes, size_t size)
{
    static const char *const endings[] = {".csv", ".tsv", ".txt", ".tab", ".csv.gz", ".tsv.gz", ".txt.gz"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_ends(name, endings[i]))
            return 90;
    if (size == 0)
        return 10;
    return memchr(bytes, 0, size < 4096 ? size : 4096) ? 5 : 50;
}
