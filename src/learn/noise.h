/* Rows with noise added to their inputs: how stable a net is where what is measured is not exact. */
#ifndef LEARN_NOISE_H
#define LEARN_NOISE_H

#include "learn/bundle.h"

/* Normal noise, in standard deviations of each input over the training rows. A draw is a function of seed, draw, row id and input: every
 * net gets the same, at every level the same times larger. */
typedef struct Noise {
    const Dataset *rows; /* borrowed */
    float *sd;           /* of each number of a row; 0: it stays as it is */
    uint64_t seed;
    size_t draws;
} Noise;

/* Codes that an embedding of the net reads stay as they are. */
bool noise_begin(Noise *n, const Prepared *d, Part part, const SpecList *net, Error *e);
void noise_done(Noise *n);
/* Finished outputs of a model for all rows, draw after draw; level 0: the rows once, as they are. For the caller; NULL: e. */
float *noise_outputs(const Noise *n, double level, const Bundle *b, Error *e);
/* The truth of those rows, for the caller (dataset_done in any case); numbers: of a row of values. Row i is row i % rows->rows. */
bool noise_truth(const Noise *n, double level, size_t numbers, Dataset *truth, Error *e);

#endif
