/* Jacobi's method: rotations in the planes of all pairs, until nothing beside the diagonal is left (G. H. Golub, C. F. Van Loan, Matrix
 * Computations, section 8.5). */
#include "num/eigen.h"

#include <float.h>
#include <math.h>

typedef struct Rotation {
    size_t p, q;
    double cos, sin;
} Rotation;

static double beside_diagonal(const double *a, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            sum += a[i * n + k] * a[i * n + k];
    return sum;
}

static double on_diagonal(const double *a, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i * n + i] * a[i * n + i];
    return sum;
}

static Rotation rotation_of(const double *a, size_t n, size_t p, size_t q)
{
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
    double tangent = copysign(1, theta) / (fabs(theta) + hypot(1, theta)), cosine = 1 / hypot(1, tangent);
    return (Rotation){p, q, cosine, tangent * cosine};
}

static void rotate_pair(double *x, double *y, const Rotation *r)
{
    double a = *x, b = *y;
    *x = r->cos * a - r->sin * b;
    *y = r->sin * a + r->cos * b;
}

static void rotate_rows(double *a, size_t n, const Rotation *r)
{
    for (size_t k = 0; k < n; k++)
        rotate_pair(&a[r->p * n + k], &a[r->q * n + k], r);
}

static void rotate_columns(double *a, size_t n, const Rotation *r)
{
    for (size_t k = 0; k < n; k++)
        rotate_pair(&a[k * n + r->p], &a[k * n + r->q], r);
}

static void sweep(double *a, double *vectors, size_t n)
{
    for (size_t p = 0; p < n; p++)
        for (size_t q = p + 1; q < n; q++) {
            if (fabs(a[p * n + q]) <= DBL_EPSILON * sqrt(fabs(a[p * n + p] * a[q * n + q])) / 16) {
                a[p * n + q] = a[q * n + p] = 0;
                continue;
            }
            Rotation r = rotation_of(a, n, p, q);
            rotate_rows(a, n, &r);
            rotate_columns(a, n, &r);
            rotate_rows(vectors, n, &r);
            a[p * n + q] = a[q * n + p] = 0;
        }
}

static void swap_rows(double *values, double *vectors, size_t n, size_t i, size_t k)
{
    double value = values[i];
    values[i] = values[k];
    values[k] = value;
    for (size_t j = 0; j < n; j++) {
        double x = vectors[i * n + j];
        vectors[i * n + j] = vectors[k * n + j];
        vectors[k * n + j] = x;
    }
}

static void fix_sign(double *vector, size_t n)
{
    size_t most = 0;
    for (size_t j = 1; j < n; j++)
        if (fabs(vector[j]) > fabs(vector[most]) * (1 + 1e-9))
            most = j;
    for (size_t j = 0; j < n && vector[most] < 0; j++)
        if (j != most)
            vector[j] = -vector[j];
    vector[most] = fabs(vector[most]);
}

static void put_in_order(double *values, double *vectors, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t best = i;
        for (size_t k = i + 1; k < n; k++)
            if (values[k] > values[best])
                best = k;
        if (best != i)
            swap_rows(values, vectors, n, i, best);
        fix_sign(vectors + i * n, n);
    }
}

bool eigen_symmetric(Job *job, double *a, size_t n, double *values, double *vectors, Error *e)
{
    enum { SWEEPS = 60 };
    for (size_t i = 0; i < n * n; i++)
        vectors[i] = i % (n + 1) == 0;
    for (int i = 0; i < SWEEPS; i++) {
        double rest = beside_diagonal(a, n);
        if (!isfinite(rest))
            return error_set(e, ERROR_FAILED, "the matrix holds what is no number");
        if (rest <= DBL_EPSILON * DBL_EPSILON / 64 * on_diagonal(a, n))
            break;
        if (!job_go_on(job, e))
            return false;
        sweep(a, vectors, n);
    }
    for (size_t i = 0; i < n; i++)
        values[i] = a[i * n + i];
    put_in_order(values, vectors, n);
    return true;
}
