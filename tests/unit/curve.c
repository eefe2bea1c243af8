/* The curve card: what the events of a training come to, told without a training. */
#include "base/io.h"
#include "base/json.h"
#include "learn/curve.h"
#include "run/run_dir.h"
#include "tests/unit/test.h"

/* Lines of a log, as a worker would write them: the name of the event, then its fields. */
typedef struct Line {
    const char *event, *fields;
} Line;

static Tail *tail_of(const Line *lines, size_t count)
{
    Error e = {0};
    char *path = io_join(test_directory(), "run");
    RunDir *run = run_create(path, "train", "t", &e);
    CHECK_OK(run != NULL, e);
    for (size_t i = 0; i < count; i++) {
        Value *fields = json_parse(lines[i].fields, strlen(lines[i].fields), &e);
        CHECK_OK(fields != NULL, e);
        CHECK_OK(run_event(run, lines[i].event, fields, false, &e), e);
    }
    Tail *t = tail_open(path, &e);
    CHECK_OK(t != NULL, e);
    tail_poll(t, false, &e);
    run_close(run);
    mem_free(path);
    return t;
}

#define EPOCH(n, train, valid, elapsed) \
    { \
        "epoch", "{\"step\":" #n "0,\"epoch\":" #n ",\"m\":{\"train.loss\":" #train ",\"valid.loss\":" #valid "},\"lr\":0.5," \
                 "\"grad_norm\":2,\"seconds\":1,\"elapsed\":" #elapsed ",\"rate\":100,\"cpu\":1.5,\"memory\":4096}" \
    }
#define START \
    { \
        "start", "{\"step\":0,\"epochs\":20,\"steps_per_epoch\":10,\"steps\":200,\"metric\":\"valid.loss\",\"patience\":6," \
                 "\"early_stop\":{\"metric\":\"valid.loss\",\"patience\":6}}" \
    }

static void check_progress(void)
{
    TEST("progress counts the batches of the epoch that goes on, and the time left no pauses");
    static const Line lines[] = {
        START,
        EPOCH(1, 0.9, 0.8, 3),
        EPOCH(2, 0.7, 0.6, 5),
        {"control", "{\"step\":20,\"verb\":\"pause\"}"},
        EPOCH(3, 0.6, 0.5, 7),
        EPOCH(4, 0.5, 0.55, 9),
        {"batch", "{\"step\":45,\"epoch\":4.5,\"m\":{\"train.loss\":0.4},\"lr\":0.25,\"grad_norm\":3,\"elapsed\":10}"}};
    Tail *t = tail_of(lines, sizeof lines / sizeof *lines);
    Curve c;
    curve_init(&c, t);
    CHECK_INT(c.epochs, 20);
    CHECK_INT(c.epoch, 4);
    CHECK_INT(c.step, 45);
    CHECK_INT(c.steps, 200);
    CHECK_NEAR(c.epoch_share, 0.5, 1e-12);
    CHECK_NEAR(c.share, 4.5 / 20, 1e-12);
    CHECK_NEAR(c.seconds, 10, 1e-12);
    CHECK_NEAR(c.left, 2 * 15.5, 1e-9);
    CHECK_NEAR(c.best, 0.5, 1e-12);
    CHECK_INT(c.best_epoch, 3);
    CHECK_INT(c.waited, 1);
    CHECK_INT(c.stops_at, 9);
    CHECK_NEAR(c.gap, 0.05, 1e-12);
    CHECK_NEAR(c.cpu, 1.5, 1e-12);
    CHECK_NEAR(c.memory, 4096, 1e-12);
    CHECK_NEAR(c.gradient_norm, 2, 1e-12);
    CHECK(!c.overfits);
    const TailSeries *s = curve_series(&c, "batch.learning_rate");
    CHECK(s && s->count == 1 && s->y[0] == 0.25 && s->seconds[0] == 10 && s->steps[0] == 45);
    CHECK(curve_figure(&c, "valid.loss") == &c.figures[0] && curve_figure(&c, "train.loss") == &c.figures[1]);
    curve_done(&c);
    tail_free(t);
}

static void check_changes(void)
{
    TEST("a change of patience or epochs counts from where it was taken, a refused one does not; marks stand at their step");
    static const Line lines[] = {START,
                                 EPOCH(1, 0.9, 0.8, 2),
                                 EPOCH(2, 0.7, 0.6, 4),
                                 {"control", "{\"step\":25,\"verb\":\"set\",\"patience\":9,\"epochs\":40}"},
                                 {"control", "{\"step\":26,\"verb\":\"set\",\"patience\":3,\"refused\":\"no\"}"},
                                 {"control", "{\"step\":27,\"verb\":\"note\",\"text\":\"here\"}"},
                                 EPOCH(3, 0.6, 0.7, 6)};
    static const CurveMarkKind kinds[] = {CURVE_BEST, CURVE_CHANGE, CURVE_OTHER, CURVE_NOTE};
    static const double places[] = {2, 2.5, 2.6, 2.7}, seconds[] = {4, 5, 5.2, 5.4};
    Tail *t = tail_of(lines, sizeof lines / sizeof *lines);
    Curve c;
    curve_init(&c, t);
    CHECK_INT(c.patience, 9);
    CHECK_INT(c.epochs, 40);
    CHECK_INT(c.steps, 400);
    CHECK_INT(c.marks_count, 4);
    for (size_t i = 0; i < 4 && i < c.marks_count; i++) {
        CHECK_INT(c.marks[i].kind, kinds[i]);
        CHECK_NEAR(c.marks[i].epoch, places[i], 1e-9);
        CHECK_NEAR(c.marks[i].seconds, seconds[i], 1e-9);
    }
    curve_done(&c);
    tail_free(t);
}

static void check_old(void)
{
    TEST("runs of before are read: seconds add up from their epochs, and what they do not tell is unknown");
    static const Line lines[] = {{"start", "{\"step\":0,\"epochs\":4,\"steps_per_epoch\":10,\"steps\":40}"},
                                 {"epoch", "{\"step\":10,\"epoch\":1,\"m\":{\"train.loss\":0.5},\"lr\":0.1,\"seconds\":2}"},
                                 {"epoch", "{\"step\":20,\"epoch\":2,\"m\":{\"train.loss\":\"nan\"},\"lr\":0.1,\"seconds\":3}"}};
    Tail *t = tail_of(lines, sizeof lines / sizeof *lines);
    Curve c;
    curve_init(&c, t);
    const TailSeries *s = curve_series(&c, "train.loss");
    CHECK(s && s->count == 2 && s->seconds[0] == 2 && s->seconds[1] == 5);
    CHECK(isnan(c.cpu) && isnan(c.memory) && isnan(c.gradient_norm) && isnan(c.gap) && isnan(c.best));
    CHECK_INT(c.patience, 0);
    CHECK_INT(c.stops_at, 0);
    Value *v = curve_value(&c);
    CHECK(value_get(v, "cpu") && value_get(v, "cpu")->type == VALUE_NULL);
    CHECK_INT(value_get_int(v, "epochs", 0), 4);
    CHECK_INT(value_get(v, "figures")->size, 3); /* the loss, the rate, the seconds */
    value_free(v);
    curve_done(&c);
    tail_free(t);
}

static void check_overfit(void)
{
    TEST("overfitting is said from the fourth epoch on in which valid loss lies above its lowest while train loss falls");
    static const Line rising[] = {START,
                                  EPOCH(1, 0.9, 0.8, 2),
                                  EPOCH(2, 0.8, 0.5, 4),
                                  EPOCH(3, 0.7, 0.6, 6),
                                  EPOCH(4, 0.6, 0.6, 8),
                                  EPOCH(5, 0.5, 0.7, 10),
                                  EPOCH(6, 0.4, 0.7, 12)};
    for (size_t count = 6; count <= 7; count++) {
        Tail *t = tail_of(rising, count);
        Curve c;
        curve_init(&c, t);
        CHECK(c.overfits == (count == 7));
        CHECK_INT(c.lowest_epoch, 2);
        curve_done(&c);
        tail_free(t);
        Error e = {0};
        char *path = io_join(test_directory(), "run");
        CHECK_OK(io_remove_tree(path, &e), e);
        mem_free(path);
    }
}

static void check_near(void)
{
    TEST("the crosshair stands on the point that lies nearest, and axes end where the plan does");
    static const Line lines[] = {START, EPOCH(1, 0.9, 0.8, 2), EPOCH(2, 0.7, 0.6, 4), EPOCH(3, 0.6, 0.7, 6)};
    static const double places[] = {-1, 1, 1.4, 1.6, 2.4, 3, 99};
    static const size_t nearest[] = {0, 0, 0, 1, 1, 2, 2};
    Tail *t = tail_of(lines, sizeof lines / sizeof *lines);
    Curve c;
    curve_init(&c, t);
    const TailSeries *s = curve_series(&c, "train.loss");
    for (size_t i = 0; s && i < sizeof places / sizeof *places; i++)
        CHECK_INT(curve_near(s, places[i]), nearest[i]);
    CHECK_NEAR(curve_axis_end(&c, CURVE_BY_EPOCH), 20, 1e-12);
    CHECK_NEAR(curve_axis_end(&c, CURVE_BY_STEP), 200, 1e-12);
    CHECK_NEAR(curve_axis_end(&c, CURVE_BY_SECONDS), 6 + 17 * 2, 1e-12);
    curve_done(&c);
    tail_free(t);
}

void unit_curve(void);
void unit_curve(void)
{
    check_progress();
    check_changes();
    check_old();
    check_overfit();
    check_near();
}
