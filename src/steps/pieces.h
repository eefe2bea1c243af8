/* Texts of one column that become several columns: what split_column and extract share. */
#ifndef STEPS_PIECES_H
#define STEPS_PIECES_H

#include "steps/tools.h"
#include "table/pattern.h"

typedef struct Pieces {
    const char *column;
    const TextList *into; /* a new column for each piece */
    Pattern *pattern;
    bool keep; /* the column itself stays */
    bool trim; /* blanks around pieces go */
    /* Where the pieces of a text are, `into` of them; SIZE_MAX: no such piece. false: the text has none. */
    bool (*cut)(const struct Pieces *p, const char *bytes, size_t size, PatternSpan *pieces);
} Pieces;

enum { PIECES_MOST = 100 };

bool pieces_apply(const StepInput *in, const Pieces *p, Table **out, Error *e);

#endif
