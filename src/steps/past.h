/* The past of a row: the rows of its own group up to itself in time. Steps that look there order the rows through this; the order of
 * the file never matters. */
#ifndef STEPS_PAST_H
#define STEPS_PAST_H

#include "steps/step.h"
#include "table/group.h"

/* The parameters of a step with context, as the last rows of its fields; T has TextList by and char *time. */
#define PAST_FIELDS(T) \
    {COLUMNS_FIELD(T, by), .doc = "columns that tell series apart; none: the group, else the key", .def = ""}, \
    { \
        TEXT_FIELD(T, time), .names_column = true, .doc = "column that orders the rows; none: that of the split", .def = "" \
    }

typedef struct Past { /* shared, never changed */
    int references;
    RowOrder order; /* rows group after group, in time */
    size_t *ends;   /* of each group the place behind its last row that has a place in time; the rows behind it have no past */
    Column **by;    /* owned, like time */
    size_t by_count;
    Column *time;
} Past;

typedef struct PastAsk {
    const TextList *by; /* empty: the group of the roles, else their key, else all rows are one group */
    const char *time;   /* NULL, "": that of the roles */
    bool any_order;     /* no time need be known: then the rows of a group are in the order of the table */
    bool is_quiet;      /* rows that have no place in time are no matter: their cells stay missing and nobody is told */
} PastAsk;
/* A reference for the caller. Two rows of a group at one time are refused while designing; while predicting that is the reason of the
 * rows from that time on. Rows without a time or a group have no place: told by tools_timeless. */
Past *past_get(Job *job, const StepInput *in, const PastAsk *ask, Error *e);
void past_unref(Past *p); /* accepts NULL */

typedef struct PastGroup {
    const uint32_t *rows; /* rows of the table in order of time, no two at one time */
    size_t count;
} PastGroup;
static inline PastGroup past_group(const Past *p, size_t group)
{
    size_t from = p->order.starts[group];
    return (PastGroup){p->order.row + from, p->ends[group] - from};
}

/* On threads, each group once; the work on one must not touch what another does. */
typedef void PastVisit(void *self, const Past *p, size_t group);
bool past_visit(Job *job, const Past *p, PastVisit *visit, void *self, Error *e);

/* A REAL column made group by group, on threads: x and out are the cells of one group in time, NAN is missing in both. */
typedef struct PastMap {
    void (*work)(const void *how, const double *x, double *out, size_t count, double *room);
    const void *how;
    size_t rooms; /* room holds rooms * count numbers */
} PastMap;
Column *past_map(Job *job, const Past *p, const Column *c, const PastMap *map, Error *e);

/* The first `least` rows of each group have too little past for what: "lag 24 of y". */
void past_mark_short(const StepInput *in, const Past *p, size_t least, const char *what);

/* Orders made for one run of a recipe. They depend on columns alone, and steps share those they do not touch. */
enum { PAST_CACHE_ROOM = 4 };
struct PastCache {
    Past *items[PAST_CACHE_ROOM];
    size_t next;
};
void past_cache_done(PastCache *c);

#endif
