/* Tables: immutable once built, typed columns with a validity bitmap, shared by reference count; every row carries a source row
 * id. A step makes a new table that shares what it did not touch. */
#ifndef TABLE_TABLE_H
#define TABLE_TABLE_H

#include "base/hash.h"
#include "base/job.h"
#include "base/value.h"

typedef enum ColumnType {
    COLUMN_BOOL,  /* uint8_t */
    COLUMN_INT,   /* int64_t */
    COLUMN_REAL,  /* double */
    COLUMN_TEXT,  /* uint32_t codes into a dictionary */
    COLUMN_DATE,  /* int64_t days since 1970-01-01 */
    COLUMN_TIME,  /* int64_t microseconds since 1970-01-01T00:00Z */
    COLUMN_ARRAY, /* float, a fixed shape per row */
    COLUMN_SOUND  /* uint32_t codes into a dictionary of sounds (table/sound.h), of any length each */
} ColumnType;

/* What a cell of an ARRAY column looks like, the last number running fastest: {length}, {length, channels} or {height, width,
 * channels}. rank 0: a single value. */
enum { ARRAY_RANKS = 3 };
typedef struct CellShape {
    int rank;
    size_t dims[ARRAY_RANKS];
} CellShape;
size_t cell_shape_width(const CellShape *s); /* the product; 1 for a single value; 0: nothing, or more than can be held */
bool cell_shape_equal(const CellShape *a, const CellShape *b);
void cell_shape_format(const CellShape *s, Text *out); /* 48x2 */

/* Distinct texts in order of first appearance. */
typedef struct Dictionary Dictionary;
Dictionary *dictionary_new(void);
Dictionary *dictionary_ref(Dictionary *d);
void dictionary_unref(Dictionary *d);
uint32_t dictionary_add(Dictionary *d, const char *bytes,
                        size_t size); /* the code, old or new; only while one owner builds it; texts got before may move */
MUST_USE uint32_t dictionary_try_add(Dictionary *d, const char *bytes, size_t size,
                                     Error *e);                                /* UINT32_MAX: it is full, or out of memory */
uint32_t dictionary_find(const Dictionary *d, const char *bytes, size_t size); /* UINT32_MAX: not there */
/* For each text of `from` with a code in first .. last-1 its code in `to`, as dictionary_find gives it; codes: by code of from. */
void dictionary_translate(const Dictionary *from, const Dictionary *to, uint32_t first, uint32_t last, uint32_t *codes);
uint32_t dictionary_count(const Dictionary *d);
const char *dictionary_get(const Dictionary *d, uint32_t code, size_t *size); /* NUL-terminated; size may be NULL */

typedef struct Column {
    int references; /* atomic; use column_ref and column_unref */
    ColumnType type;
    size_t rows, missing;
    uint64_t *valid; /* bit per row; NULL: none missing */
    union {
        uint8_t *flags;
        int64_t *ints; /* INT, DATE, TIME */
        double *reals;
        uint32_t *codes;
        float *array; /* rows * width */
        void *any;
    } data;
    Dictionary *dictionary; /* TEXT, SOUND; of ARRAY the names of the numbers of a cell, in their order, NULL: they have none */
    CellShape shape;        /* ARRAY */
    size_t width;           /* ARRAY: floats per row, the product of its shape; otherwise 1 */
    size_t blanks;          /* of the missing: cells that held only blanks in the file */
    int decimals;           /* REAL: most decimals seen in the file, for display; -1: unknown (shortest) */
} Column;

typedef struct Reject { /* a row that could not be read */
    uint64_t line, column;
    uint64_t before; /* rows of the table that stand before it in the file; REJECT_NO_ROW: a line above the header */
    char *reason, *excerpt;
} Reject;

#define REJECT_NO_ROW UINT64_MAX

typedef struct Table {
    int references;
    size_t rows, columns_count, columns_room;
    char **names;
    Column **columns;
    uint64_t *row_ids; /* NULL: 0 .. rows-1; shared is not needed: copied */
    Reject *rejects;   /* of reading; kept through column edits, dropped by row selection */
    size_t rejects_count;
    char *hash;     /* of table_hash, once it was asked for; atomic */
    TextList notes; /* what the reader assumed: "delimiter ;" ...; kept like rejects */
} Table;

enum { TABLE_NONE = -1 };

/* Columns. New ones are all valid and zero; fill them before they are shared. */
Column *column_new(ColumnType type, size_t rows, Error *e);
Column *column_new_array(size_t rows, const CellShape *shape, Error *e);
Column *column_ref(Column *c);
void column_unref(Column *c);                   /* accepts NULL */
Column *column_copy(const Column *c, Error *e); /* deep, to be changed; the dictionary is shared: column_own_dictionary before adding */
bool column_own_dictionary(Column *c, Error *e);
bool column_set_missing(Column *c, size_t row, Error *e); /* while building */
void column_set_valid(Column *c, size_t row);             /* while building: the cell has a value again */
bool column_set_text(Column *c, size_t row, const char *bytes, size_t size, Error *e);
Column *column_widen(Column *c, size_t rows, Error *e); /* while building: takes c, also on failure; more rows, valid and zero */
Column *column_select(const Column *c, const size_t *rows, size_t count, Error *e);
#define COLUMN_NO_ROW SIZE_MAX
Column *column_gather(const Column *c, const size_t *rows, size_t count, Error *e); /* the same; COLUMN_NO_ROW gives a missing cell */
static inline bool column_is_valid(const Column *c, size_t row)
{
    return !c->valid || (c->valid[row >> 6] >> (row & 63) & 1);
}
bool column_is_numeric(const Column *c);                /* BOOL, INT, REAL */
static inline bool column_type_is_wide(ColumnType type) /* ARRAY, SOUND: a cell is no single value */
{
    return type == COLUMN_ARRAY || type == COLUMN_SOUND;
}
static inline bool column_is_wide(const Column *c)
{
    return column_type_is_wide(c->type);
}
size_t
column_channels(const Column *c); /* ARRAY of rank 2 or 3: its last number; otherwise 1. Number k of a cell is of channel k modulo this */
double column_real(const Column *c, size_t row);                     /* numeric, date and time as double; NAN when missing or text */
const char *column_text(const Column *c, size_t row, size_t *size);  /* TEXT only; NULL when missing */
const char *column_bytes(const Column *c, size_t row, size_t *size); /* TEXT and SOUND: what the dictionary holds; NULL when missing */
/* Any cell as the text a CSV would hold ("" when missing); appended. Reals by shortest round trip, arrays as lists of JSON. */
void column_format(const Column *c, size_t row, Text *out);
/* The same, but equal cells have equal texts (-0.0 is 0.0): what rows are grouped, joined and told apart by. */
void column_format_key(const Column *c, size_t row, Text *out);
/* A number per cell, in the order of the values: equal cells have equal keys, whole numbers are exact. TEXT: the code. Not for ARRAY. */
uint64_t column_key(const Column *c, size_t row);
extern const char *const column_cell_types[];  /* names of all types that are not wide, in their order; ends with NULL */
const char *column_type_name(ColumnType type); /* bool int real text date time array sound */
bool column_type_parse(const char *name, ColumnType *out);
bool column_equal(const Column *a, const Column *b);

/* Tables. All return new tables (one reference, for the caller) that share columns; NULL on failure. */
Table *table_new(size_t rows); /* no columns yet */
Table *table_ref(const Table *t);
void table_unref(Table *t); /* accepts NULL */
bool table_add(Table *t, const char *name, Column *column,
               Error *e);                         /* takes column (also on failure); only while building; a name twice is refused */
int table_find(const Table *t, const char *name); /* TABLE_NONE when absent */
int table_get(const Table *t, const char *name, Error *e);                     /* the same, with the nearest name in the error */
Column *table_column(const Table *t, const char *name);                        /* borrowed; NULL when absent */
Table *table_with(const Table *t, const char *name, Column *column, Error *e); /* adds at the end or replaces in place; takes column */
Table *table_put(Table *t, const char *name, Column *column,
                 Error *e); /* the same; takes t too, and changes it in place when nobody else has it */
Table *table_without(const Table *t, const int *columns, size_t count, Error *e);
Table *table_pick(const Table *t, const int *columns, size_t count, Error *e); /* in this order */
Table *table_rename(const Table *t, int column, const char *name, Error *e);
Table *table_select(const Table *t, const size_t *rows, size_t count, Error *e); /* rows in this order, any number of times */
Table *table_head(const Table *t, size_t rows, Error *e);
Table *table_take_notes(Table *t, const TextList *notes, Error *e); /* takes t; itself when there are none */
uint64_t table_row_id(const Table *t, size_t row);
bool table_equal(const Table *a, const Table *b); /* names, types, values; not row ids */
/* SHA-256 over schema and values in row order (not ids, not names of files). */
void table_hash(const Table *t, char hex[HASH_ROOM]);
char *table_rejects_summary(const Table *t); /* "3 rows could not be read: ..."; the caller owns it */
Value *table_schema(const Table *t);         /* [{"name":..., "type":...}] */

#endif
