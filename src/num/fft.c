/* Even numbers are real parts and odd ones imaginary parts of a transform of half the length; its halves are then taken apart. */
#include "num/fft.h"

#include <math.h>

#include "base/mem.h"

typedef struct Turn {
    float re, im;
} Turn;

struct Fft {
    size_t half;
    uint32_t *places; /* half: where each number goes before the first stage */
    Turn *turns;      /* half: exp(-2 pi i k / length) */
};

static bool is_power(size_t n)
{
    return n >= FFT_LEAST && n <= FFT_MOST && !(n & (n - 1));
}

Fft *fft_new(size_t length, Error *e)
{
    if (!is_power(length)) {
        error_set(e, ERROR_USAGE, "a transform has a power of two of %d to %d numbers, not %zu", FFT_LEAST, FFT_MOST, length);
        return NULL;
    }
    Fft *f = MEM_NEW(Fft);
    f->half = length / 2;
    f->places = mem_try_alloc(f->half, sizeof *f->places, e);
    f->turns = f->places ? mem_try_alloc(f->half, sizeof *f->turns, e) : NULL;
    if (!f->turns) {
        fft_free(f);
        return NULL;
    }
    for (size_t i = 0; i < f->half; i++) {
        double angle = -2 * M_PI * (double)i / (double)length;
        f->turns[i] = (Turn){(float)cos(angle), (float)sin(angle)};
        f->places[i] = f->places[i / 2] / 2 + (i & 1 ? (uint32_t)f->half / 2 : 0);
    }
    return f;
}

void fft_free(Fft *f)
{
    if (!f)
        return;
    mem_free(f->places);
    mem_free(f->turns);
    mem_free(f);
}

/* Pieces of `size` that are transformed become pieces of twice that. */
static void join_pieces(const Fft *f, Turn *z, size_t size)
{
    size_t step = f->half / size; /* turns are of the whole length, which is twice the half */
    for (size_t from = 0; from < f->half; from += 2 * size) {
        Turn *a = z + from, *b = a + size;
        for (size_t k = 0; k < size; k++) {
            Turn t = f->turns[k * step], low = a[k], high = b[k];
            Turn turned = {high.re * t.re - high.im * t.im, high.re * t.im + high.im * t.re};
            a[k] = (Turn){low.re + turned.re, low.im + turned.im};
            b[k] = (Turn){low.re - turned.re, low.im - turned.im};
        }
    }
}

/* The transform of the even numbers plus that of the odd ones, which z holds together. */
static float power_at(const Fft *f, const Turn *z, size_t k)
{
    Turn a = z[k % f->half], b = z[(f->half - k) % f->half];
    Turn even = {(a.re + b.re) / 2, (a.im - b.im) / 2}, odd = {(a.im + b.im) / 2, (b.re - a.re) / 2};
    Turn t = k < f->half ? f->turns[k] : (Turn){-1, 0};
    float re = even.re + odd.re * t.re - odd.im * t.im, im = even.im + odd.re * t.im + odd.im * t.re;
    return re * re + im * im;
}

void fft_power(const Fft *f, const float *x, float *room, float *power)
{
    Turn *z = (Turn *)(void *)room;
    for (size_t i = 0; i < f->half; i++)
        z[f->places[i]] = (Turn){x[2 * i], x[2 * i + 1]};
    for (size_t size = 1; size < f->half; size *= 2)
        join_pieces(f, z, size);
    for (size_t k = 0; k <= f->half; k++)
        power[k] = power_at(f, z, k);
}
