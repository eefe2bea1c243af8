/* The parts of the JSON readers: options, the scan of objects into cells, and columns made of cells. */
#ifndef TABLE_READERS_JSON_H
#define TABLE_READERS_JSON_H

#include "base/json_scan.h"
#include "table/reader.h"

typedef struct JsonParams {
    TextList text;
    bool partial;
    int64_t rows;
    int64_t max_field, max_columns, max_rows, max_rejects, max_memory;
} JsonParams;

/* What a column has held so far, as bits. */
enum {
    JSON_BOOL = 1,
    JSON_INT = 2,
    JSON_REAL = 4,
    JSON_TEXT = 8,
    JSON_NESTED = 16, /* a list or an object */
    JSON_WIDE = 32,   /* an integer that a double does not hold */
    JSON_HUGE = 64,   /* an integer of more than 64 bits */
    JSON_NO_DATE = 128,
    JSON_NO_TIME = 256,
    JSON_SEEN = 512 /* a row that is kept has the key */
};

typedef struct JsonCell {
    uint32_t column, kinds;
    size_t at, size; /* in the file; with its quotes */
} JsonCell;

/* Nothing is copied but names: cells point into the file. */
typedef struct JsonRows {
    Job *job;
    const JsonParams *p;
    const char *name; /* for messages */
    JsonScan scan;
    bool is_list; /* [ {...}, ... ] and not one object after another */
    JsonCell *cells;
    size_t cells_count, cells_room;
    size_t *ends; /* of each row's cells */
    size_t rows, rows_room;
    Dictionary *names;
    unsigned *kinds; /* of each column */
    size_t *seen;    /* of each column: the row that had it last, from 1 */
    size_t columns_room;
    Table *table; /* takes rejects and notes */
    size_t rejects_room;
    size_t counted, lines; /* line ends before `counted`: places are asked for in order */
} JsonRows;

bool json_rows_scan(JsonRows *r, Error *e);
void json_rows_done(JsonRows *r); /* the table stays */
bool json_rows_to_columns(JsonRows *r, Error *e);

#endif
