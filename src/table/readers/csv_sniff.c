/* What a file seems to be: its delimiter, the titles above its header, and whether it has a header at all. */
#include <string.h>

#include "base/mem.h"
#include "table/readers/csv.h"

enum { SAMPLE_BYTES = 1 << 16, SAMPLE_ROWS = 200 };

/* Field counts of the first records with one delimiter. */
typedef struct Counts {
    size_t rows, filled[SAMPLE_ROWS], fields[SAMPLE_ROWS];
    size_t mode, mode_rows;
} Counts;

static CsvScan sample_of(const CsvScan *origin, char delimiter)
{
    CsvScan s = *origin;
    s.fields = NULL;
    s.count = s.room = 0;
    s.delimiter = delimiter;
    if ((size_t)(s.end - s.at) > SAMPLE_BYTES) s.end = s.at + SAMPLE_BYTES;
    s.partial = s.end < origin->end || origin->partial;
    return s;
}

static void find_mode(Counts *c)
{
    for (size_t i = 0; i < c->rows; i++) {
        size_t same = 0;
        for (size_t k = 0; k < c->rows; k++) same += c->fields[k] == c->fields[i];
        bool better = same > c->mode_rows || (same == c->mode_rows && c->fields[i] > c->mode);
        if (better) c->mode = c->fields[i], c->mode_rows = same;
    }
}

static void count_fields(const CsvScan *origin, char delimiter, Counts *c)
{
    CsvScan s = sample_of(origin, delimiter);
    memset(c, 0, sizeof *c);
    while (c->rows < SAMPLE_ROWS && csv_scan_next(&s, NULL)) {
        for (size_t i = 0; i < s.count; i++) c->filled[c->rows] += s.fields[i].size > 0;
        c->fields[c->rows++] = s.count;
    }
    if (c->rows == 0 && s.count > 0) c->fields[c->rows++] = s.count;
    find_mode(c);
    csv_scan_done(&s);
}

static char sniff_delimiter(const CsvScan *origin)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = ',';
    double best_score = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        Counts c;
        count_fields(origin, candidates[i], &c);
        if (c.mode < 2) continue;
        double share = (double)c.mode_rows / (double)c.rows;
        double score = share * share * (c.mode > 8 ? 1.25 : 1.0 + (double)c.mode / 32.0);
        if (score > best_score) best = candidates[i], best_score = score;
    }
    return best;
}

/* Text above numbers speaks for a header, a number above numbers against it. */
static bool sniff_header(CsvScan *s)
{
    ColumnType type;
    size_t yes = 0, no = 0, columns = s->count, blank = 0;
    bool *named = mem_alloc(columns + 1), *numeric = mem_alloc(columns + 1), *seen = mem_alloc(columns + 1);
    for (size_t i = 0; i < columns; i++) {
        named[i] = !csv_guess(s->fields[i].bytes, s->fields[i].size, &type);
        blank += s->fields[i].size == 0;
        numeric[i] = true;
    }
    for (int row = 0; row < 50 && csv_scan_next(s, NULL); row++)
        for (size_t i = 0; i < columns && i < s->count; i++) {
            if (s->fields[i].size == 0) continue;
            seen[i] = true;
            numeric[i] = numeric[i] && csv_guess(s->fields[i].bytes, s->fields[i].size, &type);
        }
    for (size_t i = 0; i < columns; i++) {
        yes += seen[i] && numeric[i] && named[i];
        no += !named[i];
    }
    mem_free(named);
    mem_free(numeric);
    mem_free(seen);
    return yes > no || (no == 0 && 2 * blank <= columns);
}

bool csv_sniff(const CsvScan *origin, const CsvParams *p, CsvShape *shape, Error *e)
{
    Counts c;
    bool given = p->delimiter && p->delimiter[0];
    if (given && p->delimiter[1] && strcmp(p->delimiter, "\\t") != 0)
        return error_set(e, ERROR_USAGE, "delimiter is \"%s\"; it must be one character", p->delimiter);
    shape->delimiter = !given ? sniff_delimiter(origin) : p->delimiter[0] == '\\' ? '\t' : p->delimiter[0];
    count_fields(origin, shape->delimiter, &c);
    shape->columns = c.mode;
    shape->leading = 0;
    bool titled = c.rows > 3 && 2 * c.mode_rows > c.rows && c.mode > 1;
    while (titled && shape->leading < c.rows && (c.fields[shape->leading] != c.mode || c.filled[shape->leading] < 2)) shape->leading++;
    if (shape->leading == c.rows || shape->leading > c.rows / 2) shape->leading = 0;
    CsvScan s = sample_of(origin, shape->delimiter);
    for (size_t i = 0; i <= shape->leading && csv_scan_next(&s, NULL); i++) continue;
    if (s.count) shape->columns = s.count;
    shape->header = p->header == CSV_HEADER_YES || (p->header == CSV_HEADER_AUTO && sniff_header(&s));
    csv_scan_done(&s);
    return true;
}

int csv_sniff_name(const char *name, const uint8_t *bytes, size_t size)
{
    static const char *const endings[] = {".csv", ".tsv", ".txt", ".tab", ".csv.gz", ".tsv.gz", ".txt.gz"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_ends(name, endings[i])) return 90;
    if (size == 0) return 10;
    return memchr(bytes, 0, size < 4096 ? size : 4096) ? 5 : 50;
}
