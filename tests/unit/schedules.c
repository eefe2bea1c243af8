/* Rates over time, by hand. */
#include "tests/unit/net_help.h"

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
        double rate = schedule_rate(&use, &state, 0.1, &(SchedulePlace){cases[i].step, 100, 10});
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
    static const double losses[] = {1, 0.9, 0.895, 0.9, 0.8, 0.85, 0.85, 0.85, 0.85, 0.85, 0.85};
    static const double factors[] = {1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2};
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        schedule_epoch(&use, &state, losses[i]);
        CHECK_NEAR(schedule_rate(&use, &state, 1, &(SchedulePlace){0, 100, 10}), factors[i], 1e-12);
    }
    spec_use_done(&use);
}

static void check_none(void)
{
    TEST("no schedule is a constant one");
    SpecUse none = {0};
    ScheduleState state = {0};
    CHECK_NEAR(schedule_rate(&none, &state, 0.3, &(SchedulePlace){7, 10, 1}), 0.3, 0);
    schedule_epoch(&none, &state, 1);
}

void unit_schedules(void);
void unit_schedules(void)
{
    net_register();
    check_rates();
    check_plateau();
    check_none();
}
