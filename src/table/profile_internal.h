/* The parts of a profile: figures of a column, its relation to the target, findings. */
#ifndef TABLE_PROFILE_INTERNAL_H
#define TABLE_PROFILE_INTERNAL_H

#include "table/profile.h"

enum { CLASS_NO, CLASS_YES, CLASS_NONE };

typedef struct ProfileTarget {
    int column;       /* TABLE_NONE: none */
    char *positive;   /* NULL: no two classes */
    uint8_t *classes; /* per row */
    size_t yes, no;
} ProfileTarget;

bool profile_target_init(ProfileTarget *target, const Table *t, const char *name, const char *positive, Error *e);
void profile_target_done(ProfileTarget *target);
/* sorted: valid finite values ascending, count of them. */
bool profile_relate(ColumnProfile *p, const Column *c, const ProfileTarget *target, const double *sorted, size_t count, Error *e);
double profile_quantile(const double *sorted, size_t count, double q); /* linear between neighbors */
double profile_skew(const double *values, size_t count);
bool profile_find(Profile *p, const Table *t, const ProfileTarget *target, Error *e);

#endif
