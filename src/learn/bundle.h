/* Bundles from inside the room: made of what was prepared and trained, fed with rows, and used as teachers. */
#ifndef LEARN_BUNDLE_H
#define LEARN_BUNDLE_H

#include "learn/learn.h"

Value *bundle_before_value(const Bundle *b); /* the recipes, as they are hashed and saved */
Value *bundle_fitted_value(const Bundle *b);
Value *bundle_input_value(const Bundle *b);                         /* {"input": sizes, "parts": [...]} of its net */
Bundle *bundle_make(const Prepared *d, Model *model, Value *facts); /* takes model and facts */
Bundle *bundle_load_unhashed(const char *path, Error *e); /* its hash is not compared: what a forger with a right hash would get to */
/* Finished outputs of all rows of t, a table after the structural prefix; rows that steps drop are absent: *ids (rows
 * row ids) says which are there. Both are for the caller. sides NULL: t is a part of the pipeline that the model learned from. */
typedef struct BundleOutputs {
    Dataset data; /* with labels or values when t has the target */
    float *outputs;
} BundleOutputs;
bool bundle_outputs(Job *job, const Bundle *b, const Table *t, const SideTables *sides, BundleOutputs *out, Error *e);
void bundle_outputs_done(BundleOutputs *o);

/* Rows of the teacher's features for each training row of d. */
typedef struct TeacherInput {
    const float *x; /* d's own x when the recipes are the same */
    float *owned;
    size_t width;
} TeacherInput;
bool teacher_input(Job *job, const Bundle *teacher, const Prepared *d, Part part, TeacherInput *out, Error *e);
bool teacher_logits(Job *job, const Bundle *teacher, const Prepared *d, Part part, float **logits, Error *e);

/* Finished outputs of rows: probabilities, values as the net learned them, or what an error of its input says. scratch may be NULL. */
bool bundle_infer(const Bundle *b, ModelScratch *scratch, const float *x, size_t rows, float *outputs, Error *e);
/* Logits to probabilities, in place; quantiles of a number in order; other values stay as they are. */
void outputs_finish(const TargetInfo *target, float *outputs, size_t rows);

#endif
