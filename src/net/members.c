/* What the members of a net say together: one place for training, evaluation and inference, in a fixed order of plain operations. */
#include <float.h>
#include <math.h>

#include "net/model.h"

/* exp(x - largest) of each member, to sums of 1. */
static void to_probabilities(float *x, size_t members, size_t width)
{
    for (size_t m = 0; m < members; m++) {
        float *own = x + m * width, most = own[0];
        for (size_t j = 1; j < width; j++)
            most = own[j] > most ? own[j] : most;
        for (size_t j = 0; j < width; j++)
            own[j] -= most;
    }
    kernels()->exp(x, x, members * width);
    for (size_t m = 0; m < members; m++) {
        float *own = x + m * width, sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += own[j];
        for (size_t j = 0; j < width; j++)
            own[j] /= sum;
    }
}

void model_mix(const Model *m, float *values, size_t rows, float *outputs)
{
    size_t members = (size_t)m->members, width = (size_t)m->outputs;
    for (size_t r = 0; r < rows; r++) {
        float *x = values + r * members * width;
        if (!m->is_values)
            to_probabilities(x, members, width);
        for (size_t j = 0; j < width; j++) {
            float sum = 0;
            for (size_t k = 0; k < members; k++)
                sum += x[k * width + j];
            sum /= (float)members;
            outputs[r * width + j] = m->is_values ? sum : (float)log((double)(sum < FLT_MIN ? FLT_MIN : sum));
        }
    }
}
