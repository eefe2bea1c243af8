/* The columns that are known of rows from elsewhere: schema entries {"name","type"}, and "role" on those that may be absent: "target",
 * "unused", or "compared": a step only asks in which rows it is equal, and where it is absent no two rows are. */
#ifndef STEPS_SCHEMA_H
#define STEPS_SCHEMA_H

#include "table/table.h"

#define SCHEMA_UNUSED "unused"
#define SCHEMA_COMPARED "compared"

bool schema_check(const Value *schema, Error *e); /* one that comes from a file */
/* Columns in the order and of the types of the schema; an absent target is filled with missing cells. reasons (rows texts, NULL: fine)
 * gets what could not be converted. The rows are numbered anew. */
Table *schema_coerce(const Value *schema, const Table *rows, char **reasons, Error *e);
/* A column as the type; reasons as above. */
Column *schema_column(const Column *c, const char *name, ColumnType type, char **reasons, Error *e);

#endif
