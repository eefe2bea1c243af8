/* Cards of runs and the index that keeps them. */
#include <string.h>

#include "app/run_card.h"
#include "app/run_index.h"
#include "base/io.h"
#include "base/json.h"
#include "run/labels.h"
#include "run/run_dir.h"
#include "tests/unit/test.h"

enum { RUNS = 20 };

static void emit(RunDir *run, const char *event, const char *json)
{
    Error e = {0};
    Value *fields = json_parse(json, strlen(json), &e);
    CHECK_OK(fields && run_event(run, event, fields, false, &e), e);
}

static char *place(size_t i)
{
    char *name = text_format("runs/20261101T1000%02zuZ-net-%04zu", i, i), *path = io_join(test_directory(), name);
    mem_free(name);
    return path;
}

static RunDir *begin(size_t i)
{
    Error e = {0};
    char *path = place(i),
         *start = text_format("{\"step\":0,\"epochs\":3,\"metric\":\"valid.auc\",\"net\":\"4-%zu-2\",\"batch\":%zu}", i, i);
    RunDir *run = run_create(path, "train", "net", &e);
    CHECK(run != NULL);
    emit(run, "start", start);
    for (size_t k = 1; k <= 3; k++) {
        /* the second epoch is the best, by i / 100 + 0.5 */
        double auc = (double)i / 100 + (k == 2 ? 0.5 : 0.25);
        char *epoch = text_format("{\"step\":%zu,\"epoch\":%zu,\"m\":{\"valid.auc\":%.2f,\"valid.loss\":%zu}}", 10 * k, k, auc, k);
        emit(run, "batch", "{\"step\":1,\"epoch\":0.5,\"m\":{\"train.loss\":1}}");
        emit(run, "epoch", epoch);
        mem_free(epoch);
    }
    mem_free(start);
    mem_free(path);
    return run;
}

static void finish(RunDir *run, const char *status)
{
    char *end = text_format("{\"step\":30,\"status\":\"%s\",\"why\":\"all\"}", status);
    emit(run, "end", end);
    run_close(run);
    mem_free(end);
}

static void make_runs(void)
{
    for (size_t i = 0; i < RUNS; i++)
        finish(begin(i), i == 3 ? "diverged" : "done");
}

static Value *cards_of(RunIndex *x)
{
    Error e = {0};
    Value *cards = run_index_cards(x, &e);
    CHECK_OK(cards != NULL, e);
    return cards;
}

static void check_card(void)
{
    Error e = {0};
    finish(begin(7), "done");
    char *path = place(7);
    Value *card = run_card_read(path, &e);
    CHECK_OK(card != NULL, e);
    CHECK_TEXT(value_get_text(card, "run", ""), "net-0007");
    CHECK_TEXT(value_get_text(card, "state", ""), "done");
    CHECK_TEXT(value_get_text(card, "net", ""), "4-7-2");
    CHECK_TEXT(value_get_text(card, "message", ""), "all");
    CHECK_INT(value_get_int(card, "epoch", 0), 3);
    CHECK_INT(value_get_int(card, "best_epoch", 0), 2);
    CHECK_NEAR(value_get_real(card, "best", 0), 0.57, 0);
    CHECK_NEAR(value_get_real(card, "last", 0), 0.32, 0);
    CHECK_NEAR(value_get_real(card, "valid.loss", 0), 1, 0);
    value_free(card);
    io_remove_tree(path, &e);
    mem_free(path);
}

/* Other readers get the same list from the index as from the runs, and read none of those that are over. */
static void check_index(void)
{
    char *runs = io_join(test_directory(), "runs"), *index = io_join(runs, "index.json");
    IoInfo info;
    make_runs();
    RunDir *live = begin(RUNS);
    RunIndex *first = run_index_open(runs, true), *second = run_index_open(runs, true);
    Value *a = cards_of(first);
    CHECK_INT(run_index_fresh(first), RUNS + 1);
    CHECK_INT(a->size, RUNS + 1);
    CHECK(io_stat(index, &info));
    CHECK_TEXT(value_get_text(a->items[0], "run", ""), "net-0020"); /* newest first */
    CHECK_INT(value_get_int(a->items[0], "number", 0), RUNS + 1);
    CHECK_TEXT(value_get_text(a->items[0], "state", ""), "running");
    CHECK_TEXT(value_get_text(a->items[RUNS - 3], "state", ""), "diverged");
    Value *b = cards_of(second);
    CHECK_INT(run_index_fresh(second), 1); /* the one that goes on */
    CHECK(value_equal(a, b));
    value_free(b);
    finish(live, "stopped");
    b = cards_of(second);
    CHECK_TEXT(value_get_text(b->items[0], "state", ""), "stopped");
    value_free(b);
    b = cards_of(second);
    CHECK_INT(run_index_fresh(second), 0);
    value_free(a);
    value_free(b);
    run_index_close(first);
    run_index_close(second);
    mem_free(index);
    mem_free(runs);
}

/* A resume, a label and a run that is gone are seen; a damaged index is read past. */
static void check_changes(void)
{
    Error e = {0};
    char *runs = io_join(test_directory(), "runs"), *index = io_join(runs, "index.json"), *resumed = place(4), *gone = place(5),
         *labeled = place(6);
    make_runs();
    RunIndex *x = run_index_open(runs, true);
    value_free(cards_of(x));
    RunDir *again = run_reopen(resumed, 20, &e);
    CHECK(again != NULL);
    CHECK_OK(io_remove_tree(gone, &e), e);
    Value *labels = value_map();
    value_set(labels, "tags", labels_split_tags("paper, base paper"));
    CHECK_OK(labels_change(labeled, labels, &e), e);
    value_free(labels);
    Value *cards = cards_of(x);
    CHECK_INT(cards->size, RUNS - 1);
    CHECK_INT(run_index_fresh(x), 2);
    Value *running = run_cards_filter(cards, "state = 'running'", &e), *tagged = run_cards_filter(cards, "tags = 'paper base'", &e);
    CHECK_INT(running->size, 1);
    CHECK_TEXT(value_get_text(running->items[0], "run", ""), "net-0004");
    CHECK_INT(value_get_int(running->items[0], "epoch", 0), 2); /* what came behind the resume is gone */
    CHECK_INT(tagged->size, 1);
    value_free(running);
    value_free(tagged);
    finish(again, "done");
    value_free(cards);
    Value *a = cards_of(x);
    CHECK_OK(io_replace(index, "{\"format\":2,\"runs\":{\"x\":7", 24, &e), e);
    RunIndex *other = run_index_open(runs, true);
    Value *b = cards_of(other);
    CHECK_INT(run_index_fresh(other), RUNS - 1);
    CHECK(value_equal(a, b));
    value_free(a);
    value_free(b);
    run_index_close(other);
    run_index_close(x);
    mem_free(labeled);
    mem_free(gone);
    mem_free(resumed);
    mem_free(index);
    mem_free(runs);
}

static void check_order(void)
{
    Error e = {0};
    char *runs = io_join(test_directory(), "runs"), *labeled = place(6);
    make_runs();
    Value *tags = value_map();
    value_set(tags, "tags", labels_split_tags("x"));
    CHECK_OK(labels_change(labeled, tags, &e), e);
    value_free(tags);
    mem_free(labeled);
    RunIndex *x = run_index_open(runs, true);
    Value *cards = cards_of(x), *best = run_cards_sort(cards, "best", true, &e);
    CHECK_TEXT(value_get_text(best->items[0], "run", ""), "net-0019");
    value_free(best);
    best = run_cards_sort(cards, "batch", false, &e);
    CHECK_TEXT(value_get_text(best->items[0], "run", ""), "net-0000");
    value_free(best);
    best = run_cards_sort(cards, "tags", true, &e); /* those without come last, whatever the direction */
    CHECK_TEXT(value_get_text(best->items[0], "run", ""), "net-0006");
    value_free(best);
    CHECK(!run_cards_sort(cards, "bst", true, &e) && strstr(e.message, "\"best\""));
    error_clear(&e);
    Value *some = run_cards_filter(cards, "`valid.auc` > 0.65 and batch != 19", &e);
    CHECK_OK(some != NULL, e);
    CHECK_INT(some->size, 3); /* 16 17 18 */
    value_free(some);
    CHECK(!run_cards_filter(cards, "bst > 1", &e));
    error_clear(&e);
    Table *t = run_cards_table(cards, &e);
    CHECK_OK(t != NULL, e);
    CHECK_INT(t->rows, RUNS);
    CHECK(table_find(t, "valid.auc") != TABLE_NONE && table_find(t, "model") == TABLE_NONE);
    table_unref(t);
    value_free(cards);
    run_index_close(x);
    mem_free(runs);
}

/* Three folds with best values 0.51, 0.52 and 0.53: mean 0.52, sd 0.01. */
static void check_group(void)
{
    Error e = {0};
    char *path = io_join(test_directory(), "runs/cv");
    RunDir *top = run_create(path, "crossval", "cv", &e);
    CHECK(top != NULL);
    for (size_t i = 1; i <= 3; i++) {
        char *name = text_format("folds/%02zu", i), *epoch = text_format("{\"step\":1,\"epoch\":1,\"m\":{\"valid.auc\":0.5%zu}}", i);
        RunDir *fold = run_create_child(top, name, "fold", &e);
        CHECK(fold != NULL);
        emit(fold, "start", "{\"step\":0,\"epochs\":1,\"metric\":\"valid.auc\"}");
        emit(fold, "epoch", epoch);
        finish(fold, "done");
        mem_free(name);
        mem_free(epoch);
    }
    run_close(top);
    Value *card = run_card_read(path, &e), *below = run_cards_below(path, &e);
    CHECK_INT(value_get_int(card, "members", 0), 3);
    CHECK_NEAR(value_get_real(card, "mean", 0), 0.52, 1e-12);
    CHECK_NEAR(value_get_real(card, "sd", 0), 0.01, 1e-12);
    CHECK_TEXT(value_get_text(card, "what", ""), "3 folds");
    CHECK_INT(below->size, 3);
    CHECK_INT(value_get_int(below->items[2], "number", 0), 3);
    CHECK(!value_get(below->items[2], "mean"));
    value_free(card);
    value_free(below);
    mem_free(path);
}

static void check_labels(void)
{
    Error e = {0};
    finish(begin(8), "done");
    char *path = place(8), *file = io_join(path, labels_file);
    Value *v = value_map(), *back;
    IoInfo info;
    value_set(v, "notes", value_text("first"));
    value_set(v, "name", value_text("mine"));
    CHECK_OK(labels_change(path, v, &e), e);
    Value *card = run_card_read(path, &e);
    CHECK_TEXT(value_get_text(card, "name", ""), "mine");
    CHECK_TEXT(value_get_text(card, "notes", ""), "first");
    value_free(card);
    value_set(v, "name", value_text(""));
    CHECK_OK(labels_change(path, v, &e), e);
    back = labels_read(path, &e);
    CHECK(back && !value_get(back, "name") && value_get(back, "notes"));
    value_free(back);
    value_set(v, "notes", value_text(""));
    CHECK_OK(labels_change(path, v, &e), e);
    CHECK(!io_stat(file, &info)); /* nothing is said any more */
    value_set(v, "color", value_text("red"));
    CHECK(!labels_change(path, v, &e));
    error_clear(&e);
    CHECK_OK(io_replace(file, "{\"tags\":[7]}", 12, &e), e);
    CHECK(!labels_read(path, &e) && strstr(e.message, "labels.json"));
    error_clear(&e);
    value_free(v);
    mem_free(file);
    mem_free(path);
}

void unit_run_cards(void)
{
    TEST("the card of a run holds the figures of its log");
    check_card();
    TEST("a second look reads no run that is over, and lists the same");
    check_index();
    TEST("resumes, labels, removed runs and a damaged index are seen");
    check_changes();
    TEST("cards are filtered and sorted by any figure");
    check_order();
    TEST("folds have a mean and a deviation");
    check_group();
    TEST("labels are kept, taken away, and checked");
    check_labels();
}
