/* From a place of the card back to the rows that were counted there. */
#include <math.h>

#include "base/number.h"
#include "learn/report_part.h"

typedef struct Picking {
    const Report *r;
    const ReportPick *pick;
    MetricInput in;
    double *residuals; /* of the output that is asked for */
    const Value *output;
} Picking;

static bool is_picked(const Picking *p, size_t row)
{
    const Report *r = p->r;
    size_t a = p->pick->a, b = p->pick->b;
    switch (p->pick->place) {
    case REPORT_AT_CELL: return r->out.data.labels[row] == (int32_t)a && metric_decide(&p->in, row) == (int)b;
    case REPORT_AT_CALIBRATION: return report_calibration_bin(report_said(r, row)) == a;
    case REPORT_AT_SLICE: return r->slices[a].of[row] == b;
    case REPORT_AT_RESIDUAL: return report_residual_bin(p->output, p->residuals[row]) == b;
    case REPORT_AT_WORST: return (int64_t)r->out.data.row_ids[row] + 1 == value_get_int(value_get(r->card, "worst")->items[a], "row", 0);
    }
    return false;
}

size_t report_pick(const Report *r, const ReportPick *pick, uint64_t *ids)
{
    size_t count = 0;
    Picking p = {.r = r, .pick = pick};
    if (r->model->target.is_classes)
        p.in = report_input(r, pick->threshold);
    if (pick->costs)
        p.in.costs = pick->costs;
    if (pick->place == REPORT_AT_RESIDUAL) {
        p.output = value_get(r->card, "residuals")->items[pick->a];
        p.residuals = report_residuals(r, (size_t)value_get_int(p.output, "at", 0));
    }
    for (size_t i = 0; i < r->out.data.rows; i++)
        if (is_picked(&p, i))
            ids[count++] = r->out.data.row_ids[i];
    mem_free(p.residuals);
    return count;
}

static char *text_of_bin(const Report *r, const ReportPick *pick)
{
    const Value *output = value_get(r->card, "residuals")->items[pick->a], *bins = value_get(output, "bins"), *bin = bins->items[pick->b];
    char low[NUMBER_ROOM], high[NUMBER_ROOM];
    bool is_first = pick->b == 0;
    number_format_large(value_get_real(bin, "low", NAN), low);
    number_format_large(is_first ? -value_get_real(bin, "high", NAN) : value_get_real(bin, "high", NAN), high);
    const char *name = value_get_text(output, "output", "");
    return is_first                           ? text_format("%s below its prediction by %s and more", name, high)
           : pick->b + 1 == value_items(bins) ? text_format("%s above its prediction by %s and more", name, low)
                                              : text_format("%s minus its prediction from %s to %s", name, low, high);
}

char *report_pick_text(const Report *r, const ReportPick *pick)
{
    const TargetInfo *t = &r->model->target;
    char number[NUMBER_ROOM];
    if (pick->place == REPORT_AT_CELL && target_positive(t) >= 0)
        return text_format("%s %s, called %s at %s", t->name, t->classes.items[pick->a], t->classes.items[pick->b],
                           number_format_fixed(pick->threshold, 2, number));
    if (pick->place == REPORT_AT_CELL)
        return text_format("%s %s, called %s", t->name, t->classes.items[pick->a], t->classes.items[pick->b]);
    if (pick->place == REPORT_AT_CALIBRATION)
        return text_format("said probability %.2f to %.2f", (double)pick->a / REPORT_BINS, (double)(pick->a + 1) / REPORT_BINS);
    if (pick->place == REPORT_AT_SLICE)
        return text_format("%s %s", r->slices[pick->a].column, r->slices[pick->a].names.items[pick->b]);
    if (pick->place == REPORT_AT_RESIDUAL)
        return text_of_bin(r, pick);
    const Value *worst = value_get(r->card, "worst")->items[pick->a];
    return t->is_classes ? text_format("worst row %zu, %s %s, called %s", pick->a + 1, t->name, value_get_text(worst, "truth", ""),
                                       value_get_text(worst, "said", ""))
                         : text_format("worst row %zu, %s %.4g, said %.4g", pick->a + 1, t->name, value_get_real(worst, "truth", NAN),
                                       value_get_real(worst, "said", NAN));
}
