/* Side tables: tables that a recipe reads beside the rows it changes, each a small pipeline of its own: where it comes from and the steps
 * that make it. A model keeps that pipeline and is fed fresh tables by name; it holds no rows of them unless it was asked to. */
#ifndef STEPS_SIDE_H
#define STEPS_SIDE_H

#include "steps/recipe.h"

enum { SIDE_BYTES_MOST = 16 << 20, SIDE_DEPTH_MOST = 4 }; /* of a table that a recipe holds itself; of tables beside side tables */

/* A side table that was read. */
typedef struct SideMade {
    Table *head;   /* the columns as read, without rows */
    Recipe *steps; /* fitted */
    Table *rows;   /* behind the steps */
} SideMade;

typedef struct Side { /* shared, never changed */
    int references;
    char *name;     /* under which fresh tables are given; "": none */
    char *file;     /* as the user wrote it; NULL: the table is in csv */
    char *csv;      /* the table itself */
    Value *read;    /* options of the reader; may be NULL */
    Recipe *steps;  /* that learn nothing of rows */
    int depth;      /* 1, or one more than that of the deepest side table of its steps */
    SideMade *made; /* atomic; NULL: not read yet */
} Side;

extern const ObjectKind side_kind; /* as a value {"name","file","csv","read","steps"}, those there are; only a file: its name */

Side *side_ref(const Side *s);
void side_unref(Side *s); /* accepts NULL */
/* A file that was read as this table. */
Side *side_of_file(const char *file, const Value *read, const Table *rows, Error *e);
/* The side table behind one more step, fitted, that made `rows` of it; NULL with e: the step learns from rows. */
Side *side_with_step(const Side *s, const Recipe *fitted, const Table *rows, Error *e);
Side *side_of_table(const Table *rows, Error *e); /* a table that comes from nowhere, as CSV; NULL: too large */
/* Read and made when first asked for, then kept. Borrowed; NULL with e. */
const SideMade *side_make(Job *job, const Side *s, Error *e);
const Side *side_in(const Field *f, const void *params); /* of a field; NULL: it holds none. Borrowed */
const char *side_title(const Side *s);                   /* its name, or "the other table": for messages */

/* Tables by name, as read, given beside rows to predict or to judge. */
typedef struct SideTables {
    TextList names;
    Table **tables; /* one for each name */
    bool labelled;  /* the target is asked for */
} SideTables;
bool side_tables_add(SideTables *given, const char *name, Table *table,
                     Error *e);                                           /* takes table, also on failure; a name twice is refused */
const Table *side_tables_find(const SideTables *given, const char *name); /* NULL: not given; given may be NULL */
void side_tables_done(SideTables *given);

/* The tables that a fitted recipe reads beside its rows. */
typedef struct SideNeed {
    const char *name;
    const Value *schema; /* of the columns as read */
    bool is_kept;        /* the recipe holds its rows and does without a fresh one */
} SideNeed;
typedef struct SideNeeds {
    SideNeed *items; /* what they point to belongs to the recipe */
    size_t count, room;
} SideNeeds;
void side_needs_add(SideNeeds *to, SideNeed need);
void side_needs_of(const Recipe *fitted, SideNeeds *to);
void side_needs_done(SideNeeds *needs);
Value *side_read_options(const SideNeeds *needs, const char *name); /* so that words stay words; for table_read */
char *side_need_text(const SideNeed *need);                         /* "usage (customer_id, calls, ...)"; for the caller */
char *side_needs_text(const SideNeeds *needs); /* the same of all that must be given; NULL: none must. For the caller */
/* Each table given is one that is needed. */
bool side_tables_check(const SideTables *given, const SideNeeds *needs, Error *e);
/* Two side tables of one name come from the same file, so that one fresh table serves both. */
bool side_check_names(const Recipe *r, Error *e);
/* The same recipe with side tables that read their files again; NULL: it has none. */
Recipe *side_forget(const Recipe *r);
/* [{"name", "rows": SHA-256}], one for each side table of the recipe, read now where it has not been; NULL: there is none. */
Value *side_digests(const Recipe *r);

#endif
