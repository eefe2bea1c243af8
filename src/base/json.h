/* Value <-> JSON, for all that limbeck itself writes and reads. Strict: one value, no key twice, no NUL, 200 levels. Integers beyond
 * 2^53 travel as text (value_get_int and INT fields read them back); what is read is exact either way. Canonical form (sorted keys,
 * no blanks) is what hashes are made of. NaN and infinities are written as the strings "nan", "inf", "-inf" (JSON has no such numbers). */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/value.h"

typedef enum JsonForm { JSON_COMPACT, JSON_CANONICAL, JSON_PRETTY } JsonForm;

bool json_can_hold(const Value *v, Error *e);                /* false: text in it holds NUL, which is written but never read back */
Value *json_parse(const char *bytes, size_t size, Error *e); /* NULL on failure, place in line and column */
void json_write(const Value *v, JsonForm form, Text *out);
char *json_format(const Value *v, JsonForm form);                /* the caller owns it */
void json_write_text(const char *bytes, size_t size, Text *out); /* one string with its quotes */

#endif
