/* Rows that are not written in C: made of plain values while the program runs, as a module in Lua declares them. */
#ifndef SPEC_DECLARE_H
#define SPEC_DECLARE_H

#include "spec/params.h"

/* params: a map from names to defaults, which give the type, or to {"type", "doc", "default", "min", "max", "choices"}. Columns come
 * first; without any of them a row `columns` is added, since a step works on columns. *size: of the struct. The rows are one block
 * with all they point to: declare_free. NULL on failure; the message begins with the name of the parameter. */
typedef struct DeclaredFields {
    Field *rows;
    size_t count, size;
} DeclaredFields;
bool declare_fields(const Value *params, DeclaredFields *out, Error *e); /* on failure nothing is left in out */
void declare_done(DeclaredFields *fields);
bool declare_is_name(const char *name);                 /* snake_case, at most 40 letters, no word of recipes */
char *declare_doc(const char *given, const char *none); /* one line of at most 72 columns that a screen can show; the caller owns it */

#endif
