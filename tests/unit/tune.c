/* Tuning: trials are functions of (seed, n), the best one is named, failures are results, a stored study comes back. */
#include <math.h>

#include "base/io.h"
#include "learn/trials.h"
#include "learn/tune/sampler.h"
#include "run/tail.h"
#include "tests/unit/learn_help.h"

static Value *draw(const TunePlan *plan, const Space *s, uint64_t seed, size_t n)
{
    return sampler_of(&plan->sampler)->draw(plan->sampler.params, s, seed, n);
}

static void check_one_draw(const TunePlan *plan, const Space *s, size_t n)
{
    Value *a = draw(plan, s, 7, n), *b = draw(plan, s, 7, n), *other = draw(plan, s, 8, n);
    CHECK(value_equal(a, b));
    CHECK(!value_equal(a, other));
    double rate = value_get_real(a, "learning_rate", 0);
    int64_t width = value_get_int(a, "width", 0), batch = value_get_int(a, "batch", 0);
    CHECK(rate > 0 && rate <= 1);
    CHECK(width >= 8 && width <= 256);
    CHECK(batch >= 32 && batch <= 512 && (batch & (batch - 1)) == 0);
    CHECK(registry_find("optimizer", value_get_text(a, "optimizer", "")) != NULL);
    value_free(a);
    value_free(b);
    value_free(other);
}

static void check_draws(const char *json)
{
    TEST("draws are functions of seed and trial, inside their ranges; auto uses the sensible ranges");
    Error e = {0};
    Space s;
    TunePlan *plan = help_plan(&tune_spec, json);
    CHECK_OK(space_make(plan, false, &s, &e), e);
    CHECK_INT(s.count, 5);
    for (size_t n = 0; n < 50; n++)
        check_one_draw(plan, &s, n);
    space_done(&s);
    params_free(&tune_spec, plan);
}

/* Of 16 evenly filling points each quarter of a range holds 3 to 5, whatever the shift. */
static void check_spread(void)
{
    TEST("halton leaves no quarter of a range empty");
    Error e = {0};
    Space s;
    TunePlan *plan = help_plan(
        &tune_spec, "{\"net\":[],\"sampler\":\"halton\",\"space\":{\"l1\":{\"low\":1.0,\"high\":5.0},\"l2\":{\"low\":1.0,\"high\":5.0}}}");
    CHECK_OK(space_make(plan, false, &s, &e), e);
    for (uint64_t seed = 0; seed < 20; seed++) {
        size_t quarters[4] = {0};
        for (size_t n = 0; n < 16; n++) {
            Value *v = draw(plan, &s, seed, n);
            size_t q = (size_t)(value_get_real(v, "l1", 0) - 1);
            quarters[q < 4 ? q : 3]++;
            value_free(v);
        }
        for (int q = 0; q < 4; q++)
            CHECK(quarters[q] >= 3 && quarters[q] <= 5);
    }
    space_done(&s);
    params_free(&tune_spec, plan);
}

/* Shares of whole numbers against the exact mass of their cells, by the chi-square statistic; seeds are fixed, so this never wavers. */
static void check_shares(const Dimension *d, bool halton, double most)
{
    enum { DRAWS = 20000, ROOM = 64 };
    Rng rng = rng_begin(rng_key(5, "shares"));
    size_t counts[ROOM] = {0}, size = dimension_size(d);
    double chi = 0, low = d->low - 0.5, span = d->is_log ? log(d->high + 0.5) - log(low) : d->high + 0.5 - low;
    for (size_t n = 0; n < DRAWS; n++) {
        Value *v = halton ? dimension_point(d, ((double)n + 0.5) / DRAWS) : dimension_draw(d, &rng);
        int64_t at = v->integer - (int64_t)d->low;
        CHECK(at >= 0 && at < (int64_t)size);
        counts[at < 0 || at >= ROOM ? 0 : at]++;
        value_free(v);
    }
    for (size_t i = 0; i < size; i++) {
        double from = low + (double)i, share = (d->is_log ? log(from + 1) - log(from) : 1) / span;
        chi += pow((double)counts[i] - share * DRAWS, 2) / (share * DRAWS);
    }
    test_check(chi < most, __FILE__, __LINE__, "%g to %g%s: chi-square %g of %zu numbers", d->low, d->high, d->is_log ? " log" : "", chi,
               size);
}

static void check_even(void)
{
    TEST("whole numbers are drawn evenly, both ends included, on a log scale by the logarithm of their cells");
    static const Dimension cases[] = {
        {.is_int = true, .low = 1, .high = 3},
        {.is_int = true, .low = 0, .high = 9},
        {.is_int = true, .low = -4, .high = 4},
        {.is_int = true, .is_log = true, .low = 1, .high = 3},
        {.is_int = true, .is_log = true, .low = 2, .high = 40},
        {.is_int = true, .low = 7, .high = 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double freedom = (double)dimension_size(&cases[i]) - 1;
        check_shares(&cases[i], false, freedom + 4 * sqrt(2 * freedom) + 1);
        check_shares(&cases[i], true, 0.1);
    }
}

/* The contract of the family: draw n is a function of the seed and n, whatever was drawn before, and lies in the space. */
static void check_every_sampler(void)
{
    const Family *family = sampler_family();
    Error e = {0};
    Space s;
    TunePlan *plan =
        help_plan(&tune_spec, "{\"net\":[],\"space\":{\"batch\":[32,64,128],\"l1\":{\"low\":0.001,\"high\":0.1,\"scale\":\"log\"},"
                              "\"epochs\":{\"low\":2,\"high\":5}}}");
    CHECK_OK(space_make(plan, false, &s, &e), e);
    for (size_t k = 0; k < family->count; k++) {
        TEST(family->members[k]->name);
        const Sampler *sampler = (const Sampler *)(const void *)family->members[k];
        void *params = params_new(family->members[k]);
        size_t count = sampler->count ? sampler->count(params, &s) : 40;
        CHECK(count > 0 && family->members[k]->notes && family->members[k]->notes[0]);
        for (size_t n = count; n-- > 0;) {
            Value *late = sampler->draw(params, &s, 11, n), *again = sampler->draw(params, &s, 11, n);
            CHECK(value_equal(late, again));
            CHECK_INT(late->size, 3);
            CHECK(value_get_real(late, "l1", 0) >= 0.001 && value_get_real(late, "l1", 0) <= 0.1);
            CHECK(value_get_int(late, "epochs", 0) >= 2 && value_get_int(late, "epochs", 0) <= 5);
            value_free(late);
            value_free(again);
        }
        params_free(family->members[k], params);
    }
    space_done(&s);
    params_free(&tune_spec, plan);
}

static void check_apply(void)
{
    TEST("settings change optimizer, batch, widths and dropout of a plan");
    Error e = {0};
    TrainPlan *plan = help_plan(&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}]}");
    static const char json[] = "{\"learning_rate\":0.05,\"optimizer\":\"sgd\",\"batch\":64,\"width\":20,\"dropout\":0.25}";
    Value *settings = json_parse(json, sizeof json - 1, &e);
    CHECK_OK(space_apply(plan, settings, NULL, NULL, &e), e);
    CHECK_TEXT(plan->optimizer.spec->name, "sgd");
    CHECK_NEAR(optimizer_rate(&plan->optimizer), 0.05, 1e-12);
    CHECK_INT(plan->batch, 64);
    CHECK_INT(plan->net.count, 3);
    char *net = net_summary(&plan->net, shape_vector(5), 2);
    CHECK_TEXT(net, "5-20-2");
    mem_free(net);
    value_free(settings);
    params_free(&train_spec, plan);
}

static void check_grid(void)
{
    TEST("a grid visits every point once, ends included");
    Error e = {0};
    Space s;
    TunePlan *plan =
        help_plan(&tune_spec, "{\"net\":[],\"sampler\":{\"sampler\":\"grid\",\"levels\":3},\"space\":{\"l2\":{\"low\":0.0001,\"high\":0.01,"
                              "\"scale\":\"log\"},\"batch\":[32,64]}}");
    CHECK_OK(space_make(plan, false, &s, &e), e);
    const Sampler *grid = sampler_of(&plan->sampler);
    CHECK_INT(grid->count(plan->sampler.params, &s), 6);
    double sum = 0;
    for (size_t n = 0; n < 6; n++) {
        Value *v = draw(plan, &s, 0, n);
        sum += value_get_real(v, "l2", 0) * (double)value_get_int(v, "batch", 0);
        value_free(v);
    }
    CHECK_NEAR(sum, (0.0001 + 0.001 + 0.01) * 96, 1e-9);
    space_done(&s);
    params_free(&tune_spec, plan);
}

typedef struct TrialsCase {
    const char *plan;
    size_t count, exhausted;
    const char *refusal; /* part of it; NULL: none */
} TrialsCase;

static void check_trials(void)
{
    TEST("no two trials are the same, few settings end a study, names that nothing reads are refused");
#define NET "\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}],"
    static const TrialsCase cases[] = {
        {"{" NET "\"trials\":12,\"space\":{\"width\":[4,8]}}", 2, 2, NULL},
        {"{" NET "\"trials\":12,\"space\":{\"width\":[4,8,4,8]}}", 2, 2, NULL},
        {"{" NET "\"trials\":60,\"space\":{\"width\":{\"low\":1,\"high\":50}}}", 50, 50, NULL},
        {"{" NET "\"trials\":50,\"sampler\":\"halton\",\"space\":{\"width\":{\"low\":1,\"high\":50}}}", 50, 0, NULL},
        {"{" NET "\"trials\":5,\"space\":{\"width\":5}}", 1, 1, NULL},
        {"{" NET "\"trials\":12,\"space\":{\"momentum\":[0,0.5],\"optimizer\":[\"adam\",\"sgd\"]}}", 3, 3, NULL},
        {"{" NET "\"trials\":6,\"sampler\":\"grid\",\"space\":{\"width\":[4,8],\"l2\":{\"low\":0.0,\"high\":1.0}}}", 6, 0, NULL},
        {"{" NET "\"trials\":5,\"sampler\":\"grid\",\"space\":{\"width\":[4,8],\"l2\":{\"low\":0.0,\"high\":1.0}}}", 0, 0,
         "grid has 6 points"},
        {"{" NET "\"trials\":4}", 4, 0, NULL},
        {"{" NET "\"space\":{\"learnig_rate\":[0.1,0.2]}}", 0, 0, "did you mean \"learning_rate\"?"},
        {"{" NET "\"space\":{\"momentum\":[0.1,0.2]}}", 0, 0, "\"momentum\" is a setting of sgd"},
        {"{\"net\":[{\"layer\":\"dense\",\"width\":8}],\"space\":{\"dropout\":[0.1,0.2]}}", 0, 0,
         "\"dropout\" changes nothing in this net"},
        {"{\"net\":[{\"layer\":\"relu\"}],\"space\":{\"width\":[1,2]}}", 0, 0, "\"width\" changes nothing in this net"},
        {"{" NET "\"space\":{\"net\":[1,2]}}", 0, 0, "nothing reads \"net\""},
        {"{" NET "\"space\":{\"width\":[]}}", 0, 0, "width: the list is empty"},
        {"{" NET "\"space\":{\"width\":{\"low\":1.2,\"high\":1.8,\"type\":\"int\"}}}", 0, 0, "no whole number"},
    };
#undef NET
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Space s = {0};
        Trials trials = {0};
        CallContext context = {0};
        TunePlan *plan = help_plan(&tune_spec, cases[i].plan);
        TrialsTask task = {.c = &context, .plan = plan, .seed = 7};
        bool ok = space_make(plan, false, &s, &e) && trials_make(&task, &s, &trials, &e);
        const char *wanted = cases[i].refusal;
        test_check(wanted ? !ok && strstr(e.message, wanted) : ok, __FILE__, __LINE__, "case %zu: %s", i, e.message);
        test_check(trials.count == cases[i].count && trials.exhausted == cases[i].exhausted, __FILE__, __LINE__,
                   "case %zu: %zu trials, exhausted %zu", i, trials.count, trials.exhausted);
        for (size_t a = 0; a < trials.count; a++)
            for (size_t b = 0; b < a; b++)
                CHECK(!value_equal(trials.items[a].settings, trials.items[b].settings));
        trials_done(&trials);
        space_done(&s);
        params_free(&tune_spec, plan);
    }
}

static void check_study(void)
{
    TEST("a study of two processes names the best trial, and again the same; a finished one comes back from the journal");
    Error e = {0};
    Table *t = help_table(300, 41);
    Pipeline *p = help_pipeline(t);
    TunePlan *plan = help_plan(&tune_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}],\"epochs\":3,\"trials\":4,"
                                           "\"space\":{\"learning_rate\":[0.0001,0.02],\"width\":{\"low\":4,\"high\":16}}}");
    Value *first = NULL, *second = NULL, *stored = NULL;
    Bundle *a = NULL, *b = NULL, *c = NULL;
    char x[HASH_ROOM], y[HASH_ROOM], *script = io_join(test_directory(), "script");
    CHECK_OK(io_make_directory(script, &e), e);
    CallContext plain = {.runs = test_directory()};
    CHECK_OK(call_tune(&plain, p, plan, &a, &first, &e), e);
    CallContext noted = {.journal = journal_open(script, &e)};
    CHECK_OK(call_tune(&noted, p, plan, &b, &second, &e), e);
    CHECK(value_equal(first, second));
    CHECK_TEXT(help_hash(a, x), help_hash(b, y));
    CHECK_INT(value_get(first, "trials")->size, 4);
    double best = value_get_real(first, "best_metric", 0);
    for (size_t i = 0; i < 4; i++)
        CHECK(value_get_real(value_get(first, "trials")->items[i], "metric", 9) <= best);

    journal_free(noted.journal);
    noted.journal = journal_open(script, &e);
    CHECK_OK(call_tune(&noted, p, plan, &c, &stored, &e), e);
    CHECK(value_equal(second, stored));
    CHECK_TEXT(help_hash(c, x), help_hash(b, y));
    char *directory = io_join(script, "calls/001-tune");
    Tail *tail = tail_open(directory, &e);
    CHECK_OK(tail != NULL, e);
    if (tail)
        tail_poll(tail, true, &e);
    CHECK(tail && tail->trials && tail->trials->size == 4 && tail->children_count == 4);
    tail_free(tail);
    journal_free(noted.journal);
    value_free(first);
    value_free(second);
    value_free(stored);
    bundle_unref(a);
    bundle_unref(b);
    bundle_unref(c);
    mem_free(directory);
    mem_free(script);
    params_free(&tune_spec, plan);
    pipeline_unref(p);
    table_unref(t);
}

void unit_tune(void)
{
    help_register();
    check_draws("{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}]}");
    check_draws("{\"sampler\":\"halton\",\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}]}");
    check_spread();
    check_even();
    check_every_sampler();
    check_trials();
    check_apply();
    check_grid();
    check_study();
}
