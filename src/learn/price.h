/* What each step of a recipe is worth: cross-validated with and without it, fold against fold. */
#ifndef LEARN_PRICE_H
#define LEARN_PRICE_H

#include "learn/learn.h"
#include "learn/statistics.h"

/* *result: {"metric": "auc", "folds": k, "mean", "sd" of all steps together, "margin" in units of the metric, "steps": [{"n": place in the
 * recipe from 1, "step": name, "text": what it does, "verdict": "helps|does nothing|harms|cannot tell|needed|not comparable",
 * "without": mean without it, "worth", "low", "high": how much better the metric is with it,
 * "rows", "rows_without": of both tables, where the step changes them; "needed_by", "why": where the rest does not work without it}],
 * "together": where two or more do nothing or harm, the same of all of them as one, with "numbers": their places; "status": "done", "done",
 * "of": cross-validations, "recipe": as recipe_asked gives it}. While it goes on a script run shows it so far in its file price.json, with
 * status "running". With importance: "features": as importance_over gives them, each with its verdict. Each cross-validation is a call of
 * its own. */
#define PRICE_CARD "price.json"
bool price_steps(CallContext *c, const Pipeline *p, const PricePlan *plan, Value **result, Error *e);
Value *recipe_asked(const Recipe *r); /* [{"step", "text"}]: its steps that are on, so that an answer is known to be about it */
/* A step whose verdict says that the recipe loses nothing without it. */
bool price_buys_nothing(const Value *step);
/* How much better the metric of one cross-validation is than that of another on the same folds; below 0: worse. */
Interval folds_gain(const Metric *m, const Value *figures, const Value *against);
void price_print(const Value *price, Text *out); /* a table; no line feed at its end */

#endif
