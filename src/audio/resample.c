/* The kernel is a table of 512 places from crossing to crossing, straight between them: any ratio costs the same. */
#include "audio/resample.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

enum { CROSSINGS = 16, FINE = 512 };
static const double KAISER = 9.0, ROLLOFF = 0.94;

struct ResampleKernel {
    float at[CROSSINGS * FINE + 2];
};

/* The modified Bessel function of the first kind, by its series. */
static double bessel(double x)
{
    double sum = 1, term = 1;
    for (int k = 1; k < 50; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

ResampleKernel *resample_kernel_new(Error *e)
{
    ResampleKernel *k = mem_try_alloc(1, sizeof *k, e);
    for (int i = 0; k && i <= CROSSINGS * FINE; i++) {
        double t = (double)i / FINE, part = t / CROSSINGS, sinc = i ? sin(M_PI * t) / (M_PI * t) : 1;
        k->at[i] = (float)(sinc * bessel(KAISER * sqrt(1 - part * part)) / bessel(KAISER));
    }
    return k;
}

typedef struct Side { /* x[0], x[by], x[2 by] ... away from the middle */
    const float *x;
    ptrdiff_t by;
    size_t count;
} Side;

/* The sum of a side under the kernel; its first number stands `first` fine places from the middle, each next `step` further. */
static float sum_side(const ResampleKernel *k, Side s, float first, float step)
{
    float sum = 0, place = first;
    for (size_t i = 0; i < s.count && place < CROSSINGS * FINE; i++, place += step) {
        int32_t at = (int32_t)place;
        sum += s.x[(ptrdiff_t)i * s.by] * (k->at[at] + (place - (float)at) * (k->at[at + 1] - k->at[at]));
    }
    return sum;
}

size_t resample_frames(size_t frames, double step)
{
    return (size_t)ceil((double)frames / step - 1e-9);
}

void resample_run(const ResampleTask *task, float *y)
{
    double cut = ROLLOFF * (task->step > 1 ? 1 / task->step : 1);
    size_t out = resample_frames(task->frames, task->step), channels = task->channels;
    float step = (float)(cut * FINE);
    for (size_t i = 0; i < out; i++) {
        double at = (double)i * task->step;
        size_t middle = (size_t)at < task->frames ? (size_t)at : task->frames - 1;
        double part = at - (double)middle;
        for (size_t c = 0; c < channels; c++) {
            const float *x = task->x + middle * channels + c;
            Side left = {x, -(ptrdiff_t)channels, middle + 1}, right = {x + channels, (ptrdiff_t)channels, task->frames - middle - 1};
            float sum = sum_side(task->kernel, left, (float)(part * cut * FINE), step);
            sum += sum_side(task->kernel, right, (float)((1 - part) * cut * FINE), step);
            y[i * channels + c] = (float)cut * sum;
        }
    }
}
