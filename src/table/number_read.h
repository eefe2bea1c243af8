/* Numbers as people write them: 1,234.50, 1.234,50, 12 %, $12, (12), 12k. */
#ifndef TABLE_NUMBER_READ_H
#define TABLE_NUMBER_READ_H

#include <stdbool.h>
#include <stddef.h>

typedef enum NumberWay { NUMBER_POINT, NUMBER_COMMA, NUMBER_WAYS } NumberWay; /* the decimal sign */
extern const char *const number_ways[];                                       /* "point", "comma"; ends with NULL */

typedef struct NumberForm {
    double value; /* 12 % is 12 */
    double share; /* and 0.12 */
    bool percent;
    char currency[4]; /* "EUR", or "" */
} NumberForm;

/* The whole span, blanks around it ignored. Groups of three digits may be parted by blanks, apostrophes, or the sign that is not the
 * decimal one. (12) and 12- are negative; k, M and B stand for thousands, millions, billions. */
bool number_read(NumberWay way, const char *bytes, size_t size, NumberForm *out);

#endif
