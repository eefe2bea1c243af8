/* Sounds at another rate, or another speed: a sinc of 16 crossings to each side under a Kaiser window, cut off below the lower of both
 * Nyquist frequencies. */
#ifndef AUDIO_RESAMPLE_H
#define AUDIO_RESAMPLE_H

#include "base/error.h"

typedef struct ResampleKernel ResampleKernel;
ResampleKernel *resample_kernel_new(Error *e); /* read by many threads; free with mem_free */

typedef struct ResampleTask {
    const ResampleKernel *kernel;
    const float *x; /* frames * channels, interleaved */
    size_t frames, channels;
    double step; /* frames of x from one of the result to the next: rate of x / rate of the result */
} ResampleTask;
size_t resample_frames(size_t frames, double step); /* of the result */
void resample_run(const ResampleTask *task, float *y);

#endif
