/* What the steps on sounds share: each sound of a column is changed by a function, in several threads, and becomes one of a new column. */
#ifndef STEPS_SOUNDS_H
#define STEPS_SOUNDS_H

#include "steps/tools.h"
#include "table/sound.h"

typedef struct SoundWork { /* a sound being changed; x may be replaced by another block of mem_try_alloc */
    float *x;              /* frames * channels, -1 .. 1 */
    size_t frames;
    uint32_t rate, channels;
    bool is_same;   /* the change left it as it was */
    RngKey key;     /* of this row; what is drawn from it is the same in any thread */
    const void *by; /* of SoundsTask */
    Error e;
} SoundWork;
typedef bool SoundChange(const void *params, SoundWork *w); /* false: w->e says why */

typedef struct SoundsTask {
    Job *job;
    const StepInput *in;
    const TextList *columns; /* selectors; none matched is an error */
    SoundChange *change;
    const void *by; /* whatever the change needs beside the parameters */
} SoundsTask;
/* Rows where a change fails are faults of their row. A sound that the change left as it was stays to the bit. */
bool sounds_change(const SoundsTask *task, Table **out, Error *e);

/* As sounds_change, for a change that calls sounds_resample: the sound read every step frames, filtered; w->rate is the caller's. */
bool sounds_resampled(SoundsTask *task, Table **out, Error *e);
bool sounds_resample(SoundWork *w, double step);

/* Runs task(self, row) for each row in all threads of the job. */
bool sounds_rows(Job *job, size_t rows, void (*task)(void *self, size_t row), void *self, Error *e);

#define SOUNDS_COLUMNS(T) \
    { \
        COLUMNS_FIELD(T, columns), .doc = "columns of sounds", .def = "sound", .positional = true \
    }

#endif
