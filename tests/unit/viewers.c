/* Many viewers of one run: whenever they join and however the writer's bytes come, they see the same. */
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "base/rng.h"
#include "run/run_dir.h"
#include "run/tail.h"
#include "tests/unit/test.h"

enum { VIEWERS = 16 };

static void emit(RunDir *run, const char *event, const char *json)
{
    Error e = {0};
    Value *fields = json_parse(json, strlen(json), &e);
    CHECK_OK(fields && run_event(run, event, fields, false, &e), e);
}

static void emit_epochs(RunDir *run, int from, int to)
{
    for (int i = from; i <= to; i++) {
        char *json = text_format("{\"step\":%d,\"epoch\":%d,\"m\":{\"train.loss\":%d.5,\"valid.loss\":\"nan\"},\"lr\":0.1}", 10 * i, i,
                                 i + 100 * (int)run->generation);
        emit(run, "epoch", json);
        mem_free(json);
    }
}

/* The log of a run that was killed within a line, resumed two epochs before, steered and ended. */
static char *make_log(const char *path, size_t *size)
{
    Error e = {0};
    char *file = io_join(path, "events.jsonl"), *bytes = NULL;
    size_t written;
    RunDir *run = run_create(path, "train", "run", &e);
    CHECK(run != NULL);
    emit(run, "start", "{\"step\":0,\"epochs\":6}");
    emit_epochs(run, 1, 4);
    run_close(run);
    int fd = io_open_append(file, &e);
    CHECK_OK(io_append(fd, "{\"e\":\"epoch\",\"g\":0,\"st", 23, file, &written, &e) && io_close(fd, file, &e), e);
    run = run_reopen(path, 20, &e);
    CHECK(run != NULL);
    emit_epochs(run, 3, 5);
    emit(run, "control", "{\"step\":50,\"verb\":\"pause\",\"by\":\"7@there\"}");
    emit(run, "control", "{\"step\":50,\"verb\":\"resume\",\"by\":\"8@here\"}");
    emit_epochs(run, 6, 6);
    emit(run, "end", "{\"step\":60,\"status\":\"done\"}");
    run_close(run);
    CHECK_OK(io_read_file(file, 0, &bytes, size, &e), e);
    mem_free(file);
    return bytes;
}

typedef struct Viewer {
    Tail *tail;
    Text lines;
} Viewer;

static void take_line(void *self, const Tail *from, const char *line, size_t size, const Value *event)
{
    Viewer *v = self;
    (void)from, (void)event;
    text_add_bytes(&v->lines, line, size);
    text_add_char(&v->lines, '\n');
}

static void look(Viewer *v, const char *path)
{
    Error e = {0};
    if (!v->tail)
        v->tail = tail_open(path, &e);
    CHECK(v->tail != NULL);
    tail_poll_lines(v->tail, false, take_line, v, &e);
}

static void check_same(const Viewer *v, const Viewer *first)
{
    static const double losses[] = {1.5, 2.5, 103.5, 104.5, 105.5, 106.5};
    const TailSeries *s = tail_series(v->tail, "train.loss");
    CHECK_INT(s ? s->count : 0, 6);
    for (size_t i = 0; s && i < s->count && i < 6; i++) {
        CHECK_NEAR(s->y[i], losses[i], 0);
        CHECK_NEAR(s->x[i], (double)i + 1, 0);
    }
    CHECK_INT(v->tail->state, RUN_DONE);
    CHECK_INT(v->tail->damaged, 0);
    CHECK_INT(v->tail->notes_count, first->tail->notes_count);
    CHECK(value_equal(v->tail->epochs, first->tail->epochs));
    CHECK_TEXT(text_get(&v->lines), text_get(&first->lines));
}

/* Every good line of the log, once, in order. */
static char *good_lines(const char *bytes, size_t size)
{
    Text out = {0};
    for (const char *at = bytes; at < bytes + size;) {
        const char *feed = memchr(at, '\n', (size_t)(bytes + size - at));
        size_t length = (size_t)(feed - at);
        if (run_log_is_good(at, length)) {
            text_add_bytes(&out, at, length);
            text_add_char(&out, '\n');
        }
        at = feed + 1;
    }
    return text_take(&out);
}

static void check_viewers(void)
{
    Error e = {0};
    char *written = io_join(test_directory(), "written"), *path = io_join(test_directory(), "seen"), *file = io_join(path, "events.jsonl");
    size_t size = 0, put;
    char *bytes = make_log(written, &size), *good = good_lines(bytes, size);
    CHECK_OK(run_prepare(path, "train", "seen", &e), e);
    Viewer viewers[VIEWERS] = {0};
    Rng now_and_then = rng_begin(rng_key(5, "viewers"));
    size_t joins[VIEWERS];
    for (size_t k = 0; k < VIEWERS; k++)
        joins[k] = (size_t)rng_below(&now_and_then, size);
    int fd = io_open_append(file, &e);
    for (size_t i = 0; i < size; i++) {
        CHECK_OK(io_append(fd, bytes + i, 1, file, &put, &e), e);
        for (size_t k = 0; k < VIEWERS; k++) { /* viewer k joins at a byte of its own and looks now and then */
            if (i >= joins[k] && rng_below(&now_and_then, 5) == 0)
                look(&viewers[k], path);
        }
    }
    CHECK_OK(io_close(fd, file, &e), e);
    for (size_t k = 0; k < VIEWERS; k++)
        look(&viewers[k], path);
    CHECK_TEXT(text_get(&viewers[0].lines), good);
    for (size_t k = 0; k < VIEWERS; k++)
        check_same(&viewers[k], &viewers[0]);
    for (size_t k = 0; k < VIEWERS; k++) {
        tail_free(viewers[k].tail);
        text_done(&viewers[k].lines);
    }
    mem_free(good);
    mem_free(bytes);
    mem_free(file);
    mem_free(path);
    mem_free(written);
}

/* The next look of each viewer after the event, and whose request it was. */
static void check_pause(void)
{
    Error e = {0};
    char *path = io_join(test_directory(), "run");
    RunDir *run = run_create(path, "train", "run", &e);
    Viewer viewers[VIEWERS] = {0};
    CHECK(run != NULL);
    emit(run, "start", "{\"step\":0,\"epochs\":6}");
    for (size_t k = 0; k < VIEWERS; k++)
        look(&viewers[k], path);
    CHECK_OK(run_request(path, "pause", NULL, &e), e);
    Value *request = run_take_request(run);
    CHECK_TEXT(value_get_text(request, "verb", ""), "pause");
    value_free(request);
    for (size_t k = 0; k < VIEWERS; k++) {
        CHECK_INT(viewers[k].tail->state, RUN_RUNNING);
        look(&viewers[k], path);
        CHECK_INT(viewers[k].tail->state, RUN_PAUSED);
        CHECK_TEXT(viewers[k].tail->notes[0].by, run_requester());
    }
    io_mark_lock(run->lock, true); /* a full disk has no room for an event */
    for (size_t k = 0; k < VIEWERS; k++) {
        look(&viewers[k], path);
        CHECK_INT(viewers[k].tail->state, RUN_FULL);
        tail_free(viewers[k].tail);
        text_done(&viewers[k].lines);
    }
    run_close(run);
    mem_free(path);
}

void unit_viewers(void)
{
    TEST("sixteen viewers that join at any byte see each event once, and the same series after a resume");
    check_viewers();
    TEST("the next look of each viewer knows of a pause, and who asked for it");
    check_pause();
}
