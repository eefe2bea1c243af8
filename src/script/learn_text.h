/* What the results of learning print as. */
#ifndef SCRIPT_LEARN_TEXT_H
#define SCRIPT_LEARN_TEXT_H

#include "learn/learn.h"

char *learn_text_study(const Value *result);                /* for the caller */
char *learn_text_folds(const Value *result, int64_t folds); /* the same */
/* Figures of a part in one line; prefix: "valid.", or "" where names stand alone. With several seeds what stands behind them in another. */
void learn_text_metrics(const Value *figures, const char *prefix, Text *out);
void learn_text_seeds(const Value *figures, const char *prefix, Text *out);

#endif
