/* Params: the C struct that a Field row list describes, and its ways to and from Value. The same functions serve what a step
 * learned (its state), because that is a row list too. */
#ifndef SPEC_PARAMS_H
#define SPEC_PARAMS_H

#include "spec/spec.h"

/* Structs described by rows. `fields` may be NULL (nothing). A struct is zeroed memory of its size before init. */
bool fields_init(const Field *fields, void *data, Error *e); /* defaults; required fields stay empty */
void fields_done(const Field *fields, void *data);
Value *fields_to_value(const Field *fields, const void *data, bool all); /* all = false: only what differs from the default */
/* Starts from the defaults. Unknown names fail with the nearest; ranges, choices and `when` are checked; required ones must be
 * there. what: "clip_outliers", for messages. */
bool fields_from_value(const Field *fields, void *data, const Value *map, const char *what, Error *e);
const Field *fields_find(const Field *fields, const char *name);
/* Every required field whose `when` holds was given something; the error says what to type: a form is checked so before it is used. */
bool fields_check_filled(const Field *fields, const void *data, const char *what, Error *e);

Value *field_get(const Field *field, const void *data);
bool field_set(const Field *field, void *data, const Value *v, const char *what, Error *e);        /* checks type, range, choice */
bool field_set_text(const Field *field, void *data, const char *text, const char *what, Error *e); /* as typed in a form */
char *field_text(const Field *field, const void *data);                           /* as shown in a form; field_set_text reads it back */
bool field_is_enabled(const Field *fields, const Field *field, const void *data); /* its `when` holds */
bool field_is_empty(const Field *field, const void *data);                        /* required, and nothing was given */
bool field_is_default(const Field *field, const void *data);
const char *field_type_name(FieldType type);

void *params_new(const Spec *spec);                                    /* defaults; free with params_free */
void *params_from_value(const Spec *spec, const Value *map, Error *e); /* NULL on failure; map may be NULL, or of an older version */
void *params_copy(const Spec *spec, const void *params);
void params_free(const Spec *spec, void *params); /* accepts NULL */
bool params_equal(const Spec *spec, const void *a, const void *b);

/* A use of a family member as a Value: {"optimizer": "adam", "learning_rate": 0.001}: the family's name is the key. */
bool spec_use_from_value(SpecUse *use, const char *family, const Value *v, const char *what, Error *e); /* also a bare name */
Value *spec_use_to_value(const SpecUse *use, const char *family, bool all);
void spec_use_copy(SpecUse *to, const SpecUse *from);
void spec_use_done(SpecUse *use);
bool spec_list_from_value(SpecList *list, const char *family, const Value *v, const char *what, Error *e);
Value *spec_list_to_value(const SpecList *list, const char *family, bool all);
void spec_list_add(SpecList *list, const Spec *spec, void *params); /* takes params */
void spec_list_copy(SpecList *to, const SpecList *from);
void spec_list_done(SpecList *list);

#endif
