/* Brent's method: parabolas through the three best places, and golden sections where a parabola does not help. */
#include "num/minimize.h"

#include <float.h>
#include <math.h>

typedef struct Place {
    double x, f;
} Place;

typedef struct Search {
    double low, high;
    Place best, second, third;
    double step, before; /* the last two steps */
} Search;

static const double golden = 0.3819660112501051;

static Place evaluate(MinimizeFunction *f, const void *self, double x)
{
    double value = f(self, x);
    return (Place){x, isfinite(value) ? value : DBL_MAX};
}

/* The step to the vertex of the parabola; NAN where it leaves the bracket or does not converge. */
static double parabola(const Search *s, double tolerance)
{
    double r = (s->best.x - s->second.x) * (s->best.f - s->third.f), q = (s->best.x - s->third.x) * (s->best.f - s->second.f);
    double p = (s->best.x - s->third.x) * q - (s->best.x - s->second.x) * r;
    q = 2 * (q - r);
    if (q > 0)
        p = -p;
    q = fabs(q);
    if (!isfinite(p) || !isfinite(q) || fabs(s->before) <= tolerance || fabs(p) >= fabs(q * s->before / 2) ||
        p <= q * (s->low - s->best.x) || p >= q * (s->high - s->best.x))
        return (double)NAN;
    return p / q;
}

static double next_step(Search *s, double tolerance)
{
    double middle = (s->low + s->high) / 2, step = parabola(s, tolerance);
    if (isnan(step)) {
        s->before = s->best.x < middle ? s->high - s->best.x : s->low - s->best.x;
        step = golden * s->before;
    } else {
        s->before = s->step;
        double x = s->best.x + step;
        if (x - s->low < 2 * tolerance || s->high - x < 2 * tolerance)
            step = s->best.x < middle ? tolerance : -tolerance;
    }
    return fabs(step) >= tolerance ? step : copysign(tolerance, step);
}

static void narrow(Search *s, Place new)
{
    if (new.f <= s->best.f) {
        *(new.x < s->best.x ? &s->high : &s->low) = s->best.x;
        s->third = s->second;
        s->second = s->best;
        s->best = new;
        return;
    }
    *(new.x < s->best.x ? &s->low : &s->high) = new.x;
    if (new.f <= s->second.f || s->second.x == s->best.x) {
        s->third = s->second;
        s->second = new;
    } else if (new.f <= s->third.f || s->third.x == s->best.x || s->third.x == s->second.x) {
        s->third = new;
    }
}

double minimize(MinimizeFunction *f, const void *self, double low, double high)
{
    enum { MOST = 200 };
    Search s = {.low = low, .high = high};
    s.best = s.second = s.third = evaluate(f, self, low + golden * (high - low));
    for (int i = 0; i < MOST; i++) {
        double tolerance = 1e-9 * fabs(s.best.x) + 1e-10, middle = (s.low + s.high) / 2;
        if (fabs(s.best.x - middle) <= 2 * tolerance - (s.high - s.low) / 2)
            break;
        double step = next_step(&s, tolerance);
        s.step = step;
        narrow(&s, evaluate(f, self, s.best.x + step));
    }
    return s.best.x;
}
