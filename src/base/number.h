/* Numbers as text, without a locale: strict parsing of spans, shortest text that reads back to the same bits, and the forms
 * people read (7,043; 56.5 kB; 0:23). */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

#include "base/text.h"

enum { NUMBER_ROOM = 40 };

bool number_parse_int(const char *bytes, size_t size, int64_t *out); /* whole span, optional sign; false: not an int64 */
bool number_parse_real(const char *bytes, size_t size, double *out); /* correctly rounded; decimal point only; nan, inf refused */
const char *number_format_real(double x, char out[NUMBER_ROOM]);     /* shortest round trip: 0.1, 1e-05, nan, inf */
const char *number_format_fixed(double x, int decimals, char out[NUMBER_ROOM]);
const char *number_format_count(int64_t n, char out[NUMBER_ROOM]);     /* 7,043 */
const char *number_format_large(double n, char out[NUMBER_ROOM]);      /* 14.3 k, 31 M: 3 digits */
const char *number_format_size(double bytes, char out[NUMBER_ROOM]);   /* 56.5 kB, 1 kB = 1,024 B */
const char *number_format_time(double seconds, char out[NUMBER_ROOM]); /* 0:23, 2:51, 1:04:10 */
const char *number_format_rate(double x, char out[NUMBER_ROOM]);       /* 4.3e-4, 1e-3: 2 digits */

#endif
