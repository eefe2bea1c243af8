/* Whether a record holds the names of the rows below it. Text above numbers says so, a number above numbers speaks against it,
 * unless the numbers are labels themselves: years, dates, steps of a scale. With nothing to tell, the first line is the header. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "table/readers/csv.h"

enum { BODY_ROWS = 50, FIRST_YEAR = 1800, LAST_YEAR = 2200, LEAST_STEPS = 3 };

typedef enum Kind { KIND_EMPTY, KIND_TEXT, KIND_NUMBER, KIND_DATE, KIND_FLAG } Kind;

typedef struct Above { /* one cell of the record, and what stands below it */
    const char *bytes;
    size_t size;
    Kind kind;
    double number;
    size_t cells, texts, numbers, dates, flags, years, fractions; /* below */
    bool repeats;                                                 /* a cell below is the same */
} Above;

typedef struct Head {
    Above *cells;
    size_t count, blank;
    bool row_repeats;            /* a whole row below is the same */
    size_t quoted, quoted_below; /* cells in quotes: of the record, and below */
    double step;                 /* between its numbers; 0: not equal */
    size_t rows, stepping;       /* rows below; those that go in the same steps: then it is a matrix */
} Head;

bool csv_looks_numeric(const char *s, size_t size)
{
    size_t digits = 0;
    if (size && (*s == '-' || *s == '+'))
        s++, size--;
    if (size && s[size - 1] == '%')
        size--;
    for (size_t i = 0; i < size; i++) {
        bool digit = s[i] >= '0' && s[i] <= '9';
        if (!digit && s[i] != ',' && s[i] != '.' && s[i] != ' ')
            return false;
        digits += digit;
    }
    return digits > 0;
}

static Kind kind_of(const CsvField *f, const TextList *missing, double *number)
{
    ColumnType type;
    const char *s = f->bytes;
    size_t size = f->size;
    *number = NAN;
    while (size && *s == ' ')
        s++, size--;
    while (size && s[size - 1] == ' ')
        size--;
    if (size == 0)
        return KIND_EMPTY;
    for (size_t i = 0; i < missing->count; i++)
        if (strlen(missing->items[i]) == size && memcmp(missing->items[i], s, size) == 0)
            return KIND_EMPTY;
    if (!csv_guess(s, size, &type))
        return csv_looks_numeric(s, size) ? KIND_NUMBER : KIND_TEXT;
    if (type == COLUMN_BOOL)
        return KIND_FLAG;
    if (type == COLUMN_DATE || type == COLUMN_TIME)
        return KIND_DATE;
    number_parse_real(s, size, number);
    return KIND_NUMBER;
}

static bool is_year(double x)
{
    return x == floor(x) && x >= FIRST_YEAR && x <= LAST_YEAR;
}

static void add_below(Above *a, const CsvField *f, const TextList *missing, double *number)
{
    Kind kind = kind_of(f, missing, number);
    if (kind == KIND_EMPTY)
        return;
    a->cells++;
    a->texts += kind == KIND_TEXT;
    a->numbers += kind == KIND_NUMBER;
    a->dates += kind == KIND_DATE;
    a->flags += kind == KIND_FLAG;
    a->years += is_year(*number);
    a->fractions += kind == KIND_NUMBER && *number != floor(*number);
    a->repeats = a->repeats || (f->size == a->size && memcmp(f->bytes, a->bytes, a->size) == 0);
}

static bool is_step(double before, double now, double step)
{
    return fabs(now - before - step) <= 1e-9 * fmax(fabs(now), 1);
}

/* The equal step between the numbers at the places where the record has numbers; 0: they do not go in steps. */
static double step_of(const Head *h, const double *numbers)
{
    double before = NAN, step = NAN;
    for (size_t i = 0; i < h->count; i++) {
        if (h->cells[i].kind != KIND_NUMBER)
            continue;
        if (isnan(numbers[i]))
            return 0;
        if (!isnan(step) && !is_step(before, numbers[i], step))
            return 0;
        if (isnan(step) && !isnan(before))
            step = numbers[i] - before;
        before = numbers[i];
    }
    return isnan(step) ? 0 : step;
}

static void read_below(Head *h, CsvScan *s, size_t offset, const TextList *missing)
{
    double *numbers = mem_alloc((h->count + 1) * sizeof *numbers);
    for (h->rows = 0; h->rows < BODY_ROWS && csv_scan_next(s, NULL); h->rows++) {
        bool same = s->count == h->count;
        for (size_t i = 0; i < h->count; i++) {
            static const CsvField none = {.bytes = ""};
            const CsvField *f = i + offset < s->count ? &s->fields[i + offset] : &none;
            same = same && f->size == h->cells[i].size && memcmp(f->bytes, h->cells[i].bytes, f->size) == 0;
            numbers[i] = NAN;
            h->quoted_below += f->quoted;
            add_below(&h->cells[i], f, missing, &numbers[i]);
        }
        h->row_repeats |= same;
        h->stepping += h->step != 0 && is_step(0, step_of(h, numbers), h->step);
    }
    mem_free(numbers);
}

static void read_names(Head *h, const CsvScan *s, const TextList *missing)
{
    h->count = s->count;
    h->cells = mem_alloc((s->count + 1) * sizeof *h->cells);
    for (size_t i = 0; i < s->count; i++) {
        Above *a = &h->cells[i];
        *a = (Above){.bytes = s->fields[i].bytes, .size = s->fields[i].size};
        a->kind = kind_of(&s->fields[i], missing, &a->number);
        if (a->kind == KIND_EMPTY && a->size > 0)
            a->kind = KIND_TEXT;
        h->blank += a->kind == KIND_EMPTY;
        h->quoted += s->fields[i].quoted;
    }
    double *own = mem_alloc((h->count + 1) * sizeof *own);
    for (size_t i = 0; i < h->count; i++)
        own[i] = h->cells[i].number;
    h->step = step_of(h, own);
    mem_free(own);
}

static bool is_numeric_below(const Above *a)
{
    return a->numbers > 0 && 2 * a->numbers > a->cells;
}

/* Years or dates above other values, rising from left to right. */
static bool are_times(const Head *h, Kind kind)
{
    size_t count = 0;
    const Above *before = NULL;
    for (size_t i = 0; i < h->count; i++) {
        const Above *a = &h->cells[i];
        if (a->kind == KIND_EMPTY || a->kind == KIND_TEXT)
            continue;
        if (a->kind != kind || (kind == KIND_NUMBER && (!is_year(a->number) || 2 * a->years > a->cells)))
            return false;
        if (kind == KIND_DATE && 2 * a->dates > a->cells)
            return false;
        bool rises = !before || (kind == KIND_NUMBER ? a->number > before->number
                                                     : a->size != before->size || memcmp(a->bytes, before->bytes, a->size) != 0);
        if (!rises || a->cells == 0)
            return false;
        before = a;
        count++;
    }
    return count > 0;
}

/* Numbers in equal steps (0, 1, 2; 400, 410, 420) above rows that do not go in steps; two are enough to count columns above fractions. */
static bool are_steps(const Head *h)
{
    size_t numbers = 0, fractions = 0;
    bool counts = true;
    for (size_t i = 0; i < h->count; i++) {
        const Above *a = &h->cells[i];
        if (a->kind != KIND_NUMBER)
            continue;
        counts = counts && a->number == (double)numbers;
        numbers++;
        fractions += a->fractions > 0;
    }
    return h->step != 0 && 2 * h->stepping < h->rows + (h->rows == 0) && (numbers >= LEAST_STEPS || (counts && fractions > 0));
}

/* Programs that quote names quote them all, and no values. */
static bool only_names_are_quoted(const Head *h)
{
    return h->count > 0 && h->quoted == h->count && h->rows > 0 && h->quoted_below == 0;
}

static bool has_twins(const Head *h)
{
    for (size_t i = 0; i < h->count; i++)
        for (size_t k = 0; k < i; k++) {
            const Above *a = &h->cells[i], *b = &h->cells[k];
            if (a->size && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0)
                return true;
        }
    return false;
}

static bool has_letter(const Above *a)
{
    for (size_t i = 0; i < a->size; i++)
        if (((a->bytes[i] | 0x20) >= 'a' && (a->bytes[i] | 0x20) <= 'z') || (unsigned char)a->bytes[i] >= 0x80)
            return true;
    return false;
}

static CsvLikely judge(const Head *h)
{
    size_t yes = 0, no = 0, repeats = 0;
    for (size_t i = 0; i < h->count; i++) {
        const Above *a = &h->cells[i];
        bool typed_below = a->cells && 2 * a->texts < a->cells;
        bool same = (a->kind == KIND_NUMBER && (is_numeric_below(a) || a->cells == 0)) ||
                    (a->kind == KIND_DATE && 2 * a->dates >= a->cells) || (a->kind == KIND_FLAG && 2 * a->flags >= a->cells);
        yes += a->kind == KIND_TEXT && typed_below && has_letter(a);
        no += same;
        repeats += a->kind == KIND_TEXT && a->repeats;
    }
    if ((yes > 0 && yes >= no) || only_names_are_quoted(h) || are_times(h, KIND_NUMBER) || are_times(h, KIND_DATE) || are_steps(h))
        return CSV_SURE;
    if (no > 0 || 2 * h->blank > h->count)
        return CSV_UNLIKELY;
    if (yes == 0 && h->count > 1 && (has_twins(h) || (repeats && !h->row_repeats)))
        return CSV_UNLIKELY;
    return yes ? CSV_SURE : CSV_MAYBE;
}

CsvLikely csv_header_likely(const CsvScan *origin, const char *names, const char *rows, size_t offset, const TextList *missing)
{
    CsvScan s = *origin;
    Head h = {0};
    s.fields = NULL;
    s.count = s.room = 0;
    s.columns = 0;
    s.at = names;
    s.comment = '\0';
    csv_scan_next(&s, NULL);
    read_names(&h, &s, missing);
    s.at = rows;
    s.comment = origin->comment;
    read_below(&h, &s, offset, missing);
    CsvLikely found = judge(&h);
    mem_free(h.cells);
    csv_scan_done(&s);
    return found;
}
