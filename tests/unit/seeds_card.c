/* Several seeds as one: what the events of their runs come to, told without a training. */
#include "learn/seeds_card.h"

#include "base/io.h"
#include "base/json.h"
#include "net/metrics/metric.h"
#include "run/run_dir.h"
#include "tests/unit/test.h"

typedef struct Line {
    const char *event, *fields;
} Line;

static void write_run(const char *path, const char *kind, const Line *lines, size_t count)
{
    Error e = {0};
    RunDir *run = run_create(path, kind, "t", &e);
    CHECK_OK(run != NULL, e);
    for (size_t i = 0; run && i < count; i++) {
        Value *fields = json_parse(lines[i].fields, strlen(lines[i].fields), &e);
        CHECK_OK(fields && run_event(run, lines[i].event, fields, false, &e), e);
    }
    run_close(run);
}

#define START(patience) \
    { \
        "start", "{\"step\":0,\"metric\":\"valid.auc\",\"patience\":" #patience "}" \
    }
#define EPOCH(n, auc) \
    { \
        "epoch", "{\"step\":" #n ",\"epoch\":" #n ",\"m\":{\"valid.auc\":" #auc ",\"train.loss\":0.5},\"lr\":0.1}" \
    }
#define END(status) \
    { \
        "end", "{\"step\":3,\"status\":\"" status "\"}" \
    }

/* Three seeds: one stopped early, one that has all its epochs, one that has only begun. */
static Value *card_of(const char *name, bool stops)
{
    const Line first[] = {stops ? (Line)START(1) : (Line)START(0), EPOCH(1, 0.6), EPOCH(2, 0.8), EPOCH(3, 0.7), END("done")};
    static const Line second[] = {START(1), EPOCH(1, 0.5), EPOCH(2, 0.7), EPOCH(3, 0.75), EPOCH(4, 0.9), END("done")};
    static const Line third[] = {START(1)}, group[] = {{"start", "{\"step\":0,\"seeds\":4}"}};
    Error e = {0};
    char *path = io_join(test_directory(), name), *one = io_join(path, "seeds/01"), *two = io_join(path, "seeds/02"),
         *three = io_join(path, "seeds/03");
    write_run(path, SEEDS_KIND, group, 1);
    write_run(one, "seed", first, sizeof first / sizeof *first);
    write_run(two, "seed", second, sizeof second / sizeof *second);
    write_run(three, "seed", third, 1);
    Tail *t = tail_open(path, &e);
    CHECK_OK(t != NULL, e);
    tail_poll(t, true, &e);
    Value *card = seeds_card(t);
    tail_free(t);
    mem_free(path);
    mem_free(one);
    mem_free(two);
    mem_free(three);
    return card;
}

static double number_at(const Value *line, const char *key, size_t i)
{
    const Value *list = value_get(line, key);
    return i < value_items(list) ? value_number(list->items[i]) : (double)NAN;
}

static void together(void)
{
    TEST("the figures of the kept weights make mean, sd and interval; a seed that has only begun is none of them");
    Value *card = card_of("together", true);
    const Value *each = value_get(card, "each");
    CHECK_TEXT(value_get_text(card, "watched", ""), "valid.auc");
    CHECK_INT(value_get_int(card, "planned", 0), 4);
    CHECK_INT(value_items(each), 3);
    CHECK_INT(value_get_int(each->items[0], "best_epoch", 0), 2);
    CHECK_INT(value_get_int(each->items[1], "epoch", 0), 4);
    CHECK_TEXT(value_get_text(each->items[0], "state", ""), "done");
    CHECK_NEAR(value_get_real(each->items[0], "valid.auc", 0), 0.8, 1e-12);
    CHECK_NEAR(value_get_real(card, "valid.auc", 0), 0.85, 1e-12);
    CHECK_NEAR(value_get_real(value_get(card, "sd"), "valid.auc", 0), 0.1 / sqrt(2), 1e-12);
    CHECK_NEAR(value_get_real(value_get(card, "low"), "valid.auc", 0), 0.85 - 12.706 * 0.05, 1e-3); /* t of 1 degree of freedom */
    CHECK_NEAR(value_get_real(value_get(card, "high"), "valid.auc", 0), 1, 1e-12);                  /* no AUC lies above */
    value_free(card);
    card = card_of("last", false);
    CHECK_NEAR(value_get_real(value_get(card, "each")->items[0], "valid.auc", 0), 0.7, 1e-12); /* without early stop the last are kept */
    value_free(card);
}

static void lines(void)
{
    TEST("the line of a figure is the mean of the seeds that reached an epoch, one sd on both sides");
    Value *card = card_of("lines", true);
    const Value *line = value_get(value_get(card, "lines"), "valid.auc");
    CHECK_INT(value_items(value_get(line, "epoch")), 4);
    CHECK_NEAR(number_at(line, "mean", 0), 0.55, 1e-12);
    CHECK_NEAR(number_at(line, "low", 1), 0.75 - 0.1 / sqrt(2), 1e-12);
    CHECK_NEAR(number_at(line, "high", 1), 0.75 + 0.1 / sqrt(2), 1e-12);
    CHECK_NEAR(number_at(line, "mean", 3), 0.9, 1e-12);
    CHECK_NEAR(number_at(line, "low", 3), 0.9, 1e-12); /* one seed has no spread */
    CHECK(value_get(value_get(card, "lines"), "train.loss") != NULL);
    value_free(card);
}

void unit_seeds_card(void);
void unit_seeds_card(void)
{
    registry_add(metric_family());
    together();
    lines();
}
