/* Our typed vector language for derive and filter: numbers, texts, columns (bare or `back-quoted`), + - * / % ^, comparisons,
 * and or not, in {..}, functions; expr_help lists them. Parsed once, errors with a place. */
#ifndef TABLE_EXPR_H
#define TABLE_EXPR_H

#include "table/table.h"

typedef struct Expr Expr;
/* Missing in, missing out; so is what has no finite value (x / 0, log of 0, integers that overflow). and, or know three values. */
Expr *expr_parse(const char *text, Error *e);                                               /* syntax and function names */
Column *expr_eval(const Expr *x, const Table *t, Error *e);                                 /* names and types are checked here */
bool expr_columns(const Expr *x, TextList *names);                                          /* columns it reads */
bool expr_filter(const char *text, const Table *t, size_t **rows, size_t *count, Error *e); /* rows where it is true */
void expr_free(Expr *x);
void expr_help(Text *out);                       /* every operator and function, one a line */
bool expr_help_one(const char *name, Text *out); /* one function; false: there is none of that name */

#endif
