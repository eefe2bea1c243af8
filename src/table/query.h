/* Questions asked of a table: order of rows, rows that match, searching. They return row lists; tables stay as they are. */
#ifndef TABLE_QUERY_H
#define TABLE_QUERY_H

#include "table/table.h"

bool query_sort(const Table *t, int column, bool descending, size_t *rows, Error *e); /* rows: t->rows items; stable, missing last */
/* Where a search begins and in which order it goes through the rows: once round, `from` first. */
typedef struct QueryWalk {
    const size_t *order; /* row at each place; NULL: as in the table */
    size_t count;        /* of places in order; 0: all rows of the table */
    size_t from;         /* a place */
    bool backward;
} QueryWalk;
size_t query_search(const Table *t, const char *text, QueryWalk walk,
                    int *column); /* place of the next row with a cell that contains text; SIZE_MAX */

/* For each row of `wanted` the first row of `from` with the same row id, SIZE_MAX where there is none; rows: wanted->rows items. */
bool query_match(const Table *from, const Table *wanted, size_t *rows, Error *e);

/* The column of that name, else the next one behind `from` (then from the first on) whose name a regular expression finds, capitals or
 * not; TABLE_NONE with e. */
int query_column(const Table *t, const char *pattern, int from, Error *e);

typedef enum TargetType { TARGET_AUTO, TARGET_CLASSES, TARGET_VALUES } TargetType; /* what of a number is predicted */
extern const char *const target_type_choices[];                                    /* as they are written; ends with NULL */

typedef struct Roles { /* what columns are for; borrowed texts, NULL: none */
    const char *target, *positive, *weight, *group, *key, *time;
    int target_type;
    const Table *source; /* borrowed: where columns of roles are found once a step has left them out; NULL: nowhere */
} Roles;
/* Whether a target is predicted as classes: as told, else by its type and how many different values it has. */
bool target_is_classes(const Column *target, size_t distinct, const Roles *roles);
bool roles_have(const Roles *roles, const char *name); /* target, weight, group, key or time */

/* Column selectors: names, "numeric" "text" "bool" "date" "array" "sound" "all", /regex/, "!" excludes; a column of that name wins over a
 * keyword; target, key, weight, group and time never match unless named. *columns: new array in table order of first match; free with
 * mem_free. */
bool select_is_name(const char *selector); /* neither keyword nor pattern nor exclusion, whatever the table */
bool select_columns(const Table *t, const TextList *selectors, const Roles *roles, int **columns, size_t *count, Error *e);

#endif
