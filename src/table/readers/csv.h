/* The parts of the CSV reader: options, scanning of records, sniffing, columns under construction. */
#ifndef TABLE_READERS_CSV_H
#define TABLE_READERS_CSV_H

#include "table/reader.h"

enum { CSV_HEADER_AUTO, CSV_HEADER_YES, CSV_HEADER_NO };
enum { CSV_RAGGED_REJECT, CSV_RAGGED_PAD, CSV_RAGGED_ERROR };

typedef struct CsvParams {
    char *delimiter, *quote, *encoding;
    int header, ragged;
    TextList missing, text;
    bool quoted_missing, partial;
    int64_t skip, rows;
    int64_t max_field, max_columns, max_rows, max_rejects, max_memory;
} CsvParams;

typedef struct CsvField {
    const char *bytes; /* between the quotes */
    size_t size;
    bool quoted, escaped; /* escaped: holds doubled quotes, or text behind the closing one */
} CsvField;

/* One pass over a span, record by record. Nothing is copied: fields point into the span. */
typedef struct CsvScan {
    const char *at, *end;
    char delimiter, quote; /* quote 0: none */
    size_t max_field, max_columns;
    const char *name;      /* for messages */
    bool partial;          /* a last record without its end is dropped */
    CsvField *fields;
    size_t count, room;
    const char *record, *counted; /* start of the record; up to where lines were counted */
    uint64_t lines;
} CsvScan;

/* False at the end and on error (e->code is set then). Blank lines are passed over. */
bool csv_scan_next(CsvScan *s, Error *e);
uint64_t csv_scan_line(CsvScan *s); /* line of the current record, from 1 */
void csv_scan_done(CsvScan *s);
void csv_field_unescape(const CsvField *f, char quote, Text *out); /* replaces out */

typedef struct CsvShape {
    char delimiter;
    bool header;
    size_t leading; /* records above the header: titles */
    size_t columns;
} CsvShape;
bool csv_sniff(const CsvScan *origin, const CsvParams *p, CsvShape *shape, Error *e);
int csv_sniff_name(const char *name, const uint8_t *bytes, size_t size);

/* UTF-8 without a mark at its start: *bytes stays the caller's span, or becomes *owned (to be freed). */
bool csv_decode(const CsvParams *p, const char *name, const char **bytes, size_t *size, char **owned, TextList *notes, Error *e);

/* A column that grows. Its kind is found from all its cells: bool, date, time stay or become text; int becomes real or text; what
 * has changed its kind must be read again. */
typedef struct CsvColumn {
    Column *column;      /* NULL until the first value */
    size_t rows, room;   /* cells so far; cells that fit */
    ColumnType type;
    bool decided, again; /* again: the type changed on the way */
    bool skip;           /* finished in an earlier pass */
    int decimals;
    size_t blanks;
} CsvColumn;

typedef struct CsvWords { /* missing tokens */
    const TextList *list;
    bool leads[256];
    size_t longest;
    bool quoted;
} CsvWords;
void csv_words_init(CsvWords *w, const CsvParams *p);
bool csv_column_add(CsvColumn *c, const CsvField *f, const CsvWords *words, char quote, Error *e);
bool csv_column_restart(CsvColumn *c, size_t room, Error *e); /* before another pass */
Column *csv_column_take(CsvColumn *c, Error *e);
bool csv_guess(const char *bytes, size_t size, ColumnType *type); /* of one cell; blanks around do not count */

#endif
