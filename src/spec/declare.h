/* Rows that are not written in C: made of plain values while the program runs, as a module in Lua declares them. */
#ifndef SPEC_DECLARE_H
#define SPEC_DECLARE_H

#include "spec/params.h"

/* params: a map from names to defaults, which give the type, or to {"type", "doc", "unit", "default", "min", "max", "choices"}; NULL:
 * none. Columns come first. The message of a failure begins with the name of the parameter. */
typedef struct DeclaredFields {
    Field *rows;
    size_t count, size; /* of the rows; of the struct, in bytes */
} DeclaredFields;
bool declare_fields(const Value *params, DeclaredFields *out, Error *e); /* on failure nothing is left in out */
void declare_done(DeclaredFields *fields);
/* [{"args", "input", "output"}] as examples of the spec, which owns them; NULL: none. */
bool declare_examples(const Value *list, Spec *spec, Error *e);
void declare_examples_done(const Spec *spec);
bool declare_is_name(const char *name);                 /* snake_case, at most 40 letters, no word of recipes */
char *declare_doc(const char *given, const char *none); /* one line of at most 72 columns that a screen can show; the caller owns it */

#endif
