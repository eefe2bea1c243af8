/* A sample for the linter. */
#ifndef TABLE_OK_TABLE_H
#define TABLE_OK_TABLE_H
#endif
