/* Windows against a plain loop over their values in long double, and lag, difference, rolling and ewm against pandas 1.5.3
 * (shift, diff, rolling(4, min_periods=2), ewm(...).mean()). */
#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/rng.h"
#include "steps/recipe.h"
#include "steps/rolling.h"
#include "tests/unit/csv_help.h"

enum { LONG = 2500, MOST_LENGTH = 64 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile_of(double *values, size_t count, double p)
{
    qsort(values, count, sizeof *values, by_value);
    double at = p * (double)(count - 1);
    size_t low = (size_t)at;
    return low + 1 < count ? values[low] + (at - (double)low) * (values[low + 1] - values[low]) : values[count - 1];
}

static double plain(const RollingWindow *w, const double *x, size_t end)
{
    double values[MOST_LENGTH], least = (double)INFINITY, most = -(double)INFINITY;
    long double sum = 0, squares = 0;
    size_t count = 0;
    for (size_t i = end + 1 >= w->length ? end + 1 - w->length : 0; i <= end; i++) {
        if (isnan(x[i]))
            continue;
        values[count++] = x[i];
        sum += (long double)x[i];
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
    }
    if (count < w->least)
        return (double)NAN;
    for (size_t i = 0; i < count; i++)
        squares += ((long double)values[i] - sum / (long double)count) * ((long double)values[i] - sum / (long double)count);
    switch (w->function) {
    case ROLLING_MEAN: return (double)(sum / (long double)count);
    case ROLLING_SD: return count > 1 ? (double)sqrtl(squares / (long double)(count - 1)) : (double)NAN;
    case ROLLING_MIN: return least;
    case ROLLING_MAX: return most;
    case ROLLING_SUM: return (double)sum;
    case ROLLING_MEDIAN: return quantile_of(values, count, 0.5);
    default: return quantile_of(values, count, w->p);
    }
}

/* Values of very different sizes, so that sums which subtract what has left the window would drift. */
static void fill(double *x, size_t count, uint64_t seed)
{
    Rng r = rng_begin(rng_key(seed, "rolling"));
    for (size_t i = 0; i < count; i++) {
        double size = i % 400 < 40 ? 1e13 : 1;
        x[i] = rng_below(&r, 9) == 0 ? (double)NAN : size * (rng_uniform(&r) + 0.5);
    }
}

static void check_windows(RollingFunction function, size_t length, size_t least)
{
    static double x[LONG], out[LONG], room[LONG * ROLLING_ROOMS];
    RollingWindow w = {.function = function, .length = length, .least = least, .p = 0.3};
    fill(x, LONG, length);
    rolling_run(&w, x, out, LONG, room);
    size_t bad = 0;
    for (size_t i = 0; i < LONG; i++) {
        double should = plain(&w, x, i);
        bool same = isnan(should) ? isnan(out[i]) : fabs(out[i] - should) <= 1e-13 * fabs(should);
        if (!same && bad++ == 0)
            test_check(false, __FILE__, __LINE__, "%s of %zu, at least %zu: place %zu gives %.17g, plainly %.17g",
                       rolling_functions[function], length, least, i, out[i], should);
    }
    CHECK(bad == 0);
}

static void check_plain(void)
{
    static const size_t lengths[] = {1, 2, 3, 7, 24, 63};
    TEST("windows: as a plain loop over their values");
    for (int f = 0; rolling_functions[f]; f++)
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            check_windows((RollingFunction)f, lengths[k], 1);
            check_windows((RollingFunction)f, lengths[k], lengths[k] / 2 + 1);
        }
}

static void check_short(void)
{
    TEST("windows: longer than the series");
    const double x[] = {1, 2, 4};
    double out[3], room[3 * ROLLING_ROOMS];
    rolling_run(&(RollingWindow){.function = ROLLING_SUM, .length = 1000000000, .least = 2}, x, out, 3, room);
    CHECK(isnan(out[0]) && out[1] == 3 && out[2] == 7);
}

typedef struct Reference {
    const char *step, *args, *column, *values;
} Reference;

static const char series[] = "t,y\n1,3\n2,1\n3,4\n4,1\n5,5\n6,9\n7,2\n8,6\n9,\n10,3\n11,5\n12,8\n13,9\n14,7\n15,9\n";

#define ROLL(function) "{\"columns\": [\"y\"], \"length\": 4, \"least\": 2, \"time\": \"t\", \"p\": 0.3, \"functions\": [\"" function "\"]}"
static const Reference references[] = {
    {"lag", "{\"columns\": [\"y\"], \"steps\": [2], \"time\": \"t\"}", "y_lag2", ",,3,1,4,1,5,9,2,6,,3,5,8,9"},
    {"difference", "{\"columns\": [\"y\"], \"steps\": [3], \"time\": \"t\"}", "y_diff3", ",,,-2,4,5,1,1,,1,-1,,6,2,1"},
    {"rolling", ROLL("mean"), "y_mean4",
     ",2,2.6666666666666665,2.25,2.75,4.75,4.25,5.5,5.666666666666667,3.6666666666666665,4.666666666666667,5.333333333333333,6.25,7.25,8."
     "25"},
    {"rolling", ROLL("sum"), "y_sum4", ",4,8,9,11,19,17,22,17,11,14,16,25,29,33"},
    {"rolling", ROLL("min"), "y_min4", ",1,1,1,1,1,1,2,2,2,3,3,3,5,7"},
    {"rolling", ROLL("max"), "y_max4", ",3,4,4,5,9,9,9,9,6,6,8,9,9,9"},
    {"rolling", ROLL("sd"), "y_sd4",
     ",1.4142135623730951,1.5275252316519468,1.5,2.0615528128088303,3.304037933599835,3.593976442141304,2.886751345948129,"
     "3.5118845842842465,2.081665999466133,1.5275252316519472,2.5166114784235836,2.7537852736430515,1.7078251276599339,0.9574271077563377"},
    {"rolling", ROLL("median"), "y_median4", ",2,3,2,2.5,4.5,3.5,5.5,6,3,5,5,6.5,7.5,8.5"},
    {"rolling", ROLL("quantile"), "y_q0.3_4", ",1.6,2.2,1,1,3.7,1.9,4.7,4.4,2.6,4.2,4.2,4.8,6.8,7.9"},
    {"ewm", "{\"columns\": [\"y\"], \"span\": 3, \"time\": \"t\"}", "y_ewm3",
     "3,1.6666666666666667,3,1.9333333333333333,3.5161290322580645,6.301587301587301,4.133858267716535,5.070588235294117,"
     "5.070588235294117,3.6883963494132987,4.438302624232272,6.338369367022662,7.712287334593573,7.350468158988033,8.181753867921627"},
    {"ewm", "{\"columns\": [\"y\"], \"alpha\": 0.2, \"time\": \"t\"}", "y_ewm0.2",
     "3,1.888888888888889,2.7540983606557377,2.1598915989159893,3.0047596382674917,4.629803105212941,3.9642700960463877,"
     "4.453494273875769,4.453494273875769,4.056703923615591,4.296697637267536,5.190264866510526,6.073063065972794,6.281250392904738,"
     "6.87721463173962"},
};

static double value_at(const char *values, size_t place)
{
    double x = (double)NAN;
    for (; place > 0; place--)
        values += strcspn(values, ",") + 1;
    size_t size = strcspn(values, ",");
    CHECK(!size || number_parse_real(values, size, &x));
    return x;
}

static void check_reference(const Reference *x)
{
    Error e = {0};
    const Step *step = step_find(x->step);
    Value *args = json_parse(x->args, strlen(x->args), &e);
    void *params = params_from_value(&step->spec, args, &e);
    Recipe *empty = recipe_new(), *recipe = params ? recipe_insert(empty, 0, step, params) : NULL;
    Table *t = csv_table(series), *out = recipe ? recipe_apply(NULL, recipe, t, NULL, &e) : NULL;
    const Column *c = out ? table_column(out, x->column) : NULL;
    test_check(c != NULL, __FILE__, __LINE__, "%s %s: %s", x->step, x->args, e.message);
    for (size_t i = 0; c && i < c->rows; i++) {
        double should = value_at(x->values, i), is = column_real(c, i);
        test_check(isnan(should) ? isnan(is) : fabs(is - should) < 1e-12, __FILE__, __LINE__, "%s: row %zu is %.17g, pandas says %.17g",
                   x->column, i, is, should);
    }
    table_unref(t);
    table_unref(out);
    recipe_unref(empty);
    recipe_unref(recipe);
    params_free(&step->spec, params);
    value_free(args);
}

void unit_rolling(void)
{
    check_plain();
    check_short();
    TEST("as pandas");
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        check_reference(&references[i]);
}
