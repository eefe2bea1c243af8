/* The parts of the CSV reader: options, encodings, scanning of records, sniffing, columns under construction. */
#ifndef TABLE_READERS_CSV_H
#define TABLE_READERS_CSV_H

#include "table/reader.h"

enum { CSV_HEADER_AUTO, CSV_HEADER_YES, CSV_HEADER_NO };
enum { CSV_RAGGED_REJECT, CSV_RAGGED_PAD, CSV_RAGGED_ERROR, CSV_RAGGED_EXACT };
enum { CSV_SKIP_AUTO = -1 };

typedef struct CsvParams {
    char *delimiter, *quote, *comment, *decimal, *thousands, *encoding;
    int header, ragged;
    TextList missing, text;
    bool quoted_missing, partial;
    int64_t skip, rows;
    int64_t max_field, max_lines, max_columns, max_rows, max_rejects, max_memory;
} CsvParams;

typedef struct CsvField {
    const char *bytes; /* between the quotes */
    size_t size;
    bool quoted, escaped; /* escaped: holds doubled quotes */
} CsvField;

/* What is wrong with a record's quotes. */
typedef enum CsvFault { CSV_FINE, CSV_UNCLOSED, CSV_TEXT_BEHIND, CSV_TOO_MANY_LINES, CSV_SWALLOWED } CsvFault;
const char *csv_fault_text(CsvFault fault);

/* One pass over a span, record by record. Nothing is copied: fields point into the span. */
typedef struct CsvScan {
    const char *at, *end;
    char delimiter, quote; /* quote 0: none */
    char comment;          /* lines that begin with it are passed over; 0: none */
    bool comment_sniffed;  /* then only those that could not be rows */
    size_t columns;        /* to expect, 0: unknown; tells rows in quotes from a field of several lines */
    size_t max_field, max_lines, max_columns;
    const char *name; /* for messages */
    bool partial;     /* a last record without its end is dropped */
    CsvField *fields;
    size_t count, room;
    CsvFault fault;               /* of this record: its line is read with quotes as text, and is no row */
    bool spans;                   /* a field of this record holds line ends */
    const char *record, *counted; /* start of the record; up to where lines were counted */
    uint64_t lines, comments;
} CsvScan;

/* False at the end and on error (e->code is set then). Blank lines and comments are passed over. */
bool csv_scan_next(CsvScan *s, Error *e);
uint64_t csv_scan_line(CsvScan *s); /* line of the current record, from 1 */
void csv_scan_done(CsvScan *s);
void csv_field_unescape(const CsvField *f, char quote, Text *out);          /* replaces out */
size_t csv_plain_fields(const char *line, const char *end, char delimiter); /* of one line, quotes as text */

/* Where the names and the rows are, and how rows may differ from the header. */
typedef struct CsvShape {
    char delimiter, quote, comment;
    bool comment_sniffed;
    const char *header; /* record of the names; NULL: none */
    const char *rows;   /* first data row */
    size_t passed;      /* records above the header: titles */
    size_t columns;
    size_t trailing;    /* empty fields that each row has behind the last column */
    size_t missing;     /* fields that most rows lack at their end */
    bool row_names;     /* the first column has no name in the header */
    bool marked_header; /* the names stand in the last comment line */
} CsvShape;
bool csv_sniff(const CsvScan *origin, const CsvParams *p, CsvShape *shape, Error *e);
int csv_sniff_name(const char *name, const uint8_t *bytes, size_t size);

/* How much the record at `names` looks like names of the rows below, its first name over column `offset`: CSV_SURE when types
 * say so, CSV_MAYBE when nothing speaks against it. */
typedef enum CsvLikely { CSV_UNLIKELY, CSV_MAYBE, CSV_SURE } CsvLikely;
bool csv_looks_numeric(const char *s, size_t size); /* also with decimal commas, groups of thousands and a percent sign */
CsvLikely csv_header_likely(const CsvScan *origin, const char *names, const char *rows, size_t offset, const TextList *missing);

/* The bytes of a file, to be made UTF-8 without a mark at its start. */
typedef struct CsvText {
    const char *name; /* of the file, for messages */
    const char *bytes;
    size_t size;
    char *owned;       /* to be freed; NULL: bytes are still the caller's */
    char encoding[40]; /* from which it was made */
    bool marked;       /* a byte order mark said so */
} CsvText;
bool csv_decode(const CsvParams *p, CsvText *text, TextList *notes, Error *e); /* notes: what is unusual */
/* The encoding that the bytes most probably have. */
typedef struct CsvEncoding {
    const char *name;
    size_t mark;   /* bytes of the mark at the start */
    bool unsure;   /* a guess */
    bool is_clean; /* UTF-8 without a fault */
} CsvEncoding;
CsvEncoding csv_encoding(const char *bytes, size_t size);

/* A column that grows. Its kind is found from all its cells: bool, date, time stay or become text; int becomes real or text; what
 * has changed its kind must be read again. */
typedef struct CsvColumn {
    Column *column;    /* NULL until the first value */
    size_t rows, room; /* cells so far; cells that fit */
    ColumnType type;
    bool decided, again; /* again: the type changed on the way */
    bool skip;           /* finished in an earlier pass */
    int decimals;
    size_t blanks;
} CsvColumn;

typedef struct CsvWords { /* missing tokens, and how numbers are written */
    const TextList *list;
    bool leads[256];
    size_t longest;
    bool quoted;
    char decimal, thousands; /* '.' and 0: as C writes them */
} CsvWords;
bool csv_words_init(CsvWords *w, const CsvParams *p, Error *e);
enum { CSV_NUMBER_ROOM = 64 };
/* A number as this file writes it, to one as C writes it: groups gone, a point. False: digits and marks that are no number here. */
bool csv_plain_number(const CsvWords *w, const char *s, size_t size, char out[CSV_NUMBER_ROOM], size_t *used);
/* Finds out how, from the first rows; notes say what was decided, and what stays open. */
typedef struct CsvSource { /* a file whose shape is known */
    const CsvScan *origin;
    const CsvShape *shape;
    const CsvParams *p;
    char *const *names;
} CsvSource;
void csv_sniff_numbers(const CsvSource *from, CsvWords *w, TextList *notes);
bool csv_column_add(CsvColumn *c, const CsvField *f, const CsvWords *words, char quote, Error *e);
bool csv_column_restart(CsvColumn *c, size_t room, Error *e); /* before another pass */
Column *csv_column_take(CsvColumn *c, Error *e);
bool csv_guess(const char *bytes, size_t size, ColumnType *type); /* of one cell; blanks around do not count */

#endif
