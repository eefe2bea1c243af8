/* Faces that need only a Spec: help text, man page section, JSON. */
#ifndef SPEC_FACES_H
#define SPEC_FACES_H

#include "spec/registry.h"

void face_help(const Family *family, const Spec *spec, Text *out); /* plain text, 80 columns */
void face_help_index(Text *out);                                   /* all families with their members */
void face_man(const Family *family, Text *out);                    /* mdoc: one .Ss a member, for the generated man pages */
Value *face_json(const Family *family, const Spec *spec);          /* the declaration as data */
/* A declared use as a line of Lua: `fill_missing { columns = { "a" }, strategy = "median" }`: only what differs from defaults. */
void face_lua_table(const Field *fields, const void *params, Text *out);
void face_lua_value(const Value *v, Text *out); /* any Value as a Lua literal, on one line */
void face_plan(const Spec *spec, Text *out);    /* Spec.plan as a Lua literal; there has to be one */
/* "0 to 0.5, sensible 0 to 0.05, log" or the choices; "" when there is nothing to say. */
void face_range(const Field *field, Text *out);
const char *face_type(const Field *field); /* "integer", "number", "columns" ... one word */

#endif
