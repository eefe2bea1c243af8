/* F measures, as f1_score and fbeta_score of scikit-learn have them with zero_division=0. */
#include "net/metrics/f_measure.h"

#include <math.h>

typedef struct Counts { /* of one class */
    size_t both, found, real;
} Counts;

static Counts count_class(const MetricInput *in, int class)
{
    Counts n = {0};
    for (size_t i = 0; i < in->rows; i++) {
        bool is_found = metric_decide(in, i) == class, is_real = in->labels[i] == class;
        n.both += is_found && is_real;
        n.found += is_found;
        n.real += is_real;
    }
    return n;
}

/* The class that counts alone; -1: all of them. */
static int only_class(const MetricInput *in, FAverage average)
{
    return in->classes != 2 || average != F_POSITIVE ? -1 : in->positive >= 0 ? in->positive : 1;
}

static double weight_of(const Counts *n, FAverage average)
{
    return average == F_WEIGHTED ? (double)n->real : n->found + n->real > 0;
}

/* What stands below the line of the class. */
static double below(const Counts *n, double beta)
{
    return beta * beta * (double)n->real + (double)n->found;
}

static double of_class(const Counts *n, double beta)
{
    double sum = below(n, beta);
    return sum > 0 ? (1 + beta * beta) * (double)n->both / sum : 0;
}

double f_measure(const MetricInput *in, double beta, FAverage average)
{
    double sum = 0, weights = 0;
    int only = only_class(in, average);
    for (int c = 0; c < (int)in->classes; c++) {
        if (only >= 0 && c != only)
            continue;
        Counts n = count_class(in, c);
        sum += weight_of(&n, average) * of_class(&n, beta);
        weights += weight_of(&n, average);
    }
    return !in->rows ? (double)NAN : weights > 0 ? sum / weights : 0;
}

/* A quotient of means q = a / b moves by (da - q db) / b. */
static void add_class(const MetricInput *in, int class, double weight, double beta, double *shares)
{
    Counts n = count_class(in, class);
    double sum = below(&n, beta), f = of_class(&n, beta), square = beta * beta;
    for (size_t i = 0; i < in->rows && sum > 0; i++) {
        bool is_found = metric_decide(in, i) == class, is_real = in->labels[i] == class;
        double change = (1 + square) * (double)(is_found && is_real) - f * ((double)is_found + square * (double)is_real);
        shares[i] += weight * (f + change * (double)in->rows / sum);
    }
}

size_t f_measure_by_row(const MetricInput *in, double beta, FAverage average, double *shares)
{
    int only = only_class(in, average);
    double weights = 0, rows = (double)in->rows;
    for (int c = 0; c < (int)in->classes; c++) {
        Counts n = count_class(in, c);
        weights += weight_of(&n, average);
    }
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = 0;
    for (int c = 0; c < (int)in->classes; c++) {
        Counts n = count_class(in, c);
        if (only < 0 || c == only)
            add_class(in, c, only < 0 ? weight_of(&n, average) / weights : 1, beta, shares);
    }
    for (int c = 0; average == F_WEIGHTED && c < (int)in->classes; c++) { /* the weights move too: each is the share of its class */
        Counts n = count_class(in, c);
        double f = of_class(&n, beta);
        for (size_t i = 0; i < in->rows; i++)
            shares[i] += f * ((in->labels[i] == c) - (double)n.real / rows);
    }
    return in->rows;
}
