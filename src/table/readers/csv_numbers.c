/* How the numbers of a file are written: with a decimal point or comma, with or without groups of thousands. What could be read in
 * two ways stays text, and a note says how to decide it. */
#include <string.h>

#include "base/mem.h"
#include "table/readers/csv.h"

enum { SAMPLE_ROWS = 200, MOST_NOTES = 3 };

typedef struct Seen { /* cells of one column */
    size_t cells, integers, points, commas, clear_commas, dot_groups, comma_groups, either, dates, day_first, month_first;
    char example[24];
} Seen;

static size_t skip_digits(const char *s, size_t size, size_t at)
{
    while (at < size && s[at] >= '0' && s[at] <= '9')
        at++;
    return at;
}

/* Whole digits with or without groups of three; *groups: how many groups follow the first. 0: none of it. */
static size_t skip_whole(const char *s, size_t size, char mark, size_t *groups)
{
    size_t first = skip_digits(s, size, 0), at = first;
    *groups = 0;
    while (mark && first > 0 && first <= 3 && at < size && s[at] == mark && skip_digits(s, size, at + 1) - at == 4)
        at += 4, ++*groups;
    return at;
}

bool csv_plain_number(const CsvWords *w, const char *s, size_t size, char out[CSV_NUMBER_ROOM], size_t *used)
{
    size_t groups, sign = size && (*s == '-' || *s == '+');
    *used = 0;
    if (size >= CSV_NUMBER_ROOM)
        return false;
    size_t whole = skip_whole(s + sign, size - sign, w->thousands, &groups) + sign;
    if (whole == sign && (whole == size || s[whole] != w->decimal))
        return false;
    for (size_t i = 0; i < size; i++) {
        if (i < whole && s[i] == w->thousands)
            continue;
        if (i >= whole && s[i] == w->decimal)
            out[(*used)++] = '.';
        else if ((i >= whole && s[i] == '.') || s[i] == ',')
            return false;
        else
            out[(*used)++] = s[i];
    }
    return true;
}

static void look_at_date(Seen *c, const char *s, size_t size)
{
    size_t a = skip_digits(s, size, 0), b = a < size ? skip_digits(s, size, a + 1) : 0;
    bool split = a > 0 && a <= 2 && a < size && strchr("/.-", s[a]) && b > a + 1 && b <= a + 3 && b < size && s[b] == s[a];
    if (!split || skip_digits(s, size, b + 1) != size || (size - b - 1 != 4 && size - b - 1 != 2))
        return;
    int first = s[0] - '0', second = s[a + 1] - '0';
    if (a == 2)
        first = 10 * first + s[1] - '0';
    if (b == a + 3)
        second = 10 * second + s[a + 2] - '0';
    c->dates++;
    c->day_first += first > 12;
    c->month_first += second > 12;
}

static void look_at(Seen *c, const char *s, size_t size)
{
    ColumnType type;
    size_t groups, dot_whole, comma_whole;
    while (size && *s == ' ')
        s++, size--;
    while (size && s[size - 1] == ' ')
        size--;
    if (size == 0)
        return;
    c->cells++;
    if (csv_guess(s, size, &type)) {
        c->integers += type == COLUMN_INT;
        c->points += type == COLUMN_REAL;
        skip_whole(s, size, '.', &groups);
        c->dot_groups += groups > 0;
        return;
    }
    look_at_date(c, s, size);
    if (*s == '-' || *s == '+')
        s++, size--;
    comma_whole = skip_whole(s, size, ',', &groups);
    if (groups > 0 && comma_whole == size) {
        c->comma_groups += groups > 1;
        c->either += groups == 1 && *s != '0';
        c->commas += groups == 1;
        c->clear_commas += groups == 1 && *s == '0';
    } else if (groups > 0 && s[comma_whole] == '.' && skip_digits(s, size, comma_whole + 1) == size) {
        c->comma_groups++;
    } else {
        dot_whole = skip_whole(s, size, '.', &groups);
        bool comma =
            dot_whole > 0 && dot_whole < size && s[dot_whole] == ',' && dot_whole + 1 < size && skip_digits(s, size, dot_whole + 1) == size;
        c->commas += comma;
        c->clear_commas += comma;
        c->dot_groups += (comma && groups > 0) || (groups > 1 && dot_whole == size);
        if (!comma && groups > 1 && dot_whole == size)
            c->integers++;
    }
    if (!c->example[0] && size < sizeof c->example && (c->commas || c->comma_groups))
        memcpy(c->example, s, size);
}

static Seen *look_at_columns(const CsvScan *origin, const CsvShape *shape, const TextList *missing)
{
    CsvScan s = *origin;
    Seen *seen = mem_alloc((shape->columns + 1) * sizeof *seen);
    memset(seen, 0, (shape->columns + 1) * sizeof *seen);
    s.fields = NULL;
    s.count = s.room = 0;
    s.at = shape->rows;
    for (int row = 0; row < SAMPLE_ROWS && csv_scan_next(&s, NULL); row++) {
        if (s.fault || s.count < shape->columns)
            continue;
        for (size_t i = 0; i < shape->columns; i++) {
            const CsvField *f = &s.fields[i];
            bool word = false;
            for (size_t k = 0; k < missing->count && !word; k++)
                word = strlen(missing->items[k]) == f->size && memcmp(missing->items[k], f->bytes, f->size) == 0;
            if (!word)
                look_at(&seen[i], f->bytes, f->size);
        }
    }
    csv_scan_done(&s);
    return seen;
}

static void add_note(TextList *notes, char *text, size_t *count)
{
    if (++*count <= MOST_NOTES)
        text_list_add(notes, text);
    mem_free(text);
}

static const char *date_order(const Seen *c)
{
    if (c->day_first && c->month_first)
        return "in both orders";
    return c->day_first ? "day first" : c->month_first ? "month first" : "day or month first, the cells do not tell";
}

static void note_open_questions(const Seen *seen, char *const *names, size_t columns, const CsvWords *w, TextList *notes)
{
    size_t count = 0;
    for (size_t i = 0; i < columns; i++) {
        const Seen *c = &seen[i];
        if (c->cells == 0)
            continue;
        bool grouped = w->decimal == '.' && w->thousands != ',' && c->comma_groups + c->either + c->integers + c->points == c->cells;
        if (grouped && c->comma_groups)
            add_note(
                notes,
                text_format("column %s stays text: \"%s\" has separators of thousands; thousands = \",\" reads it", names[i], c->example),
                &count);
        else if (grouped && c->either)
            add_note(
                notes,
                text_format("column %s stays text: \"%s\" may be thousands or a decimal comma; say thousands = \",\" or decimal = \",\"",
                            names[i], c->example),
                &count);
        if (c->dates != c->cells)
            continue;
        add_note(notes, text_format("column %s stays text: its dates are written %s; parse_date reads them", names[i], date_order(c)),
                 &count);
    }
}

void csv_sniff_numbers(const CsvSource *from, CsvWords *w, TextList *notes)
{
    const CsvShape *shape = from->shape;
    const CsvParams *p = from->p;
    Seen *seen = look_at_columns(from->origin, shape, &p->missing);
    size_t comma = SIZE_MAX, points = 0, groups = 0;
    for (size_t i = 0; i < shape->columns; i++) {
        const Seen *c = &seen[i];
        bool all = c->commas + c->integers == c->cells || (c->dot_groups && c->commas + c->integers + c->points == c->cells);
        if (c->clear_commas && all && comma == SIZE_MAX)
            comma = i;
        if (c->clear_commas && all)
            groups += c->dot_groups;
        points += !c->commas && c->points && c->points != c->dot_groups;
    }
    bool sniffs = p->decimal && strcmp(p->decimal, "auto") == 0 && w->thousands != ',';
    if (sniffs && comma != SIZE_MAX && points == 0) {
        w->decimal = ',';
        if (groups && !w->thousands)
            w->thousands = '.';
        char *note = text_format("decimal comma, as in \"%s\" of column %s (decimal = \".\" keeps it text)%s", seen[comma].example,
                                 from->names[comma], w->thousands == '.' ? ", points between thousands" : "");
        text_list_add(notes, note);
        mem_free(note);
    }
    note_open_questions(seen, from->names, shape->columns, w, notes);
    mem_free(seen);
}
