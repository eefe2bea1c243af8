/* Features made of the target: no training row is encoded by its own answer or one of its unit, so that noise stays noise. */
#include <math.h>

#include "base/json.h"
#include "base/rng.h"
#include "steps/recipe.h"
#include "tests/unit/csv_help.h"

enum { ROWS = 1500, LEVELS = 300, KEYS = 500 };

/* level (text), key (int, three rows each), y: of two classes at random, or a random number; bump: added to y of row `at` and of those
 * with its key. */
typedef struct Noise {
    bool classes;
    size_t at;
    double bump;
    bool whole_key;
} Noise;

static Table *noise_table(const Noise *n)
{
    Error e = {0};
    Rng rng = rng_begin(rng_key(11, "noise"));
    Table *t = table_new(ROWS);
    Column *level = column_new(COLUMN_TEXT, ROWS, &e), *key = column_new(COLUMN_INT, ROWS, &e);
    Column *y = column_new(n->classes ? COLUMN_INT : COLUMN_REAL, ROWS, &e);
    for (size_t i = 0; i < ROWS; i++) {
        char text[16];
        snprintf(text, sizeof text, "v%d", (int)rng_below(&rng, LEVELS));
        column_set_text(level, i, text, strlen(text), NULL);
        key->data.ints[i] = (int64_t)(i % KEYS);
        double noise = rng_uniform(&rng);
        bool bumped = i == n->at || (n->whole_key && i % KEYS == n->at % KEYS);
        if (n->classes)
            y->data.ints[i] = noise < 0.3;
        else
            y->data.reals[i] = noise + (bumped ? n->bump : 0);
    }
    table_add(t, "level", level, &e);
    table_add(t, "key", key, &e);
    table_add(t, "y", y, &e);
    return t;
}

/* The training rows behind the recipe; in_sample: as any other rows would be encoded. */
static Table *encoded(const char *json, const Table *t, const Roles *roles, bool in_sample)
{
    Error e = {0};
    Value *v = json_parse(json, strlen(json), &e);
    Recipe *r = v ? recipe_from_value(v, &e) : NULL;
    Table *train = NULL;
    Recipe *fitted = r ? recipe_fit(NULL, r, t, roles, 7, &train, &e) : NULL;
    Table *out = fitted && in_sample ? recipe_apply(NULL, fitted, t, roles, &e) : fitted ? table_ref(train) : NULL;
    test_check(out != NULL, __FILE__, __LINE__, "%s: %s", json, e.message);
    table_unref(train);
    recipe_unref(r);
    recipe_unref(fitted);
    value_free(v);
    return out;
}

/* Mann-Whitney, ties at half. */
static double auc_of(const Table *t, const char *name)
{
    const Column *x = table_column(t, name), *y = table_column(t, "y");
    double wins = 0, pairs = 0;
    for (size_t i = 0; i < t->rows; i++)
        for (size_t k = 0; k < t->rows; k++)
            if (y->data.ints[i] && !y->data.ints[k]) {
                double a = column_real(x, i), b = column_real(x, k);
                wins += a > b ? 1 : a == b ? 0.5 : 0;
                pairs++;
            }
    return wins / pairs;
}

/* Three standard errors of an AUC that says nothing. */
static double margin(const Table *t)
{
    double yes = 0, no = 0;
    for (size_t i = 0; i < t->rows; i++)
        *(table_column(t, "y")->data.ints[i] ? &yes : &no) += 1;
    return 3 * sqrt((yes + no + 1) / (12 * yes * no));
}

static void noise(void)
{
    static const char *const recipes[] = {"[{\"step\": \"target_encode\"}]",
                                          "[{\"step\": \"target_encode\", \"smoothing\": 0, \"folds\": 2}]", "[{\"step\": \"woe\"}]"};
    TEST("a random target cannot be told from what is made of it");
    Table *t = noise_table(&(Noise){.classes = true});
    Roles roles = {.target = "y", .key = "key"};
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
        Table *honest = encoded(recipes[i], t, &roles, false), *leaky = encoded(recipes[i], t, &roles, true);
        double fair = auc_of(honest, "level"), lie = auc_of(leaky, "level");
        test_check(fabs(fair - 0.5) < margin(t), __FILE__, __LINE__, "%s: AUC %.3f, 0.5 +- %.3f is due", recipes[i], fair, margin(t));
        test_check(lie > 0.7, __FILE__, __LINE__, "%s: the leak that is kept out is no larger than %.3f", recipes[i], lie);
        table_unref(honest);
        table_unref(leaky);
    }
    table_unref(t);
}

/* Rows whose encoding moved. */
static size_t moved(const char *json, const Roles *roles, const Noise *changed, size_t *own)
{
    Table *before = noise_table(&(Noise){0}), *after = noise_table(changed);
    Table *a = encoded(json, before, roles, false), *b = encoded(json, after, roles, false);
    const Column *x = table_column(a, "level"), *y = table_column(b, "level");
    size_t count = 0;
    *own = 0;
    for (size_t i = 0; i < ROWS; i++) {
        bool differs = column_real(x, i) != column_real(y, i);
        count += differs;
        *own += differs && (i == changed->at || (changed->whole_key && i % KEYS == changed->at % KEYS));
    }
    table_unref(before);
    table_unref(after);
    table_unref(a);
    table_unref(b);
    return count;
}

static void own_answer(void)
{
    static const char plain[] = "[{\"step\": \"target_encode\"}]";
    static const char dropped[] = "[{\"step\": \"drop\", \"columns\": [\"key\"]}, {\"step\": \"target_encode\"}]";
    Roles rows = {.target = "y"}, keys = {.target = "y", .key = "key"}, groups = {.target = "y", .group = "key"};
    size_t own;
    TEST("the encoding of a row does not know its own answer");
    for (size_t at = 0; at < ROWS; at += 371) {
        CHECK(moved(plain, &rows, &(Noise){.at = at, .bump = 100}, &own) > ROWS / 2);
        CHECK_INT(own, 0);
    }
    TEST("nor one of its key or group, also where that column was left out before");
    for (size_t at = 0; at < KEYS; at += 171) {
        Noise n = {.at = at, .bump = 100, .whole_key = true};
        CHECK(moved(plain, &keys, &n, &own) > ROWS / 2);
        CHECK_INT(own, 0);
        moved(dropped, &keys, &n, &own);
        CHECK_INT(own, 0);
        moved(dropped, &groups, &n, &own);
        CHECK_INT(own, 0);
    }
}

static void one_unit(void)
{
    TEST("one unit has no others to be encoded by");
    Error e = {0};
    Roles roles = {.target = "y", .key = "key"};
    Table *t = csv_table("level,key,y\na,1,1.5\nb,1,2.5\na,1,3.5\n");
    Recipe *empty = recipe_new();
    void *params = params_new(&step_find("target_encode")->spec);
    Recipe *r = recipe_insert(empty, 0, step_find("target_encode"), params), *fitted = recipe_fit(NULL, r, t, &roles, 7, NULL, &e);
    CHECK(!fitted && strstr(e.message, "training rows are encoded by the answers of others, and there is one key only"));
    params_free(&step_find("target_encode")->spec, params);
    recipe_unref(empty);
    recipe_unref(r);
    recipe_unref(fitted);
    table_unref(t);
}

void unit_target_features(void);
void unit_target_features(void)
{
    registry_add(step_family());
    noise();
    own_answer();
    one_unit();
}
