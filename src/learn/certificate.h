/* The certificate of a test figure: the unit that was never parted, rows and units of each part, what is in two parts, rows left out
 * and why, duplicates across parts, what the models had seen, and how often the test part was looked at. */
#ifndef LEARN_CERTIFICATE_H
#define LEARN_CERTIFICATE_H

#include "learn/seen.h"

typedef struct CertificateTask {
    const Pipeline *pipeline;
    const SplitReport *split;
    Table *const *parts;    /* PART_COUNT, after the structural prefix */
    const SeenReport *seen; /* of the models that were judged; NULL: none was */
    int64_t looks;          /* at the test part so far */
    const RowsReport *rows; /* what the steps dropped before the split */
} CertificateTask;
/* {"unit", "column", "order", "gap", "train": {"rows", "units"}, "valid", "test", "in_two_parts", "key" and "keys_in_two_parts" beside
 * groups, "left_out": {why: rows}, "left_behind": those of the parts that steps behind the split dropped, "duplicates": {"valid",
 * "test"}, "seen_rows", "unknown_models", "test_consulted", "test_rows"}; NULL with an error. */
Value *certificate_make(const CertificateTask *task, Error *e);
/* Of a pipeline as it stands; models may be none. after: the account of rows behind all steps; NULL: of those before the split. */
Value *certificate_of(Job *job, const Pipeline *p, const SeenTask *models, const RowsReport *after, Error *e);
void certificate_line(const Value *certificate, Text *out);  /* for the foot of a report */
void certificate_print(const Value *certificate, Text *out); /* a line each */

#endif
