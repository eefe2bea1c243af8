/* Regular expressions over UTF-8 texts, in time that grows with pattern times text whatever both hold: a Thompson machine that keeps
 * groups (R. Pike; R. Cox, "Regular Expression Matching: the Virtual Machine Approach"). No locale, no back-references. Alternatives
 * and repetitions are tried as Perl and Python try them: the left one, and the longer one, first. */
#ifndef TABLE_PATTERN_H
#define TABLE_PATTERN_H

#include "base/error.h"
#include "base/text.h"

typedef struct Pattern Pattern; /* used by one thread at a time */

typedef struct PatternSpan {
    size_t from, to; /* bytes; both SIZE_MAX: the group took no part */
} PatternSpan;

enum { PATTERN_SIZE_MOST = 1000, PATTERN_GROUPS_MOST = 20 };

/* Characters, . any character, [a-z] [^a-z] [[:alpha:]], \d \w \s \D \W \S, ^ $ ends of the text, \b \B, (group), (?:no group), |, * + ?
 * {m,n}, each also lazy with ? behind; (?i) in front: capitals or not. NULL: it cannot be read; the error names the character. */
Pattern *pattern_new(const char *text, bool any_case, Error *e);
void pattern_free(Pattern *p); /* accepts NULL */
size_t pattern_groups(const Pattern *p);
/* The first match at or behind `from`. spans: 1 + groups of them, the whole match first; NULL: only whether there is one. */
bool pattern_find(Pattern *p, const char *bytes, size_t size, size_t from, PatternSpan *spans);
/* All matches replaced; \1 .. \9 in `with` stand for groups, \0 for the match, \\ for a backslash. Appended. */
void pattern_replace(Pattern *p, const char *bytes, size_t size, const char *with, Text *out);
char *pattern_quote(const char *text);                                 /* a pattern that finds just this text; the caller owns it */
char *pattern_quote_with(const char *text);                            /* a replacement that puts just this text; the caller owns it */
bool pattern_check_with(const Pattern *p, const char *with, Error *e); /* every group that `with` names is there */

#endif
