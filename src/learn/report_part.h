/* Between the files of the report card. */
#ifndef LEARN_REPORT_PART_H
#define LEARN_REPORT_PART_H

#include "learn/report.h"

MetricInput report_input(const Report *r, double threshold); /* of classes */
const double *report_costs(const Report *r);                 /* of the model; NULL: none were given */
bool report_add_classes(Report *r, Error *e);
bool report_add_curves(Report *r, Error *e);
bool report_add_values(Report *r, Error *e);
bool report_add_slices(Report *r, const TextList *columns, Error *e);
void report_slices_done(Report *r);
bool report_add_worst(Report *r, Error *e);
size_t report_residual_bin(const Value *residuals, double residual); /* a place in its "bins" */
/* Actual minus predicted of an output, in the unit of the target; for the caller. */
double *report_residuals(const Report *r, size_t output);
size_t report_calibration_bin(double p);
double report_said(const Report *r, size_t row); /* what calibration looks at: p of the positive class, else of the likeliest */
bool report_happened(const Report *r, size_t row);

#endif
