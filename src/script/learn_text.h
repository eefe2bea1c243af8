/* What the results of learning print as. */
#ifndef SCRIPT_LEARN_TEXT_H
#define SCRIPT_LEARN_TEXT_H

#include "learn/learn.h"

char *learn_text_study(const Value *result);                /* for the caller */
char *learn_text_folds(const Value *result, int64_t folds); /* the same */
void learn_text_metrics(const Value *metrics, Text *out);   /* of a part, in one line */

#endif
