/* Many numbers as one text, for what a step learned: "1.5 - 3" where - is missing. Exact: what is read back has the same bits. */
#ifndef STEPS_PACKED_H
#define STEPS_PACKED_H

#include "base/error.h"
#include "base/text.h"

void packed_add(Text *out, double x); /* NAN: missing */
size_t packed_count(const char *text);
/* Exactly `count` numbers; `missing`: a missing one is NAN, else refused. false: the text is not that. */
bool packed_read(const char *text, double *out, size_t count, bool missing);

#endif
