/* What is in a table: exact figures per column, target rates per level or bin, and findings with the step that repairs them. */
#ifndef TABLE_PROFILE_H
#define TABLE_PROFILE_H

#include "table/table.h"

enum { PROFILE_TOP = 10, PROFILE_BINS = 32, PROFILE_RATES = 8 };

enum { PROFILE_MIN, PROFILE_P25, PROFILE_P50, PROFILE_P75, PROFILE_MAX, PROFILE_FIGURES };

typedef struct ProfileTop {
    char *value; /* formatted */
    size_t count;
} ProfileTop;

typedef struct ProfileRate { /* of the positive class, per level or per bin */
    char *label;
    double low, high; /* bins */
    size_t rows, positives;
} ProfileRate;

typedef enum Disguise { DISGUISE_NONE, DISGUISE_NUMBER, DISGUISE_DATE } Disguise;
enum { DISGUISE_AMBIGUOUS = -1 };

typedef struct ColumnProfile {
    char *name;
    ColumnType type;
    size_t count, missing, distinct; /* count: not missing */
    bool is_numeric;
    double min, max, mean, sd, p25, p50, p75, skew; /* numeric; sd: sample (n-1) */
    int64_t wholes[PROFILE_FIGURES];                /* INT: the same five without a double between; quartiles to the nearest whole number */
    char *min_text, *max_text;                      /* text and dates */
    ProfileTop top[PROFILE_TOP];
    size_t top_count;
    size_t bins[PROFILE_BINS]; /* numeric: equal width from min to max; text: counts of the largest levels */
    size_t bins_count;
    ProfileRate rates[PROFILE_RATES]; /* with a target: by level (largest first) or by eighth */
    size_t rates_count;
    /* Of the column alone against the target, NAN without one. auc: texts are scored by rates of the other rows (five folds), so
     * what was only learned by heart reads 0.5. correlation: Pearson's, when the target is a number. */
    double auc, mutual_information, correlation;
    size_t numbers, spelled_missing; /* TEXT: cells that are numbers; cells such as "?" or "N/A" */
    Disguise disguise;               /* TEXT that is read as something else */
    int disguise_way;                /* NumberWay or CalendarOrder; DISGUISE_AMBIGUOUS: two ways read every cell, and not the same */
    size_t disguise_odd;             /* cells that are not read */
    bool is_target, is_id;           /* id: unique in every row, or nearly so, and not a measurement */
} ColumnProfile;

typedef struct Finding {
    char mark; /* 'x' error, '!' look here, '*' note */
    char *column, *text;
    char *step;       /* step name that repairs it, or NULL */
    Value *params;    /* of that step */
    bool is_optional; /* the repair may take what is meant: only when it is asked for by name */
} Finding;

typedef struct Profile {
    size_t rows, columns_count, rejects;
    ColumnProfile *columns;
    Finding *findings;
    size_t findings_count;
    bool of_training; /* what speaks of the target was counted over training rows */
    double seconds;
} Profile;

typedef struct ProfileUse {
    const char *target, *positive; /* may be NULL */
    const uint8_t *training;       /* by row: its target may be looked at; NULL: every row's */
} ProfileUse;

/* The share of a level: of the cells that hold a value, everywhere. */
double profile_share(const ColumnProfile *c, size_t count);
/* One of the five figures with so many decimals; whole numbers are exact. */
const char *profile_format(const ColumnProfile *c, int figure, int decimals, char out[40]);
Profile *profile_table(Job *job, const Table *t, const char *target, const char *positive, Error *e);
Profile *profile_table_for(Job *job, const Table *t, const ProfileUse *use, Error *e);
void profile_free(Profile *p);
Value *profile_to_value(const Profile *p, const Table *t);       /* the JSON of `limbeck profile --json` */
void profile_print(const Profile *p, const Table *t, Text *out); /* plain text report */

#endif
