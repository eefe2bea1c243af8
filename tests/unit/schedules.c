/* Rates over time, by hand and against torch. */
#include "tests/unit/net_help.h"
#include "tests/unit/schedules_reference.h"

static const struct {
    const char *schedule;
    int64_t step;
    double rate; /* base 0.1, 10 steps an epoch, 100 in all */
} cases[] = {
    {"\"constant\"", 0, 0.1},
    {"\"constant\"", 99, 0.1},
    {"{\"schedule\":\"step\",\"every\":3,\"factor\":0.5}", 29, 0.1},
    {"{\"schedule\":\"step\",\"every\":3,\"factor\":0.5}", 30, 0.05},
    {"{\"schedule\":\"step\",\"every\":3,\"factor\":0.5}", 99, 0.0125},
    {"\"cosine\"", 0, 0.1},
    {"\"cosine\"", 50, 0.05},
    {"\"cosine\"", 100, 0},
    {"\"cosine\"", 25, 0.0853553391},
    {"{\"schedule\":\"cosine\",\"floor\":0.1}", 100, 0.01},
    {"{\"schedule\":\"cosine\",\"warm_up\":2}", 0, 0.1 / 21},
    {"{\"schedule\":\"cosine\",\"warm_up\":2}", 19, 2.0 / 21},
    {"{\"schedule\":\"cosine\",\"warm_up\":2}", 20, 0.1},
    {"{\"schedule\":\"cosine\",\"warm_up\":2}", 60, 0.05},
    {"{\"schedule\":\"cosine\",\"warm_up\":50}", 60, 0.1 * 61 / 501},
};

static void check_rates(void)
{
    TEST("the rate of a step");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SpecUse use = net_use("schedule", cases[i].schedule);
        ScheduleState state = {0};
        SchedulePlace place = schedule_place(cases[i].step, 100, 10);
        double rate = schedule_rate(&use, &state, 0.1, &place);
        test_check(fabs(rate - cases[i].rate) < 1e-9, __FILE__, __LINE__, "%s at %d: %.12g, expected %.12g", cases[i].schedule,
                   (int)cases[i].step, rate, cases[i].rate);
        spec_use_done(&use);
    }
}

static void check_plateau(void)
{
    TEST("plateau drops after patience epochs without progress, and not below its floor");
    SpecUse use = net_use("schedule", "{\"schedule\":\"plateau\",\"patience\":1,\"factor\":0.5,\"floor\":0.2,\"min_delta\":0.01}");
    ScheduleState state = {0};
    SchedulePlace start = schedule_place(0, 100, 10);
    static const double seen[] = {1, 0.9, 0.895, 0.9, 0.8, 0.85, 0.85, 0.85, 0.85, 0.85, 0.85};
    static const double factors[] = {1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2};
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        schedule_epoch(&use, &state, seen[i]);
        CHECK_NEAR(schedule_rate(&use, &state, 1, &start), factors[i], 1e-12);
    }
    spec_use_done(&use);
}

enum { TORCH_TOTAL = 40, TORCH_PER_EPOCH = 5 };

static void check_torch(void)
{
    TEST("forty steps have the rates that PyTorch gives them, in one call for all of them too");
    for (size_t i = 0; i < sizeof torch_cases / sizeof *torch_cases; i++) {
        const struct Torch *c = &torch_cases[i];
        SpecUse use = net_use("schedule", c->schedule);
        ScheduleState state = {0};
        double curve[TORCH_TOTAL];
        schedule_curve(&use, 0.1, &(ScheduleSpan){TORCH_TOTAL / TORCH_PER_EPOCH, TORCH_PER_EPOCH, TORCH_TOTAL}, curve);
        for (int step = 0; step < TORCH_TOTAL; step++) {
            SchedulePlace place = schedule_place(step, TORCH_TOTAL, TORCH_PER_EPOCH);
            double rate = schedule_rate(&use, &state, 0.1, &place);
            test_check(fabs(rate - c->rates[step]) < 1e-10, __FILE__, __LINE__, "%s at %d: %.12g, expected %.12g", c->schedule, step, rate,
                       c->rates[step]);
            CHECK(curve[step] == rate);
        }
        spec_use_done(&use);
    }
}

static void check_torch_plateau(void)
{
    TEST("plateaus fall when PyTorch's do, by absolute and relative thresholds, with a cooldown; also when nothing was seen before");
    for (size_t i = 0; i < 2 * sizeof plateau_cases / sizeof *plateau_cases; i++) {
        const struct Plateau *c = &plateau_cases[i / 2];
        SpecUse use = net_use("schedule", c->schedule);
        ScheduleState state = i % 2 ? (ScheduleState){0} : (ScheduleState){.factor = 1, .best = INFINITY};
        SchedulePlace start = schedule_place(0, 100, 10);
        for (size_t k = 0; k < sizeof losses / sizeof *losses; k++) {
            schedule_epoch(&use, &state, losses[k]);
            double rate = schedule_rate(&use, &state, 0.1, &start);
            test_check(fabs(rate - c->rates[k]) < 1e-10, __FILE__, __LINE__, "%s after %zu losses: %.12g, expected %.12g", c->schedule,
                       k + 1, rate, c->rates[k]);
        }
        spec_use_done(&use);
    }
}

static void check_warm_up(void)
{
    TEST("every schedule can rise at the start, and begins behind the rise");
    const Family *family = schedule_family();
    for (size_t i = 0; i < family->count; i++) {
        char *plain_json = text_format("\"%s\"", family->members[i]->name);
        char *json = text_format("{\"schedule\":\"%s\",\"warm_up\":2}", family->members[i]->name);
        SpecUse plain = net_use("schedule", plain_json), use = net_use("schedule", json);
        ScheduleState state = {0};
        for (int64_t step = 0; step < 100; step++) {
            SchedulePlace place = schedule_place(step, 100, 10), behind = schedule_place(step < 20 ? 0 : step - 20, 80, 10);
            double rise = step < 20 ? (double)(step + 1) / 21 : 1;
            CHECK_NEAR(schedule_rate(&use, &state, 0.1, &place), rise * schedule_rate(&plain, &state, 0.1, &behind), 1e-12);
        }
        spec_use_done(&plain);
        spec_use_done(&use);
        mem_free(plain_json);
        mem_free(json);
    }
}

static void check_none(void)
{
    TEST("no schedule is a constant one");
    SpecUse none = {0};
    ScheduleState state = {0};
    SchedulePlace place = schedule_place(7, 10, 1);
    CHECK_NEAR(schedule_rate(&none, &state, 0.3, &place), 0.3, 0);
    schedule_epoch(&none, &state, 1);
}

void unit_schedules(void);
void unit_schedules(void)
{
    net_register();
    check_rates();
    check_plateau();
    check_torch();
    check_torch_plateau();
    check_warm_up();
    check_none();
}
