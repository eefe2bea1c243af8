/* The strict grammar of JSON (RFC 8259) over a span, piece by piece: what base/json lets through to cJSON, and what the readers of
 * data are built on. Numbers are spans, so that nothing is rounded; every refusal has its place. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdint.h>

#include "base/text.h"

enum { JSON_DEPTH = 200, JSON_PROBLEM_ROOM = 120 };

typedef struct JsonNumber {
    size_t at, size;
    bool is_real; /* it has a point, an exponent, or is -0 */
} JsonNumber;

typedef struct JsonScan {
    const char *bytes;
    size_t size, at;
    bool allows_nul;     /* \u0000 in text; keys never hold it */
    JsonNumber *numbers; /* of the values that json_scan_value passed, in order, when keeps_numbers */
    size_t numbers_count, numbers_room;
    bool keeps_numbers;
    int depth;
    char problem[JSON_PROBLEM_ROOM]; /* what is wrong, and where; "" : nothing */
    size_t problem_at;
} JsonScan;

void json_scan_done(JsonScan *s);
void json_scan_blanks(JsonScan *s);
char json_scan_peek(const JsonScan *s); /* 0 at the end */
/* Each stands at the first byte of its piece and passes it; false with the problem set. */
bool json_scan_value(JsonScan *s);           /* any value, with all that is in it; a key twice is refused */
bool json_scan_text(JsonScan *s, Text *out); /* decoded; added to out */
bool json_scan_key(JsonScan *s, Text *out);  /* the same for a key, and the colon behind it */
bool json_scan_number(JsonScan *s, JsonNumber *out);
bool json_scan_word(JsonScan *s);
/* Behind an item: passes the comma or the closing bracket; *more: a comma. */
bool json_scan_separator(JsonScan *s, char close, bool *more);
bool json_scan_fail(JsonScan *s, size_t at, const char *problem);    /* false */
size_t json_scan_line(const JsonScan *s, size_t at, size_t *column); /* both from 1 */

#endif
