/* One row per field type: how to release, read, write and show it. Private to spec/. */
#ifndef SPEC_FIELD_TYPES_H
#define SPEC_FIELD_TYPES_H

#include <string.h>

#include "spec/spec.h"

/* What lists promise of each other and of their items. */
bool fields_check_lists(const Field *fields, const void *data, const char *what, Error *e);
bool field_refuse_choice(const Field *f, const char *text, const char *what, ErrorCode code, Error *e); /* false, with those there are */
bool field_parse_default(const Field *field, void *data, Error *e);
void field_release(const Field *field, void *data);
static inline void *field_at(const Field *field, void *data)
{
    return (char *)data + field->offset;
}
static inline const void *field_in(const Field *field, const void *data)
{
    return (const char *)data + field->offset;
}

#endif
