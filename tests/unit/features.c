/* Feature steps against scikit-learn 1.2.1 (scipy 1.10.1): PowerTransformer, QuantileTransformer, RobustScaler, MaxAbsScaler,
 * KBinsDiscretizer, DecisionTreeClassifier and DecisionTreeRegressor (max_leaf_nodes, min_samples_leaf), PCA behind StandardScaler with the
 * sign of the largest weight made positive; and against pandas 1.5.3 groupby().transform. Ties, zeros and both signs are among the
 * numbers. */
#include <math.h>

#include "base/json.h"
#include "num/minimize.h"
#include "num/normal.h"
#include "num/tails.h"
#include "steps/recipe.h"
#include "steps/select_scores.h"
#include "tests/unit/csv_help.h"

enum { ROWS = 12 };

static const char rows_csv[] = "p,s,q,k,g\n0.1,-5.5,3,u,a\n0.4,-2,1,v,a\n0.5,-0.7,4,u,b\n0.9,-0.3,1,w,b\n1.3,0,5,v,b\n1.7,0.2,9,v,c\n2.2,0."
                               "9,2,u,a\n3.9,1.4,6,w,c\n5,2.5,5,w,b\n8.8,7,3,v,a\n17.5,7,5,w,a\n60,31,8,w,b\n";

static const struct {
    const char *step, *args, *target, *column;
    double tolerance, values[ROWS];
} references[] = {
    {"box_cox",
     "\"columns\": [\"p\"]",
     NULL,
     "p",
     1e-6,
     {-1.924447156, -1.027781513, -0.8873595047, -0.5225313398, -0.2979720354, -0.1359132111, 0.01845474541, 0.356433136, 0.5010735173,
      0.8256494288, 1.212033597, 1.882360336}},
    {"box_cox",
     "\"columns\": [\"p\"], \"standardize\": false",
     NULL,
     "p",
     1e-6,
     {-2.395136744, -0.9307162714, -0.7013812178, -0.1055494963, 0.2611972897, 0.5258692574, 0.7779806185, 1.329961703, 1.566186139,
      2.096278502, 2.727315155, 3.822082427}},
    {"yeo_johnson",
     "\"columns\": [\"p\"]",
     NULL,
     "p",
     1e-6,
     {-1.568485969, -1.149784182, -1.038282269, -0.6819448491, -0.4209001411, -0.2188129114, -0.02030561338, 0.4144642669, 0.5931335077,
      0.9629559517, 1.333356984, 1.794605226}},
    {"yeo_johnson",
     "\"columns\": [\"s\"]",
     NULL,
     "s",
     1e-6,
     {-2.29045625, -0.7645645335, -0.3467685662, -0.2408542517, -0.1701234152, -0.1275056963, 0.001486908616, 0.08102942686, 0.2337773592,
      0.7068557647, 0.7068557647, 2.210267489}},
    {"yeo_johnson",
     "\"columns\": [\"s\"], \"standardize\": false",
     NULL,
     "s",
     1e-6,
     {-9.552876111, -2.678174985, -0.7958511111, -0.3186683275, 0, 0.1920084347, 0.7731673706, 1.131535552, 1.819720939, 3.951112447,
      3.951112447, 10.72453297}},
    {"quantile_transform",
     "\"columns\": [\"p\"]",
     NULL,
     "p",
     1e-9,
     {0, 0.09090909091, 0.1818181818, 0.2727272727, 0.3636363636, 0.4545454545, 0.5454545455, 0.6363636364, 0.7272727273, 0.8181818182,
      0.9090909091, 1}},
    {"quantile_transform",
     "\"columns\": [\"p\"], \"quantiles\": 5",
     NULL,
     "p",
     1e-9,
     {0, 0.1071428571, 0.1428571429, 0.2717391304, 0.3586956522, 0.4456521739, 0.515625, 0.621875, 0.690625, 0.7631822387, 0.8034227567,
      1}},
    {"quantile_transform",
     "\"columns\": [\"s\"]",
     NULL,
     "s",
     1e-9,
     {0, 0.09090909091, 0.1818181818, 0.2727272727, 0.3636363636, 0.4545454545, 0.5454545455, 0.6363636364, 0.7272727273, 0.8636363636,
      0.8636363636, 1}},
    {"quantile_transform",
     "\"columns\": [\"s\"], \"quantiles\": 5",
     NULL,
     "s",
     1e-9,
     {0, 0.1715686275, 0.2352941176, 0.2763157895, 0.3552631579, 0.4078947368, 0.5284552846, 0.5691056911, 0.6585365854, 0.7808219178,
      0.7808219178, 1}},
    {"quantile_transform",
     "\"columns\": [\"s\"], \"output\": \"normal\"",
     NULL,
     "s",
     1e-9,
     {-5.199337583, -1.335177736, -0.9084578685, -0.6045853466, -0.3487556955, -0.1141852943, 0.1141852943, 0.3487556955, 0.6045853466,
      1.096803562, 1.096803562, 5.199337583}},
    {"quantile_transform",
     "\"columns\": [\"p\"], \"output\": \"normal\", \"quantiles\": 5",
     NULL,
     "p",
     1e-9,
     {-5.199337583, -1.241866792, -1.067570524, -0.6075616222, -0.3619474448, -0.1366539281, 0.0391760855, 0.3104089355, 0.4976227013,
      0.7165763807, 0.8539106709, 5.199337583}},
    {"robust_scale",
     "\"columns\": [\"p\"]",
     NULL,
     "p",
     1e-9,
     {-0.359223301, -0.3009708738, -0.2815533981, -0.2038834951, -0.1262135922, -0.04854368932, 0.04854368932, 0.3786407767, 0.5922330097,
      1.330097087, 3.019417476, 11.27184466}},
    {"robust_scale",
     "\"columns\": [\"s\"], \"low\": 0.1, \"high\": 0.9",
     NULL,
     "s",
     1e-9,
     {-0.6820744081, -0.2874859076, -0.1409244645, -0.09582863585, -0.06200676437, -0.03945885006, 0.03945885006, 0.09582863585,
      0.2198421646, 0.7271702368, 0.7271702368, 3.432919955}},
    {"max_abs",
     "\"columns\": [\"s\"]",
     NULL,
     "s",
     1e-9,
     {-0.1774193548, -0.06451612903, -0.02258064516, -0.009677419355, 0, 0.006451612903, 0.02903225806, 0.04516129032, 0.08064516129,
      0.2258064516, 0.2258064516, 1}},
    {"bin", "\"columns\": [\"p\"], \"by\": \"quantile\", \"bins\": 4", NULL, "p", 1e-9, {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}},
    {"bin", "\"columns\": [\"p\"], \"by\": \"width\", \"bins\": 4", NULL, "p", 1e-9, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3}},
    {"bin", "\"columns\": [\"s\"], \"by\": \"quantile\", \"bins\": 4", NULL, "s", 1e-9, {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}},
    {"bin", "\"columns\": [\"s\"], \"by\": \"width\", \"bins\": 4", NULL, "s", 1e-9, {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3}},
    {"bin", "\"columns\": [\"q\"], \"by\": \"quantile\", \"bins\": 4", NULL, "q", 1e-9, {1, 0, 1, 0, 2, 3, 0, 3, 2, 1, 2, 3}},
    {"bin", "\"columns\": [\"q\"], \"by\": \"width\", \"bins\": 4", NULL, "q", 1e-9, {1, 0, 1, 0, 2, 3, 0, 2, 2, 1, 2, 3}},
    {"bin", "\"columns\": [\"p\"], \"by\": \"tree\", \"bins\": 4, \"min_rows\": 1", "k", "p", 1e-9, {0, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3}},
    {"bin", "\"columns\": [\"q\"], \"by\": \"tree\", \"bins\": 3, \"min_rows\": 2", "k", "q", 1e-9, {1, 0, 1, 0, 2, 2, 1, 2, 2, 1, 2, 2}},
    {"bin", "\"columns\": [\"q\"], \"by\": \"tree\", \"bins\": 4, \"min_rows\": 2", "s", "q", 1e-9, {1, 0, 1, 0, 2, 3, 1, 2, 2, 1, 2, 3}},
    {"bin", "\"columns\": [\"p\"], \"by\": \"tree\", \"bins\": 3, \"min_rows\": 3", "s", "p", 1e-9, {0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2}},
    {"pca",
     "\"columns\": [\"p\",\"s\",\"q\"], \"keep\": \"components\", \"components\": 3",
     NULL,
     "pca_1",
     1e-9,
     {-1.207838124, -1.32727529, -0.6660135777, -1.188322529, -0.3971610697, 0.3869649641, -0.8649423695, -0.009398698874, -0.07808155604,
      0.008289195578, 0.7222756759, 4.621503379}},
    {"pca",
     "\"columns\": [\"p\",\"s\",\"q\"], \"keep\": \"components\", \"components\": 3",
     NULL,
     "pca_3",
     1e-9,
     {-0.3408118072, -0.07353418642, 0.02031127894, 0.03933732471, 0.03936113397, 0.0314660707, 0.07623222053, 0.03554553804, 0.07638796549,
      0.2706090586, -0.1109958169, -0.06390878044}},
    {"pca",
     "\"columns\": [\"p\",\"s\",\"q\"], \"keep\": \"variance\", \"variance\": 0.9, \"whiten\": true",
     NULL,
     "pca_2",
     1e-9,
     {0.00304368839, -1.072277691, 0.2345353054, -1.160681696, 0.6390491633, 2.443244225, -0.7910014156, 0.967268367, 0.4348511165,
      -0.7727002487, -0.07885214044, -0.8464786738}},
    {"group_stats",
     "\"columns\": [\"s\"], \"by\": \"g\", \"stats\": [\"mean\"]",
     NULL,
     "s_mean_by_g",
     1e-9,
     {1.48, 1.48, 6.5, 6.5, 6.5, 0.8, 1.48, 0.8, 6.5, 1.48, 1.48, 6.5}},
    {"group_stats",
     "\"columns\": [\"s\"], \"by\": \"g\", \"stats\": [\"sd\"]",
     NULL,
     "s_sd_by_g",
     1e-9,
     {5.525124433, 5.525124433, 13.75299967, 13.75299967, 13.75299967, 0.8485281374, 5.525124433, 0.8485281374, 13.75299967, 5.525124433,
      5.525124433, 13.75299967}},
    {"group_stats",
     "\"columns\": [\"s\"], \"by\": \"g\", \"stats\": [\"median\"]",
     NULL,
     "s_median_by_g",
     1e-9,
     {0.9, 0.9, 0, 0, 0, 0.8, 0.9, 0.8, 0, 0.9, 0.9, 0}},
};

static Table *transformed(const char *step, const char *args, const Table *t, const Roles *roles)
{
    Error e = {0};
    char *json = text_format("[{\"step\": \"%s\", %s}]", step, args);
    Value *v = json_parse(json, strlen(json), &e);
    Recipe *r = v ? recipe_from_value(v, &e) : NULL, *fitted = r ? recipe_fit(NULL, r, t, roles, 7, NULL, &e) : NULL;
    Table *out = fitted ? recipe_apply(NULL, fitted, t, roles, &e) : NULL;
    test_check(out != NULL, __FILE__, __LINE__, "%s: %s", json, e.message);
    recipe_unref(r);
    recipe_unref(fitted);
    value_free(v);
    mem_free(json);
    return out;
}

static void check_reference(size_t i)
{
    Roles roles = {.target = references[i].target};
    Table *t = csv_table(rows_csv), *out = transformed(references[i].step, references[i].args, t, &roles);
    const Column *c = out ? table_column(out, references[i].column) : NULL;
    for (size_t row = 0; c && row < ROWS; row++) {
        double is = column_real(c, row), due = references[i].values[row];
        test_check(fabs(is - due) <= references[i].tolerance * (1 + fabs(due)), __FILE__, __LINE__,
                   "%s {%s}: row %zu of %s is %.12g, due is %.12g", references[i].step, references[i].args, row + 1, references[i].column,
                   is, due);
    }
    CHECK(c != NULL);
    table_unref(t);
    table_unref(out);
}

/* f_classif, f_regression, chi2, VarianceThreshold; levels by scipy.stats.chi2_contingency without a correction; information by
 * mutual_info_score less expected_mutual_information, not below 0. */
static const struct {
    int by;
    const char *column, *target;
    double score, p;
} scores[] = {
    {SCORE_F, "p", "k", 1.2604419121, 0.329158598758},
    {SCORE_F, "s", "k", 1.32884499929, 0.312129654614},
    {SCORE_F, "q", "k", 0.547619047619, 0.596439976741},
    {SCORE_F, "q", "s", 3.12605988207, 0.107488995991},
    {SCORE_F, "p", "s", 254.837367577, 1.91933900106e-08},
    {SCORE_CHI2, "p", "k", 81.1699511241, 2.36684089866e-18},
    {SCORE_CHI2, "q", "k", 1.76923076923, 0.41287294003},
    {SCORE_CHI2, "g", "k", 2.5, 0.644635792935},
    {SCORE_INFORMATION, "g", "k", 0, NAN},
    {SCORE_INFORMATION, "q", "k", 0, NAN},
    {SCORE_INFORMATION, "p", "k", 0.0490104067063, NAN},
    {SCORE_INFORMATION, "g", "s", 0.0905560689872, NAN},
    {SCORE_VARIANCE, "q", "k", 5.88888888889, NAN},
};

static bool is_near(double is, double due)
{
    return isnan(due) ? isnan(is) : fabs(is - due) <= 1e-9 * (fabs(due) + 1e-9);
}

static void check_score(size_t i)
{
    Error e = {0};
    Roles roles = {.target = scores[i].target};
    Table *t = csv_table(rows_csv);
    StepInput in = {.rows = t, .roles = &roles};
    StepTarget target;
    ColumnScore is = {0};
    CHECK_OK(step_target_read(&in, &target, &e) && score_column(scores[i].by, table_column(t, scores[i].column), &target, &is, &e), e);
    test_check(is_near(is.score, scores[i].score) && is_near(is.p, scores[i].p), __FILE__, __LINE__,
               "%s of %s for %s: %.12g, p %.12g; due is %.12g, %.12g", score_names[scores[i].by], scores[i].column, scores[i].target,
               is.score, is.p, scores[i].score, scores[i].p);
    step_target_done(&target);
    table_unref(t);
}

/* scipy.stats.chi2.sf and f.sf */
static void tails(void)
{
    static const double chi2[][3] = {{0.5, 1, 0.479500122186953},     {3.84, 1, 0.0500435212487052}, {20, 3, 0.000169742435552826},
                                     {300, 10, 1.55467475438031e-58}, {90, 100, 0.75319796559983},   {1e-3, 2, 0.999500124979169}};
    static const double f[][4] = {{1, 1, 1, 0.5},
                                  {4.5, 2, 9, 0.0441941738241592},
                                  {0.3, 5, 40, 0.90995256187157},
                                  {50, 1, 1000, 2.8841468571716e-12},
                                  {1000, 3, 7, 1.41580897053813e-09},
                                  {1.1, 100, 200, 0.283864211032117}};
    TEST("tails of the chi-squared and the F distribution");
    for (size_t i = 0; i < sizeof chi2 / sizeof *chi2; i++)
        CHECK(fabs(chi2_tail(chi2[i][0], chi2[i][1]) / chi2[i][2] - 1) < 1e-11);
    for (size_t i = 0; i < sizeof f / sizeof *f; i++)
        CHECK(fabs(f_tail(f[i][0], f[i][1], f[i][2]) / f[i][3] - 1) < 1e-11);
    CHECK(chi2_tail(0, 3) == 1 && chi2_tail((double)INFINITY, 3) == 0 && f_tail(-1, 2, 3) == 1 && f_tail((double)INFINITY, 2, 3) == 0);
}

/* scipy.stats.norm.ppf */
static void normal(void)
{
    static const double p[] = {1e-300, 1e-20, 1e-7, 0.01, 0.3, 0.5, 0.925, 0.999};
    static const double x[] = {-37.0470962993612,  -9.262340089798409, -5.1993375821928165, -2.3263478740408408, -0.5244005127080409, 0,
                               1.4395314709384563, 3.090232306167813};
    TEST("quantiles of the normal distribution");
    for (size_t i = 0; i < sizeof p / sizeof *p; i++)
        CHECK(fabs(normal_quantile(p[i]) - x[i]) <= 1e-14 * fabs(x[i]));
    CHECK(normal_quantile(0) < -1e308 && normal_quantile(1) > 1e308 && isnan(normal_quantile(1.5)));
}

static double bowl(const void *self, double x)
{
    double d = x - *(const double *)self;
    return d * d * d * d + d * d;
}

static double walled(const void *self, double x)
{
    return x < *(const double *)self ? (double)NAN : x;
}

static void minima(void)
{
    static const double places[] = {-7.25, -1e-3, 0, 2, 9.999};
    TEST("minima, also at the end of a bracket and beside values that are none");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        CHECK(fabs(minimize(bowl, &places[i], -10, 10) - places[i]) < 1e-6);
    double beyond = 30, wall = 3;
    CHECK(fabs(minimize(bowl, &beyond, -10, 10) - 10) < 1e-6);
    CHECK(fabs(minimize(walled, &wall, -10, 10) - 3) < 1e-6);
}

void unit_features(void);
void unit_features(void)
{
    registry_add(step_family());
    normal();
    minima();
    tails();
    TEST("steps give the figures of scikit-learn");
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        check_reference(i);
    TEST("columns are measured as scikit-learn measures them");
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        check_score(i);
}
