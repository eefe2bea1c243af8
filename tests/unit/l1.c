/* Linear models with an L1 penalty, against scikit-learn 1.2.1 on a seeded table: Lasso(tol = 1e-14), LogisticRegression(penalty = "l1",
 * C = 1 / (rows * penalty), solver = "saga", tol = 1e-12) over StandardScaler'd columns; the order of lars_path(method = "lasso"). */
#include "num/l1.h"

#include <stdint.h>

#include "base/mem.h"
#include "tests/unit/test.h"

enum { ROWS = 120, COLUMNS = 8 };

static const char two[] =
    "100111001111010111000101101100111111100011000000001000100001011011001000000111011001101111000000011110011000010000010111";
static const char three[] =
    "000210121202011011110102202211022120210101100001020001102012011220112001000020120102102121020100110200012001020010000210";

typedef struct Seeded {
    double x[COLUMNS * ROWS], y[ROWS];
    int32_t labels[ROWS];
} Seeded;

static double round4(double x)
{
    return rint(x * 1e4) / 1e4;
}

static void standardize(double *x)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < ROWS; i++)
        mean += x[i] / ROWS;
    for (size_t i = 0; i < ROWS; i++)
        squares += (x[i] - mean) * (x[i] - mean) / ROWS;
    for (size_t i = 0; i < ROWS; i++)
        x[i] = (x[i] - mean) / sqrt(squares);
}

/* Random numbers; the sixth column is half the first; y = 3 a - 2 d + g / 2 + 0.3 h. classes: of each row, as a digit. */
static void make(Seeded *s, const char *classes)
{
    uint32_t seed = 7;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            seed = (seed * 1103515245U + 12345U) & 0x7fffffffU;
            s->x[j * ROWS + i] = (seed >> 8) % 1000 / 1000.0;
        }
    for (size_t i = 0; i < ROWS; i++) {
        double *row = s->x + i;
        row[5 * ROWS] = round4((row[0] + row[5 * ROWS]) / 2);
        s->y[i] = round4(3 * row[0] - 2 * row[3 * ROWS] + 0.5 * row[6 * ROWS] + row[7 * ROWS] * 0.3);
        s->labels[i] = classes ? classes[i] - '0' : 0;
    }
    for (size_t j = 0; j < COLUMNS; j++)
        standardize(s->x + j * ROWS);
    standardize(s->y);
}

typedef struct Reference {
    const char *classes; /* NULL: numbers */
    double penalty, weights[3][COLUMNS];
} Reference;

static const Reference references[] = {
    {NULL, 0.3, {{0.54457, 0, 0, -0.205287, 0, 0, 0, 0}}},
    {NULL, 0.1, {{0.737755, 0, 0, -0.407297, 0, 0, 0.040555, 0}}},
    {NULL, 0.01, {{0.822549, 0, 0, -0.512827, 0, 0, 0.139945, 0.074976}}},
    {two, 0.1, {{0.741332, 0, 0, 0, 0, 0, 0, 0}}},
    {two, 0.03, {{1.132324, 0, 0, -0.324858, -0.180631, 0, 0.145428, 0}}},
    {two, 0.01, {{1.294015, -0.119131, 0.043234, -0.494719, -0.317978, 0, 0.320536, 0}}},
    {three, 0.1, {{-0.298677, 0, 0, 0, 0, -0.028989, 0, 0}, {0}, {1.053871, 0, 0, 0, 0, 0, 0, 0}}},
    {three,
     0.03,
     {{-0.43795, 0.179501, 0.007142, 0.241157, 0, -0.241071, 0, 0},
      {0, 0, 0, 0, -0.15094, 0, 0, 0},
      {2.119024, 0, 0, -0.471154, 0, 0.00903, 0.118339, 0}}},
};

static L1Task task_of(const Seeded *s, const char *classes)
{
    return (L1Task){.x = s->x,
                    .rows = ROWS,
                    .columns = COLUMNS,
                    .values = classes ? NULL : s->y,
                    .labels = s->labels,
                    .classes = classes == three ? 3 : 2};
}

static void weights(void)
{
    TEST("weights are those of scikit-learn, and exactly 0 where its are");
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        const Reference *r = &references[i];
        Error e = {0};
        Seeded s;
        make(&s, r->classes);
        L1Task task = task_of(&s, r->classes);
        L1Model *m = l1_new(&task, &e);
        CHECK_OK(m && l1_fit(NULL, m, r->penalty, &e), e);
        for (size_t k = 0; m && k < l1_outputs(m); k++)
            for (size_t j = 0; j < COLUMNS; j++) {
                double is = l1_weight(m, k, j), due = r->weights[k][j];
                test_check(due == 0 ? is == 0 : fabs(is - due) < 2e-6, __FILE__, __LINE__,
                           "case %zu: weight %zu of output %zu is %.7f, not %.6f", i, j, k, is, due);
            }
        l1_free(m);
    }
}

/* Below the largest penalty the first column gets a weight, at it none has. */
static void path(void)
{
    TEST("columns get a weight in the order and at the penalties of lars_path");
    static const struct {
        size_t column;
        double penalty;
    } entries[] = {{0, 0.8493}, {3, 0.5100}, {6, 0.1357}, {7, 0.0837}};
    Error e = {0};
    Seeded s;
    make(&s, NULL);
    L1Task task = task_of(&s, NULL);
    L1Model *m = l1_new(&task, &e);
    CHECK_NEAR(l1_largest(m), entries[0].penalty, 5e-5);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        CHECK_OK(l1_fit(NULL, m, entries[i].penalty * 1.001, &e), e);
        CHECK(l1_magnitude(m, entries[i].column) == 0);
        CHECK_OK(l1_fit(NULL, m, entries[i].penalty * 0.999, &e), e);
        CHECK(l1_magnitude(m, entries[i].column) > 0);
    }
    l1_free(m);
}

/* Without the bound on weights they would grow for ever. */
static void parted(void)
{
    TEST("classes that a column tells apart, columns that do not vary, and a stop");
    static const double x[] = {-1, -1, 1, 1, 0, 0, 0, 0};
    static const int32_t labels[] = {0, 0, 1, 1};
    L1Task task = {.x = x, .rows = 4, .columns = 2, .labels = labels, .classes = 2};
    Error e = {0};
    L1Model *m = l1_new(&task, &e);
    CHECK_OK(l1_fit(NULL, m, 0.01, &e), e);
    CHECK_NEAR(l1_weight(m, 0, 0), log(99), 1e-4); /* 1 / (1 + exp(w)) = penalty */
    CHECK(l1_weight(m, 0, 1) == 0);
    Job job = {0};
    atomic_store(&job.cancel, true);
    CHECK(!l1_fit(&job, m, 0.02, &e) && e.code == ERROR_CANCELED);
    l1_free(m);
}

static void twins(void)
{
    TEST("of columns that say the same the first gets the weight, and rows that are told apart at last end the search");
    static const double penalties[] = {0.1, 0.03, 0.001, 1e-5};
    for (size_t i = 0; i < sizeof penalties / sizeof *penalties; i++) {
        Error e = {0};
        Seeded s;
        make(&s, three);
        for (size_t r = 0; r < ROWS; r++)
            s.x[7 * ROWS + r] = -s.x[r];
        L1Task task = task_of(&s, three);
        L1Model *m = l1_new(&task, &e);
        CHECK_OK(l1_fit(NULL, m, penalties[i], &e), e);
        CHECK(l1_magnitude(m, 0) > 0.5 && l1_magnitude(m, 7) == 0);
        l1_free(m);
    }
}

void unit_l1(void)
{
    twins();
    weights();
    path();
    parted();
}
