/* The inside of join: its parameters, what it learned of the other table, and which of its rows belongs to a row. */
#ifndef STEPS_JOIN_H
#define STEPS_JOIN_H

#include "steps/side.h"
#include "steps/tools.h"

typedef enum JoinHow { JOIN_LEFT, JOIN_INNER, JOIN_ASOF } JoinHow;

typedef struct Join {
    void *table; /* Side */
    Value *on, *time;
    int how; /* JoinHow */
    double tolerance;
    TextList columns;
    char *prefix;
    bool keep;
} Join;

/* Columns by which rows find each other: pairs of a name here and a name in the other table. */
typedef struct JoinKeys {
    TextList here, there;
    char *time_here, *time_there; /* NULL: not by time */
} JoinKeys;
bool join_keys_make(const Join *p, JoinKeys *out, Error *e);
bool join_keys_check(const JoinKeys *keys, const Join *p, const Table *here, const Table *there, Error *e); /* both have them */
void join_keys_done(JoinKeys *keys);
bool join_keys_has(const JoinKeys *keys, const char *there); /* a column of the other table that rows are found by */
char *join_keys_title(const JoinKeys *keys);                 /* "shop, day"; for the caller */

/* What was learned of the other table; shared, never changed. */
typedef struct JoinedSide {
    int references;
    Value *schema; /* of the columns as read that are needed */
    Recipe *steps; /* fitted; NULL: none */
    Table *rows;   /* keys, time and the columns taken; NULL: the model does not hold them */
    bool is_kept;  /* they are saved too */
} JoinedSide;
extern const ObjectKind joined_side_kind;
JoinedSide *joined_side_make(Job *job, const StepInput *in, const JoinKeys *keys, const TextList *taken, Error *e);
void joined_side_renew(const Join *p, Value *state); /* one that an older version learned */

typedef struct Joined {
    TextList names, types; /* of the columns taken, as they are called in the other table */
    void *side;            /* JoinedSide */
} Joined;

/* The table that a join or a concat reads, for Step.sides. */
void join_sides(const void *params, const void *state, SideNeeds *out);

/* The other table as it is joined with the rows of the input. */
typedef struct JoinRows {
    Table *rows;     /* NULL: rows to predict, and the table would bring their target only */
    RowReasons said; /* of its rows as read, by row id */
} JoinRows;
bool join_rows_get(Job *job, const StepInput *in, const Joined *s, JoinRows *out, Error *e);
void join_rows_done(JoinRows *r);

typedef struct JoinCounts {
    size_t keyless, keyed, found; /* rows here: without a key or time; with one; that found theirs */
    size_t keyless_there, keys_there, used_there;
} JoinCounts;
/* match (here->rows items): for each row the one of the other table; COLUMN_NO_ROW: none. Several for one are refused. */
typedef struct JoinTask {
    const Join *p;
    const JoinKeys *keys;
    const Table *here, *there;
} JoinTask;
bool join_match(Job *job, const JoinTask *task, size_t *match, JoinCounts *counts, Error *e);

#endif
