/* The parts of the sounds reader: a folder of WAV files, a list of them, or a single one, as a table with a row for each. */
#ifndef TABLE_READERS_SOUNDS_H
#define TABLE_READERS_SOUNDS_H

#include "table/reader.h"

typedef struct SoundsParams {
    char *pattern, *file;
    bool partial;
    int64_t rows, max_rows, max_rejects, max_memory;
    double max_seconds;
} SoundsParams;

#define SOUNDS_PATTERN "{label}_{speaker}_{take}.wav" /* tried where no pattern is given */

/* Names of files taken apart: {name} stands for what is a column, the rest for itself. */
typedef struct SoundsPattern {
    TextList names, between; /* between[i] stands before names[i]; the last behind them all */
} SoundsPattern;
bool sounds_pattern_parse(const char *text, SoundsPattern *out, Error *e); /* sounds_pattern_done in any case */
/* One piece a name, added to pieces; false: the file is called otherwise, and pieces may hold some. */
bool sounds_pattern_match(const SoundsPattern *p, const char *file, TextList *pieces);
void sounds_pattern_done(SoundsPattern *p);

extern const Reader sounds_reader;
Table *sounds_read_folder(Job *job, const void *params, const char *path, Error *e);

#endif
