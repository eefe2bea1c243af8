/* Spellings: when two texts are one thing written twice, and which words only say that there is no value. What carries meaning stays:
 * a minus sign, a range, a trailing + or -, dots and commas between digits, comparison signs, #, %, currency. */
#ifndef TABLE_SPELLING_H
#define TABLE_SPELLING_H

#include "base/text.h"

typedef enum SpellingCase { SPELLING_LOWER, SPELLING_UPPER, SPELLING_KEEP_CASE } SpellingCase;
typedef enum SpellingDashes { SPELLING_SPACE, SPELLING_HYPHEN, SPELLING_KEEP_DASHES } SpellingDashes;

typedef struct Spelling {
    int letters, dashes; /* SpellingCase, SpellingDashes */
    bool spaces;         /* trim, and make runs of blanks one space */
} Spelling;

void spelling_unify(const Spelling *how, const char *bytes, size_t size, Text *out); /* appended */

/* A text that is a number and loses nothing by becoming one: no code with leading zeros or a plus sign, no more digits than fit. */
bool spelling_is_number(const char *bytes, size_t size, bool *whole);

/* Words that stand where a value is missing, in any case and between blanks: "?", "N/A", "#N/A", "null". */
bool spelling_is_missing(const char *bytes, size_t size);
/* Those that may as well be a level of its own: "none", "-". */
bool spelling_may_be_level(const char *bytes, size_t size);

#endif
