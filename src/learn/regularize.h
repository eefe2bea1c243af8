/* Ways to regularize a net side by side: what each costs and buys on rows as they are, and on rows with noise in their inputs. */
#ifndef LEARN_REGULARIZE_H
#define LEARN_REGULARIZE_H

#include "learn/learn.h"
#include "learn/variants.h"

/* *result: {"status": "done", "metric", "on": "valid", "rows", "draws", "margin", "noise": [sd], "judged_noise": the one of them that the
 * verdict is about, "strengths": {rows of the plan}, "net": layers of none, "recipe": as recipe_asked gives it, "done", "of": trainings,
 * "variants": [{"variant", "settings", "plan": as train takes it, and, as seeds_add has them, "train", "valid", "gap" (how much better
 * train is), "norm", "zeros", "weights", "epochs", "curve": [{"noise", "mean", "sd", "low", "high", "gain": {"worth", "low", "high",
 * "conclusion"} against none}]}], "left": [sentences: variants that the net has no place for], "better": {"clean": [names], "noisy":
 * [names]}, "verdict"}. The run, and that of a script, show it so far in regularize.json, with status "running" and without gains. */
#define REGULARIZE_CARD "regularize.json"
#define REGULARIZE_KIND "regularize" /* of the run: seeds/NN/VARIANT below it are trainings */
bool regularize(CallContext *c, const Pipeline *p, const RegularizePlan *plan, Value **result, Error *e);
const Value *regularize_point(const Value *variant, double noise); /* of its curve; 0: clean; NULL: none yet */
void regularize_print(const Value *result, Text *out);             /* no line feed at its end */
Table *regularize_table(const Value *result, Error *e);            /* a row for each variant and level of noise; for the caller */

#endif
