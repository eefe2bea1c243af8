/* What the steps on arrays of frames share: time runs along the first number of their shape. */
#ifndef STEPS_FRAMES_H
#define STEPS_FRAMES_H

#include "steps/tools.h"

typedef struct Frames { /* a cell: frames * bands * channels */
    const float *from;
    float *to;
    size_t frames, bands, channels;
    RngKey key; /* of this row */
} Frames;
typedef void FramesChange(const void *params, const Frames *f);

typedef struct FramesTask {
    const StepInput *in;
    const TextList *columns; /* selectors */
    size_t times;            /* so many times as many channels come out */
    FramesChange *change;
} FramesTask;
bool frames_change(const FramesTask *task, Table **out, Error *e);

#define FRAMES_COLUMNS(T) \
    { \
        COLUMNS_FIELD(T, columns), .doc = "arrays of frames", .def = "array", .positional = true \
    }

#endif
