/* Levels: the distinct values of a column by their texts, numbers and dates too. What the encoders share. */
#ifndef STEPS_LEVELS_H
#define STEPS_LEVELS_H

#include "steps/tools.h"

typedef struct Level {
    const char *text; /* of the column's dictionary */
    size_t size, rows;
} Level;

enum { LEVEL_UNKNOWN = -1, LEVEL_MISSING = -2 };

Column *levels_text(Column *c, Error *e); /* every cell as text; a new reference */
/* Levels that a row holds, the most frequent first, equal ones by text. text: of levels_text. Free with mem_free. */
Level *levels_count(const Column *text, size_t *count);
void levels_sort(Level *levels, size_t count, bool by_number); /* by text, or by the number it is */
Value *levels_list(const Level *levels, size_t count);         /* their texts */
/* For every row the index of its level in a list of texts, or LEVEL_UNKNOWN or LEVEL_MISSING. Free with mem_free. */
int32_t *levels_rows(const Column *text, const Value *levels, Error *e);

/* Numbers by level, as learned: what a level of columns[i] becomes in outputs[i], which may be the column itself. */
typedef struct LevelMap {
    TextList columns, outputs;
    Value *levels, *values; /* lists of texts, and lists of as many numbers */
    NumberList unknown, missing;
} LevelMap;
extern const Field level_map_fields[];

typedef struct LevelEntry {
    const char *column, *output;
    Value *levels, *values; /* taken */
    double unknown, missing;
} LevelEntry;
void level_map_open(LevelMap *map); /* before the first entry */
void level_map_add(LevelMap *map, const LevelEntry *entry);

typedef struct LevelRule {
    bool whole;           /* the outputs are integers */
    bool unknown_missing; /* an unknown level becomes missing */
    bool missing_stays;
    bool keeps_column; /* beside outputs of other names */
} LevelRule;
bool level_map_apply(Job *job, const StepInput *in, const LevelMap *map, LevelRule rule, Table **out, Error *e);
/* "plan, region: 12 levels"; state NULL: the selectors. */
void level_map_describe(const TextList *selectors, const LevelMap *map, Text *out);

#endif
