/* Numbers of columns for steps that scale and bend them: single ones and arrays by one way, channel by channel. */
#include <math.h>

#include "base/number.h"
#include "base/sort.h"
#include "steps/tools.h"

static Column *find_numbers(const Table *t, const char *name, bool takes_arrays, Error *e)
{
    int at = tools_find(t, name, e);
    if (at == TABLE_NONE)
        return NULL;
    Column *c = t->columns[at];
    if (column_is_numeric(c) || c->missing == c->rows || (takes_arrays && c->type == COLUMN_ARRAY))
        return c;
    error_set(e, ERROR_FAILED, "column \"%s\" was a number when the step was fitted and is %s now", name, column_type_name(c->type));
    return NULL;
}

Column *tools_numeric(const Table *t, const char *name, Error *e)
{
    return find_numbers(t, name, false, e);
}

Column *tools_numbers(const Table *t, const char *name, Error *e)
{
    return find_numbers(t, name, true, e);
}

bool tools_resolve_channels(const StepInput *in, const TextList *selectors, TextList *names, Error *e)
{
    int *columns;
    size_t count;
    bool ok = true;
    if (!select_columns(in->rows, selectors, in->roles, &columns, &count, e))
        return false;
    for (size_t i = 0; ok && i < count; i++) {
        const char *name = in->rows->names[columns[i]];
        const Column *c = in->rows->columns[columns[i]];
        if (!column_is_numeric(c) && c->type != COLUMN_ARRAY)
            ok = error_set(e, ERROR_USAGE, "%s is %s, not a number; use columns = \"numeric\", or cast it first", name,
                           column_type_name(c->type));
        for (size_t k = 0; k < column_channels(c); k++)
            text_list_add(names, name);
    }
    mem_free(columns);
    return ok;
}

/* How many of the names from i on are the same: the channels of one column. */
static size_t channels_from(const TextList *names, size_t i)
{
    size_t count = 1;
    while (i + count < names->count && text_equal(names->items[i], names->items[i + count]))
        count++;
    return count;
}

Column *tools_channel(const StepInput *in, const TextList *names, size_t i, Error *e)
{
    Column *c = tools_numbers(in->rows, names->items[i], e);
    if (!c || c->type != COLUMN_ARRAY)
        return c ? column_ref(c) : NULL;
    size_t channels = column_channels(c), channel = 0, count = 0, room;
    while (channel < i && text_equal(names->items[i - channel - 1], names->items[i]))
        channel++;
    bool fits = mem_mul(c->rows - c->missing, c->width / channels, &room);
    Column *all = fits ? column_new(COLUMN_REAL, room, e) : NULL;
    for (size_t row = 0; all && row < c->rows; row++)
        for (size_t k = channel; column_is_valid(c, row) && k < c->width; k += channels)
            all->data.reals[count++] = (double)c->data.array[row * c->width + k];
    if (!fits)
        error_set(e, ERROR_MEMORY, "%s: %zu numbers a row are too many", names->items[i], c->width);
    return all;
}

double *tools_sorted(const Column *c, size_t *count, Error *e)
{
    double *values = mem_try_alloc(c->rows ? c->rows : 1, sizeof *values, e);
    *count = 0;
    for (size_t i = 0; values && i < c->rows; i++) {
        double x = column_is_valid(c, i) ? column_real(c, i) : (double)NAN;
        if (isfinite(x))
            values[(*count)++] = x;
    }
    if (!values || sort_reals(values, *count, e))
        return values;
    mem_free(values);
    return NULL;
}

double tools_quantile(const double *sorted, size_t count, double p)
{
    if (count == 0)
        return (double)NAN;
    double at = p * (double)(count - 1);
    size_t low = (size_t)at;
    if (low + 1 >= count)
        return sorted[count - 1];
    return sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low]);
}

bool tools_range(const Column *c, double *low, double *high)
{
    bool any = false;
    *low = *high = 0;
    for (size_t i = 0; i < c->rows; i++) {
        double x = column_real(c, i);
        if (!isfinite(x))
            continue;
        *low = any ? fmin(*low, x) : x;
        *high = any ? fmax(*high, x) : x;
        any = true;
    }
    return any;
}

void tools_note_flat(const StepInput *in, const char *name, bool any)
{
    if (any)
        tools_note(in, "%s holds one value only in these rows: it becomes 0 everywhere; drop it", name);
    else
        tools_note(in, "%s holds no value in these rows: it stays missing; drop it", name);
}

bool tools_spread(const Column *c, Moments *out, bool *any, Error *e)
{
    double *values = mem_try_alloc(c->rows + 1, sizeof *values, e), low, high;
    if (!values)
        return false;
    for (size_t i = 0; i < c->rows; i++)
        values[i] = column_real(c, i);
    *out = moments_of(values, c->rows);
    mem_free(values);
    *any = tools_range(c, &low, &high);
    if (!*any || moments_is_constant(low, high))
        out->sd = 0;
    if (!*any)
        out->mean = 0;
    return true;
}

bool tools_moments(const StepInput *in, const char *name, const Column *c, Moments *out, Error *e)
{
    bool any;
    if (!tools_spread(c, out, &any, e))
        return false;
    if (out->sd == 0)
        tools_note_flat(in, name, any);
    return true;
}

static Column *map_numbers(const Column *c, const ToolsBend *b, size_t entry, Error *e)
{
    Column *to = column_new(COLUMN_REAL, c->rows, e);
    bool ok = to != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        double x = column_is_valid(c, i) ? b->f(b->self, entry, column_real(c, i)) : (double)NAN;
        if (isfinite(x))
            to->data.reals[i] = x;
        else
            ok = column_set_missing(to, i, e);
    }
    if (!ok)
        column_unref(to);
    return ok ? to : NULL;
}

static Column *map_arrays(const Column *c, const ToolsBend *b, size_t entry, Error *e)
{
    Column *to = column_new_array(c->rows, &c->shape, e);
    if (to && c->dictionary)
        to->dictionary = dictionary_ref(c->dictionary);
    size_t channels = column_channels(c);
    bool ok = to != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        const float *x = c->data.array + i * c->width;
        float *y = to->data.array + i * c->width;
        bool is_whole = column_is_valid(c, i);
        for (size_t k = 0; is_whole && k < c->width; k++) {
            y[k] = (float)b->f(b->self, entry + k % channels, (double)x[k]);
            is_whole = isfinite(y[k]);
        }
        ok = is_whole || column_set_missing(to, i, e);
    }
    if (!ok)
        column_unref(to);
    return ok ? to : NULL;
}

static Column *map(const Column *c, const ToolsBend *b, size_t entry, Error *e)
{
    return c->type == COLUMN_ARRAY ? map_arrays(c, b, entry, e) : map_numbers(c, b, entry, e);
}

typedef struct Curve {
    double (*f)(double x, double a, double b);
    double a, b;
} Curve;

static double on_curve(const void *self, size_t entry, double x)
{
    const Curve *c = self;
    (void)entry;
    return c->f(x, c->a, c->b);
}

Column *tools_map(const Column *c, double (*f)(double x, double a, double b), double a, double b, Error *e)
{
    return map(c, &(ToolsBend){.f = on_curve, .self = &(Curve){f, a, b}}, 0, e);
}

/* All missing is no array, and no number either: there is nothing to scale. */
static bool check_channels(const char *name, const Column *c, size_t channels, Error *e)
{
    return c->missing == c->rows || column_channels(c) == channels ||
           error_set(e, ERROR_FAILED, "column \"%s\" had %zu channel%s when the step was fitted and has %zu now", name, channels,
                     channels == 1 ? "" : "s", column_channels(c));
}

bool tools_bend(Job *job, const StepInput *in, const ToolsBend *b, Table **out, Error *e)
{
    *out = table_ref(in->rows);
    for (size_t i = 0, channels; i < b->columns->count; i += channels) {
        const char *name = b->columns->items[i];
        channels = channels_from(b->columns, i);
        const Column *c = tools_numbers(in->rows, name, e);
        bool ok =
            c && check_channels(name, c, channels, e) && job_go_on(job, e) && (!b->domain || tools_check_domain(in, name, b->domain, e));
        if (!tools_put(out, name, ok ? map(c, b, i, e) : NULL, e))
            return false;
    }
    return true;
}

static double scaled(const void *self, size_t entry, double x)
{
    const ToolsScale *s = self;
    return s->f(x, s->a->items[entry], s->b ? s->b->items[entry] : 0);
}

bool tools_scale(Job *job, const StepInput *in, const ToolsScale *s, Table **out, Error *e)
{
    return tools_bend(job, in, &(ToolsBend){.columns = s->columns, .f = scaled, .self = s}, out, e);
}

static bool outside(const StepInput *in, ToolsFault *fault, double x, const ToolsDomain *domain, Error *e)
{
    char number[NUMBER_ROOM];
    char *what = text_format("%s %s", number_format_real(x, number), domain->rule);
    fault->what = what;
    fault->advice = domain->advice;
    bool ok = tools_fault(in, fault, e);
    mem_free(what);
    return ok;
}

bool tools_check_domain(const StepInput *in, const char *name, const ToolsDomain *domain, Error *e)
{
    const Column *c = table_column(in->rows, name);
    bool ok = true;
    for (size_t i = 0; ok && i < c->rows; i++) {
        bool takes = column_is_valid(c, i);
        for (size_t k = 0; takes && ok && k < c->width; k++) {
            double x = c->type == COLUMN_ARRAY ? (double)c->data.array[i * c->width + k] : column_real(c, i);
            takes = domain->takes(x);
            ok = takes || outside(in, &(ToolsFault){.column = name, .row = i}, x, domain, e);
        }
    }
    return ok;
}
