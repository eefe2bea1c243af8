/* The softmax that losses and predictions share. */
#include "net/loss.h"

#include <math.h>

#include "num/kernels.h"

static float largest(const float *x, size_t width)
{
    float most = x[0];
    for (size_t j = 1; j < width; j++)
        if (!(x[j] <= most))
            most = x[j];
    return most;
}

double loss_softmax(const float *x, float *p, size_t width, double temperature)
{
    float most = largest(x, width), cool = (float)(1 / temperature);
    for (size_t j = 0; j < width; j++)
        p[j] = (x[j] - most) * cool;
    kernels()->exp(p, p, width);
    double sum = 0;
    for (size_t j = 0; j < width; j++)
        sum += (double)p[j];
    float share = (float)(1 / sum);
    for (size_t j = 0; j < width; j++)
        p[j] *= share;
    return log(sum) + (double)most / temperature;
}

void softmax_rows(float *logits, size_t rows, size_t classes, double temperature)
{
    for (size_t r = 0; r < rows; r++)
        loss_softmax(logits + r * classes, logits + r * classes, classes, temperature);
}
