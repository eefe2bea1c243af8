/* Curves of the card: ROC and precision over recall of each class against the others, calibration, lift. Areas come from all rows; of
 * the points as many are kept as a chart can show. */
#include <math.h>
#include <stdlib.h>

#include "learn/report_part.h"

static const double APART = 0.005; /* of points of a curve, along its axes together */
enum { CLASSES_MOST = 20 };

typedef struct Scored {
    float score;
    bool is_positive;
} Scored;

static int by_falling_score(const void *a, const void *b)
{
    float x = ((const Scored *)a)->score, y = ((const Scored *)b)->score;
    return (x < y) - (x > y);
}

typedef struct Curve {
    Value *x, *y, *threshold;
    double last_x, last_y, area;
} Curve;

static Curve curve_begin(void)
{
    return (Curve){.x = value_list(), .y = value_list(), .threshold = value_list(), .last_x = -1, .last_y = -1};
}

static void curve_add(Curve *c, double x, double y, double threshold, bool is_end)
{
    if (!is_end && fabs(x - c->last_x) + fabs(y - c->last_y) < APART)
        return;
    value_add(c->x, value_real(x));
    value_add(c->y, value_real(y));
    value_add(c->threshold, value_real(threshold));
    c->last_x = x;
    c->last_y = y;
}

static Value *curve_end(Curve *c, const char *x, const char *y)
{
    Value *v = value_map();
    value_set(v, x, c->x);
    value_set(v, y, c->y);
    value_set(v, "threshold", c->threshold);
    value_set(v, "area", value_real(c->area));
    return v;
}

typedef struct Against { /* one class and all others, by falling score */
    Scored *items;
    size_t rows, positives;
} Against;

static bool against_init(const Report *r, size_t class, Against *out, Error *e)
{
    size_t rows = r->out.data.rows, classes = r->model->target.classes.count;
    *out = (Against){.rows = rows, .items = mem_try_alloc(rows + 1, sizeof *out->items, e)};
    for (size_t i = 0; out->items && i < rows; i++) {
        out->items[i] = (Scored){r->out.outputs[i * classes + class], r->out.data.labels[i] == (int32_t) class};
        out->positives += out->items[i].is_positive;
    }
    if (out->items)
        qsort(out->items, rows, sizeof *out->items, by_falling_score);
    return out->items;
}

/* The trapezoids of the one and the steps of the other, as scikit-learn measures them. */
static void add_points(const Against *a, Value *v)
{
    Curve roc = curve_begin(), pr = curve_begin();
    double hits = 0, alarms = 0, positives = (double)a->positives, others = (double)a->rows - positives, recall = 0;
    curve_add(&roc, 0, 0, 1, true);
    for (size_t i = 0; i < a->rows;) {
        size_t from = i;
        double before_hits = hits, before_alarms = alarms;
        for (; i < a->rows && a->items[i].score == a->items[from].score; i++)
            *(a->items[i].is_positive ? &hits : &alarms) += 1;
        double score = (double)a->items[from].score, precision = hits / (hits + alarms);
        roc.area += (alarms - before_alarms) * (hits + before_hits) / 2;
        pr.area += (hits / positives - recall) * precision;
        recall = hits / positives;
        curve_add(&roc, alarms / others, recall, score, i == a->rows);
        curve_add(&pr, recall, precision, score, i == a->rows);
    }
    bool is_known = positives > 0 && others > 0;
    roc.area = is_known ? roc.area / positives / others : (double)NAN;
    pr.area = is_known ? pr.area : (double)NAN;
    value_set(v, "roc", curve_end(&roc, "fpr", "tpr"));
    value_set(v, "pr", curve_end(&pr, "recall", "precision"));
}

/* The first 5, 10, 20 ... 100 % of the rows by falling score; equal scores share what is found among them. */
static Value *lift_value(const Against *a)
{
    static const double shares[] = {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
    Value *list = value_list();
    for (size_t k = 0; k < sizeof shares / sizeof *shares; k++) {
        double wanted = shares[k] * (double)a->rows, left = wanted, found = 0;
        for (size_t i = 0; i < a->rows && left > 0;) {
            size_t from = i, positive = 0;
            for (; i < a->rows && a->items[i].score == a->items[from].score; i++)
                positive += a->items[i].is_positive;
            double count = (double)(i - from), taken = fmin(count, left);
            found += (double)positive * taken / count;
            left -= taken;
        }
        Value *one = value_map();
        value_set(one, "share", value_real(shares[k]));
        value_set(one, "rows", value_real(wanted));
        value_set(one, "found", value_real(a->positives ? found / (double)a->positives : (double)NAN));
        value_set(one, "times", value_real(a->positives ? found / (double)a->positives / shares[k] : (double)NAN));
        value_add(list, one);
    }
    return list;
}

static bool add_class(Report *r, size_t class, Value *curves, Error *e)
{
    Against a;
    if (!against_init(r, class, &a, e))
        return false;
    Value *one = value_map();
    value_set(one, "class", value_text(r->model->target.classes.items[class]));
    value_set(one, "rows", value_int((int64_t)a.positives));
    add_points(&a, one);
    value_add(curves, one);
    if (target_positive(&r->model->target) >= 0 && a.positives)
        value_set(r->card, "gain", lift_value(&a));
    mem_free(a.items);
    return true;
}

size_t report_calibration_bin(double p)
{
    int bin = (int)ceil(p * REPORT_BINS) - 1;
    return (size_t)(bin < 0 ? 0 : bin >= REPORT_BINS ? REPORT_BINS - 1 : bin);
}

static size_t likeliest(const float *p, size_t classes)
{
    size_t top = 0;
    for (size_t c = 1; c < classes; c++)
        if (p[c] > p[top])
            top = c;
    return top;
}

double report_said(const Report *r, size_t row)
{
    size_t classes = r->model->target.classes.count;
    const float *p = r->out.outputs + row * classes;
    int positive = target_positive(&r->model->target);
    return (double)p[positive >= 0 ? (size_t)positive : likeliest(p, classes)];
}

bool report_happened(const Report *r, size_t row)
{
    size_t classes = r->model->target.classes.count;
    int positive = target_positive(&r->model->target);
    return r->out.data.labels[row] == (positive >= 0 ? positive : (int32_t)likeliest(r->out.outputs + row * classes, classes));
}

static void add_calibration(Report *r)
{
    double said[REPORT_BINS] = {0};
    size_t rows[REPORT_BINS] = {0}, happened[REPORT_BINS] = {0};
    for (size_t i = 0; i < r->out.data.rows; i++) {
        size_t bin = report_calibration_bin(report_said(r, i));
        said[bin] += report_said(r, i);
        rows[bin]++;
        happened[bin] += report_happened(r, i);
    }
    Value *list = value_list();
    for (size_t b = 0; b < REPORT_BINS; b++) {
        Value *one = value_map();
        value_set(one, "low", value_real((double)b / REPORT_BINS));
        value_set(one, "high", value_real((double)(b + 1) / REPORT_BINS));
        value_set(one, "rows", value_int((int64_t)rows[b]));
        value_set(one, "said", value_real(rows[b] ? said[b] / (double)rows[b] : (double)NAN));
        value_set(one, "happened", value_real(rows[b] ? (double)happened[b] / (double)rows[b] : (double)NAN));
        value_add(list, one);
    }
    value_set(r->card, "calibration", list);
}

bool report_add_curves(Report *r, Error *e)
{
    const TargetInfo *t = &r->model->target;
    Value *curves = value_list();
    int positive = target_positive(t);
    bool ok = true;
    for (size_t c = 0; ok && c < t->classes.count && c < CLASSES_MOST; c++)
        ok = (positive >= 0 && c != (size_t)positive) || add_class(r, c, curves, e);
    value_set(r->card, "curves", curves);
    if (!t->inputs) /* errors of an input given again are no probabilities */
        add_calibration(r);
    return ok;
}
