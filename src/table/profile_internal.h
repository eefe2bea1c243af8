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
    const Column *numbers;   /* a target that is a number; NULL otherwise */
    const uint8_t *training; /* rows whose target counts; NULL: all */
} ProfileTarget;

/* The finite values of a column in order, as keys: see column_key. */
typedef struct Sorted {
    ColumnType type;
    uint64_t *keys;
    size_t count;
} Sorted;

double sorted_value(const Sorted *s, size_t i);
char *profile_value(ColumnType type, uint64_t key); /* as column_format; the caller owns it */

bool profile_target_init(ProfileTarget *target, const Table *t, const ProfileUse *use, Error *e);
void profile_target_done(ProfileTarget *target);
bool profile_relate(ColumnProfile *p, const Column *c, const ProfileTarget *target, const Sorted *sorted,
                    Error *e);                     /* sorted: NULL for texts */
double sorted_quantile(const Sorted *s, double q); /* linear between neighbors */
/* The step that would help, and its parameters. is_optional: see Finding. */
typedef struct Repair {
    const char *step;
    Value *params;
    bool is_optional;
} Repair;

typedef struct Finder {
    Profile *p;
    const Table *t;
    const ProfileTarget *target;
    size_t room;
    double sentinels[2]; /* of the column that is looked at; NAN: none */
} Finder;

void finder_add(Finder *f, char mark, const char *column, char *text, Repair repair); /* takes text and the parameters */
Value *repair_columns(const char *name);                                              /* {columns = {name}} */
void find_spellings(Finder *f, const ColumnProfile *c, const Column *column);
bool find_numbers_as_text(Finder *f, const ColumnProfile *c, const Column *column); /* true: it is a number with odd cells */
void profile_disguise(ColumnProfile *p, const Column *c);                           /* after the words for nothing were counted */
bool find_disguise(Finder *f, const ColumnProfile *c, const Column *column);        /* true: it is a number, and that is all to say */
void find_missing_words(Finder *f, const ColumnProfile *c, const Column *column);
bool find_sentinels(Finder *f, const ColumnProfile *c, const Column *column, Error *e);
bool find_duplicates(Finder *f, Error *e);
bool profile_find(Profile *p, const Table *t, const ProfileTarget *target, Error *e);

#endif
