/* What the form knows of a field beyond its declaration. Private to the forms of tui/. */
#ifndef TUI_FORM_FIELD_H
#define TUI_FORM_FIELD_H

#include "spec/spec.h"

bool form_field_is_typed(const Field *field); /* text goes into its input; else Space and arrows change it */
bool form_field_is_number(const Field *field);
bool form_field_span(const Field *field, double *low, double *high); /* the sensible range, else the hard one; false: no finite one */

#endif
