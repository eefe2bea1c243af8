/* Readers parse spans into tables with limits; what cannot be read goes to the rejects list. Writers do the reverse. */
#ifndef TABLE_READER_H
#define TABLE_READER_H

#include "spec/params.h"
#include "spec/registry.h"
#include "table/table.h"

typedef struct Reader {
    Spec spec;
    int (*sniff)(const char *name, const uint8_t *bytes, size_t size); /* 0: not mine .. 100: surely */
    /* name: for messages. params: of spec. A final head limit in params ("rows") reads only that many rows. */
    Table *(*read)(Job *job, const void *params, const char *name, const uint8_t *bytes, size_t size, Error *e);
} Reader;

typedef struct Writer {
    Spec spec;
    const char *const *endings; /* "csv"...: file names that ask for it, without .gz; NULL ends the list */
    bool (*write)(const void *params, const Table *t, Text *out, Error *e);
} Writer;

extern const Reader csv_reader;
extern const Writer csv_writer, json_writer, jsonl_writer;
size_t csv_count_formulas(const Table *t); /* texts, names included, that a spreadsheet would run */
const Family *reader_family(void);
const Family *writer_family(void);

/* Options for a file: {"reader": "csv", "delimiter": ";"...}; NULL: sniffed and defaults. path "-": stdin. gz is opened. A folder is read
 * by "sounds". An option that the reader does not have is refused, but for those in the map TABLE_READ_WHERE_KNOWN: they are for readers
 * that have them. */
#define TABLE_READ_WHERE_KNOWN "where_known"
Table *table_read(Job *job, const char *path, const Value *options, Error *e);
Table *table_read_bytes(Job *job, const char *name, const uint8_t *bytes, size_t size, const Value *options, Error *e);
/* The reader that table_read would take for the file. */
const Spec *table_find_reader(const char *path, const Value *options, Error *e);
/* The first rows of a file from its first part only, whatever its size: what the screen paints first. *complete: that was all. */
Table *table_read_head(const char *path, const Value *options, bool *complete, Error *e);
/* By the ending of path or options {"writer": ...}; "-" is stdout. ".gz" packs; an ending that no writer has is refused. */
const Writer *table_find_writer(const char *path, const Value *options, Error *e); /* that table_write would take */
bool table_has_ending(const char *path);                                           /* sales.csv has, "-" and plain names have not */
bool table_check_path(const char *path, const Value *options, Error *e);           /* a writer is known: to be asked before long work */
bool table_write(const Table *t, const char *path, const Value *options, Error *e);

#endif
