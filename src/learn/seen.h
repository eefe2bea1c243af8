/* What a model has seen. A model keeps a count, a digest and a sketch of the rows it was trained on; the rows themselves, as a sorted
 * set of 64-bit digests, lie in its run (rows/DIGEST.rows beside run.json). A student has seen what its teacher saw. Rows of a
 * part that a model was trained on are found here, by row and, where the model's unit is a key or a group, by unit. */
#ifndef LEARN_SEEN_H
#define LEARN_SEEN_H

#include "learn/batch.h"
#include "learn/learn.h"

typedef struct RowSet {
    TextList columns;       /* of the source, which the digests speak of */
    char *unit;             /* column of the key or group; NULL: the unit is the row */
    uint64_t *rows, *units; /* sorted, each once */
    size_t row_count, unit_count;
} RowSet;

/* The column whose values are never parted; NULL: rows are the unit, or the cut is in time and a key may stand on both sides. */
const char *seen_unit(const Pipeline *p);
/* The rows of part, a table that came from source (by row ids). */
RowSet *row_set_make(const Table *source, const Table *part, const char *unit, Error *e);
void row_set_free(RowSet *s); /* accepts NULL */
void row_set_digest(const RowSet *s, char hex[HASH_ROOM]);
/* {"rows", "units", "unit", "columns", "digest", "sketch"}: what the model file says. columns: a digest of their names. */
Value *row_set_facts(const RowSet *s);
bool row_set_save(const RowSet *s, const char *run, Error *e); /* below the topmost run that holds `run`; once */
RowSet *row_set_load(const char *path, Error *e);
uint64_t seen_columns(const TextList *columns); /* digest of names in any order */
#define ROW_PUT_IN UINT64_C(0)                  /* instead of a digest: the row is none of the source, a step has put it in */
/* part->rows digests of the rows of source that they came from, equal rows numbered; the caller owns them. */
uint64_t *seen_digests(const Table *source, const Table *part, const TextList *columns, Error *e);

/* facts "trained_on" of a model: its own set, and those of models that it learned from (its teacher; NULL: none). */
Value *seen_facts(const RowSet *own, const Bundle *const *models, size_t count);

typedef struct SeenQuery {
    const Table *source, *part; /* part came from source */
    const char *train;          /* digest of the pipeline's training rows, whose parts are apart; NULL: none */
    const char *runs;           /* where runs are looked for besides the model's own; NULL: "runs" */
} SeenQuery;
typedef struct SeenReport {
    size_t rows, units; /* of the part that this or an earlier model was trained on; units: through their unit only */
    size_t unknown;     /* models whose rows can't be told */
} SeenReport;
/* seen: part->rows items, set where b was trained on the row; the report is added to. The rows of the model's run being gone and its
 * sketch saying that it was trained on some of them is an error. */
bool seen_mark(const SeenQuery *q, const Bundle *b, bool *seen, SeenReport *report, Error *e);
/* The rows of q->part that none of the models was trained on; none left is an error. A new reference. */
Table *seen_filter(const SeenQuery *q, const Bundle *const *models, size_t count, SeenReport *report, Error *e);
/* The same for a part of a pipeline (parts: PART_COUNT tables). Models of this very training part have not seen the others. */
typedef struct SeenTask {
    Part part;
    const char *runs;
    const Bundle *const *models;
    size_t count;
} SeenTask;
Table *seen_filter_part(const Pipeline *p, Table *const *parts, const SeenTask *task, SeenReport *report, Error *e);
/* Digest of the rows of a part: what looks at it are counted under. */
bool seen_part_digest(const Pipeline *p, const Table *part, char hex[HASH_ROOM], Error *e);
/* "12 of 300 rows left out: a model was trained on them (2 through their site)"; nothing where there is nothing to say. */
void seen_print(const SeenReport *r, size_t rows, Text *out);

#endif
