/* The kernel is a table of 512 places from crossing to crossing, straight between them: any ratio costs the same. */
#include "audio/resample.h"

#include <math.h>

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

static float kernel_at(const ResampleKernel *k, double t)
{
    double place = fabs(t) * FINE;
    if (place >= CROSSINGS * FINE)
        return 0;
    size_t i = (size_t)place;
    return k->at[i] + (float)(place - (double)i) * (k->at[i + 1] - k->at[i]);
}

size_t resample_frames(size_t frames, double step)
{
    return (size_t)ceil((double)frames / step - 1e-9);
}

void resample_run(const ResampleTask *task, float *y)
{
    double cut = ROLLOFF * (task->step > 1 ? 1 / task->step : 1), reach = CROSSINGS / cut;
    size_t out = resample_frames(task->frames, task->step);
    for (size_t i = 0; i < out; i++) {
        double at = (double)i * task->step;
        size_t first = at > reach ? (size_t)ceil(at - reach) : 0, last = (size_t)floor(at + reach);
        for (size_t c = 0; c < task->channels; c++)
            y[i * task->channels + c] = 0;
        for (size_t k = first; k <= last && k < task->frames; k++) {
            float weight = (float)cut * kernel_at(task->kernel, ((double)k - at) * cut);
            for (size_t c = 0; c < task->channels; c++)
                y[i * task->channels + c] += weight * task->x[k * task->channels + c];
        }
    }
}
