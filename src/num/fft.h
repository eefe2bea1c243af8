/* The Fourier transform of real numbers, for lengths that are powers of two: Cooley and Tukey's, over half as many complex numbers. */
#ifndef NUM_FFT_H
#define NUM_FFT_H

#include <stdint.h>

#include "base/error.h"

typedef struct Fft Fft;
enum { FFT_LEAST = 4, FFT_MOST = 1 << 20 };
Fft *fft_new(size_t length, Error *e); /* a power of two between them; NULL: another, or out of memory. Read by many threads */
void fft_free(Fft *f);                 /* accepts NULL */
/* power[k] = |sum over t of x[t] exp(-2 pi i k t / length)|^2 for k = 0 .. length / 2. room: length numbers of the caller's. */
void fft_power(const Fft *f, const float *x, float *room, float *power);

#endif
