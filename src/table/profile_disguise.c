/* Numbers and dates in disguise: texts such as 1.234,50 EUR or 31/12/2024 that parse_number and parse_date read. */
#include "base/mem.h"
#include "base/number.h"
#include "table/calendar_read.h"
#include "table/letters.h"
#include "table/number_read.h"
#include "table/profile_internal.h"
#include "table/spelling.h"

enum { WAYS_MOST = 3, GLANCE = 100, LEVELS_LEAST = 2 };
static const double least_read = 0.95; /* of the cells that hold something: what the steps ask for */

/* How many cells are read in each way, and whether two ways that read as many read the same. */
typedef struct Tally {
    bool (*read)(int way, const char *bytes, size_t size, double *value);
    int ways;
    size_t held, levels, by_way[WAYS_MOST];
    bool differs[WAYS_MOST]; /* from way 0, in some text that both read */
} Tally;

/* Codes with leading zeros, such as telephone numbers, lose something by becoming a number. */
static bool is_code(const char *bytes, size_t size)
{
    return size > 1 && bytes[0] == '0' && bytes[1] >= '0' && bytes[1] <= '9';
}

static bool read_number(int way, const char *bytes, size_t size, double *value)
{
    NumberForm form;
    bool ok = !is_code(bytes, size) && number_read((NumberWay)way, bytes, size, &form);
    return *value = form.value, ok;
}

/* A number alone may be anything. */
static bool read_date(int way, const char *bytes, size_t size, double *value)
{
    CalendarMoment moment;
    int64_t whole;
    if (number_parse_int(bytes, size, &whole) || !calendar_read((CalendarOrder)way, bytes, size, &moment))
        return false;
    return *value = (double)moment.microseconds, true;
}

static void count_level(Tally *t, const char *text, size_t size, size_t rows)
{
    double value[WAYS_MOST];
    bool read[WAYS_MOST];
    text = letters_trim(text, &size);
    if (size == 0 || spelling_is_missing(text, size))
        return;
    t->held += rows;
    t->levels++;
    for (int way = 0; way < t->ways; way++) {
        read[way] = t->read(way, text, size, &value[way]);
        t->by_way[way] += read[way] ? rows : 0;
    }
    for (int a = 0; a < t->ways; a++)
        for (int b = 0; b < a; b++)
            if (read[a] && read[b] && value[a] != value[b])
                t->differs[a] = t->differs[b] = true;
}

static bool is_hopeless(const Tally *t)
{
    size_t best = 0;
    for (int way = 0; way < t->ways; way++)
        best = t->by_way[way] > best ? t->by_way[way] : best;
    return 2 * best < t->held;
}

static void tally(Tally *t, const Column *c, const size_t *counts)
{
    for (uint32_t i = 0; i < dictionary_count(c->dictionary); i++) {
        size_t size;
        const char *text = dictionary_get(c->dictionary, i, &size);
        if (counts[i])
            count_level(t, text, size, counts[i]);
        if (t->levels == GLANCE && is_hopeless(t))
            return;
    }
}

/* Fills in the column what was found; false: this is not it. */
static bool judge(const Tally *t, Disguise kind, ColumnProfile *p)
{
    int best = 0;
    bool ambiguous = false;
    for (int way = 1; way < t->ways; way++)
        if (t->by_way[way] > t->by_way[best])
            best = way;
    if (t->levels < LEVELS_LEAST || (double)t->by_way[best] < least_read * (double)t->held)
        return false;
    for (int way = 0; way < t->ways; way++)
        ambiguous = ambiguous || (way != best && t->by_way[way] == t->by_way[best] && t->differs[way] && t->differs[best]);
    p->disguise = kind;
    p->disguise_way = ambiguous ? DISGUISE_AMBIGUOUS : best;
    p->disguise_odd = t->held - t->by_way[best];
    return true;
}

void profile_disguise(ColumnProfile *p, const Column *c)
{
    Tally numbers = {.read = read_number, .ways = NUMBER_WAYS}, dates = {.read = read_date, .ways = ORDER_MDY + 1};
    p->disguise = DISGUISE_NONE;
    if (c->type != COLUMN_TEXT || (double)p->numbers >= least_read * (double)(p->count - p->spelled_missing))
        return;
    size_t *counts = mem_alloc(((size_t)dictionary_count(c->dictionary) + 1) * sizeof *counts);
    for (size_t row = 0; row < c->rows; row++)
        if (column_is_valid(c, row))
            counts[c->data.codes[row]]++;
    tally(&numbers, c, counts);
    if (!judge(&numbers, DISGUISE_NUMBER, p)) {
        tally(&dates, c, counts);
        judge(&dates, DISGUISE_DATE, p);
    }
    mem_free(counts);
}

/* The first cell that shows how the column is written: a plain number does not. */
static bool is_telling(const ColumnProfile *p, const char *text, size_t size)
{
    double value, other;
    text = letters_trim(text, &size);
    if (number_parse_real(text, size, &value))
        return false;
    bool number = p->disguise == DISGUISE_NUMBER;
    if (p->disguise_way != DISGUISE_AMBIGUOUS)
        return (number ? read_number : read_date)(p->disguise_way, text, size, &value);
    int way = number ? NUMBER_POINT : ORDER_DMY; /* and the next one */
    bool both =
        (number ? read_number : read_date)(way, text, size, &value) && (number ? read_number : read_date)(way + 1, text, size, &other);
    return both && value != other;
}

static size_t telling_row(const ColumnProfile *p, const Column *c)
{
    for (size_t row = 0; row < c->rows; row++) {
        size_t size;
        const char *text = column_text(c, row, &size);
        if (text && is_telling(p, text, size))
            return row;
    }
    return 0;
}

static void add_finding(Finder *f, const ColumnProfile *p, const Column *c, const char *const *names)
{
    bool number = p->disguise == DISGUISE_NUMBER;
    size_t row = telling_row(p, c);
    const char *step = number ? "parse_number" : "parse_date", *parameter = number ? "decimal" : "order";
    Text text = {0};
    text_addf(&text, "the text \"%s\" in row %llu is a %s", column_text(c, row, NULL), (unsigned long long)table_row_id(f->t, row) + 1,
              number ? "number" : "date");
    if (p->disguise_odd)
        text_addf(&text, ", and all but %zu cells are", p->disguise_odd);
    if (p->disguise_way == DISGUISE_AMBIGUOUS) {
        text_addf(&text, " that can be read two ways: %s { %s = \"%s\" or \"%s\" }", step, parameter, number ? names[0] : names[1],
                  number ? names[1] : names[2]);
        finder_add(f, '!', p->name, text_take(&text), (Repair){NULL, NULL, false});
        return;
    }
    Repair repair = {step, repair_columns(p->name), !number}; /* no net reads a date, so only who asks for it gets one */
    value_set(repair.params, parameter, value_text(names[p->disguise_way]));
    finder_add(f, '!', p->name, text_take(&text), repair);
}

bool find_disguise(Finder *f, const ColumnProfile *p, const Column *c)
{
    if (p->is_target || p->disguise == DISGUISE_NONE)
        return false;
    add_finding(f, p, c, p->disguise == DISGUISE_NUMBER ? number_ways : calendar_orders);
    return p->disguise == DISGUISE_NUMBER && p->disguise_way != DISGUISE_AMBIGUOUS;
}
