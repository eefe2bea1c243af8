#include <string.h>

#include "base/io.h"
#include "run/run_dir.h"
#include "run/run_log.h"
#include "run/tail.h"
#include "tests/unit/test.h"

static char *place(const char *name)
{
    return io_join(test_directory(), name);
}

static void emit_epoch(RunDir *run, int64_t epoch)
{
    Error e = {0};
    Value *fields = value_map(), *m = value_map();
    value_set(m, "train.loss", value_real(1.0 / (double)(epoch + 1) + (double)run->generation));
    value_set(fields, "step", value_int(epoch * 10));
    value_set(fields, "epoch", value_int(epoch));
    value_set(fields, "lr", value_real(0.5));
    value_set(fields, "m", m);
    CHECK_OK(run_event(run, "epoch", fields, true, &e), e);
}

static void emit_end(RunDir *run, const char *status)
{
    Error e = {0};
    Value *fields = value_map();
    value_set(fields, "status", value_text(status));
    CHECK_OK(run_event(run, "end", fields, true, &e), e);
}

static void append(const char *path, const char *bytes, size_t size)
{
    Error e = {0};
    size_t written;
    int fd = io_open_append(path, &e);
    CHECK_OK(io_append(fd, bytes, size, path, &written, &e) && io_close(fd, path, &e), e);
}

static void check_line(void)
{
    Text text = {0};
    Value *v = value_map();
    value_set(v, "e", value_text("note \"x\""));
    run_log_seal(v, &text);
    CHECK(text.bytes[text.size - 1] == '\n');
    CHECK(strstr(text.bytes, ",\"crc\":\"") != NULL);
    Value *back = run_log_parse(text.bytes, text.size - 1);
    CHECK(back && text_equal(value_get_text(back, "e", ""), "note \"x\""));
    value_free(back);
    for (size_t i = 0; i + 1 < text.size; i++)
        for (int bit = 0; bit < 8; bit++) {
            text.bytes[i] = (char)(text.bytes[i] ^ (1 << bit));
            CHECK(run_log_parse(text.bytes, text.size - 1) == NULL);
            text.bytes[i] = (char)(text.bytes[i] ^ (1 << bit));
        }
    for (size_t cut = 0; cut + 1 < text.size; cut++)
        CHECK(run_log_parse(text.bytes, cut) == NULL);
    value_free(v);
    text_done(&text);
}

static char *make_log(const char *name, size_t *size)
{
    Error e = {0};
    char *path = place(name), *file = io_join(path, "events.jsonl"), *bytes = NULL;
    RunDir *run = run_create(path, "train", name, &e);
    CHECK(run != NULL);
    for (int64_t i = 1; i <= 3; i++)
        emit_epoch(run, i);
    run_close(run);
    CHECK_OK(io_read_file(file, 0, &bytes, size, &e), e);
    mem_free(file);
    mem_free(path);
    return bytes;
}

/* A viewer that looks while the log has `cut` bytes, then when it is whole, sees each point once. */
static void check_split_writes(void)
{
    Error e = {0};
    size_t size = 0;
    char *bytes = make_log("whole", &size), *path = place("split"), *file = io_join(path, "events.jsonl");
    CHECK_OK(run_prepare(path, "train", "split", &e), e);
    for (size_t cut = 0; cut <= size; cut++) {
        io_remove(file, &e);
        append(file, bytes, cut);
        Tail *t = tail_open(path, &e);
        tail_poll(t, false, &e);
        const TailSeries *s = tail_series(t, "train.loss");
        size_t whole = 0;
        for (size_t i = 0; i < cut; i++)
            whole += bytes[i] == '\n';
        CHECK_INT(s ? s->count : 0, whole);
        append(file, bytes + cut, size - cut);
        tail_poll(t, false, &e);
        s = tail_series(t, "train.loss");
        CHECK_INT(s->count, 3);
        CHECK_INT(t->damaged, 0);
        CHECK_NEAR(s->y[2], 0.25, 0);
        tail_free(t);
    }
    mem_free(bytes);
    mem_free(file);
    mem_free(path);
}

static void check_damage(void)
{
    Error e = {0};
    size_t size = 0;
    char *bytes = make_log("damage", &size), *path = place("damage"), *file = io_join(path, "events.jsonl");
    size_t second = (size_t)(strchr(bytes, '\n') - bytes) + 10;
    bytes[second] = (char)(bytes[second] ^ 4);
    io_remove(file, &e);
    append(file, bytes, size);
    Tail *t = tail_open(path, &e);
    tail_poll(t, false, &e);
    CHECK_INT(t->damaged, 1);
    CHECK_INT(tail_series(t, "train.loss")->count, 2);
    io_remove(file, &e);
    append(file, bytes, 20); /* a smaller file: another story */
    CHECK(tail_poll(t, false, &e));
    CHECK_INT(t->damaged, 0);
    CHECK(tail_series(t, "train.loss") == NULL);
    tail_free(t);
    mem_free(bytes);
    mem_free(file);
    mem_free(path);
}

static void check_generations(void)
{
    Error e = {0};
    size_t size = 0;
    char *bytes = make_log("again", &size), *path = place("again"), *file = io_join(path, "events.jsonl");
    mem_free(bytes);
    Tail *watching = tail_open(path, &e);
    tail_poll(watching, false, &e);
    CHECK_INT(watching->state, RUN_LOST); /* no end, no lock */
    append(file, "{\"e\":\"epoch\",\"g\":0,\"st", 22);
    tail_poll(watching, false, &e);
    RunDir *run = run_reopen(path, 10, &e);
    CHECK(run != NULL);
    CHECK_INT(run->generation, 1);
    tail_poll(watching, false, &e);
    CHECK_INT(watching->state, RUN_RUNNING);
    CHECK_INT(tail_series(watching, "train.loss")->count, 1);
    CHECK_INT(value_get_int(watching->last_epoch, "epoch", 0), 1);
    CHECK_INT(watching->damaged, 0); /* the torn line was closed by the resume */
    emit_epoch(run, 2);
    emit_epoch(run, 3);
    emit_end(run, "done");
    run_close(run);
    Tail *late = tail_open(path, &e);
    tail_poll(late, false, &e);
    tail_poll(watching, false, &e);
    const TailSeries *a = tail_series(watching, "train.loss"), *b = tail_series(late, "train.loss");
    CHECK_INT(a->count, 3);
    CHECK_INT(b->count, 3);
    for (size_t i = 0; i < 3; i++)
        CHECK(a->y[i] == b->y[i] && a->generations[i] == (i > 0));
    CHECK_INT(late->state, RUN_DONE);
    CHECK_INT(tail_series(late, "learning_rate")->count, 3);
    tail_free(late);
    tail_free(watching);
    mem_free(file);
    mem_free(path);
}

static void check_nan(void)
{
    Error e = {0};
    char *path = place("nan");
    RunDir *run = run_create(path, "train", "nan", &e);
    Value *fields = value_map(), *m = value_map();
    value_set(m, "train.loss", value_real(NAN));
    value_set(m, "valid.loss", value_real(INFINITY));
    value_set(fields, "m", m);
    CHECK_OK(run_event(run, "epoch", fields, false, &e), e);
    emit_end(run, "diverged");
    run_close(run);
    Tail *t = tail_open(path, &e);
    tail_poll(t, false, &e);
    CHECK(isnan(tail_series(t, "train.loss")->y[0]));
    CHECK(isinf(tail_series(t, "valid.loss")->y[0]));
    CHECK_INT(t->state, RUN_DIVERGED);
    tail_free(t);
    mem_free(path);
}

static void check_children(void)
{
    Error e = {0};
    char *path = place("top");
    static const char *const names[][2] = {
        {"calls/001-train", "train"}, {"calls/002-distill", "distill"}, {"calls/002-distill/seeds/07/student", "seed"}};
    RunDir *top = run_create(path, "script", "top", &e);
    for (size_t i = 0; i < 3; i++) {
        RunDir *child = run_create_child(top, names[i][0], names[i][1], &e);
        CHECK(child != NULL);
        emit_epoch(child, (int64_t)i + 1);
        emit_end(child, "done");
        run_close(child);
    }
    Tail *t = tail_open(path, &e);
    tail_poll(t, true, &e);
    CHECK_INT(t->children_count, 2);
    CHECK_INT(t->children[1]->children_count, 1);
    CHECK_INT(t->state, RUN_RUNNING);
    CHECK_TEXT(tail_main(t)->kind, "train"); /* nothing runs: the training, not the newest seed */
    CHECK(!tail_poll(t, true, &e));          /* nothing new */
    run_close(top);
    CHECK(tail_poll(t, true, &e)); /* lost now */
    tail_free(t);
    Tail **runs = NULL;
    size_t count = 0;
    CHECK_OK(run_list(test_directory(), &runs, &count, &e), e);
    CHECK_INT(count, 1);
    for (size_t i = 0; i < count; i++)
        tail_free(runs[i]);
    mem_free(runs);
    mem_free(path);
}

void unit_run_events(void)
{
    TEST("every changed bit and every cut of a line is seen");
    check_line();
    TEST("a log written in two pieces at any byte gives each point once");
    check_split_writes();
    TEST("a damaged line is counted and skipped; a smaller file starts over");
    check_damage();
    TEST("points beyond a resume are dropped; early and late viewers agree");
    check_generations();
    TEST("a loss that is not finite is told from a missing one");
    check_nan();
    TEST("runs below are found in order; what runs, else the training, is shown");
    check_children();
}
