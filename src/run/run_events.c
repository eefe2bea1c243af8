/* Events: one write, one line. */
#include "base/clock.h"
#include "base/io.h"
#include "run/run_dir.h"
#include "run/run_log.h"

static void run_add_time(Value *line)
{
    char stamp[24];
    double wall = clock_wall();
    clock_stamp(wall, stamp);
    int thousandths = (int)((wall - (double)(int64_t)wall) * 1000);
    char *text = text_format("%.19s.%03dZ", stamp, thousandths);
    value_set(line, "t", value_text(text));
    mem_free(text);
}

static bool run_append(RunDir *run, const Value *line, Error *e)
{
    Text text = {0};
    if (run->torn)
        text_add_char(&text, '\n');
    run_log_seal(line, &text);
    size_t written = 0;
    bool ok = io_append(run->events, text.bytes, text.size, run->path, &written, e);
    if (written > 0)
        run->torn = !ok;
    text_done(&text);
    return ok;
}

static bool run_sync(RunDir *run, Error *e)
{
    char *file = run_file(run, "events.jsonl");
    bool ok = io_sync(&run->events, file, e);
    mem_free(file);
    return ok;
}

/* The first event after a wait says so. */
static bool run_tell_wait(RunDir *run, Error *e)
{
    if (!run->waited)
        return true;
    run->waited = false;
    Value *fields = value_map();
    value_set(fields, "step", value_int(run->step));
    value_set(fields, "text", value_text("the disk was full: paused until there was room, nothing is lost"));
    return run_event(run, "alarm", fields, false, e);
}

bool run_event(RunDir *run, const char *event, Value *fields, bool sync, Error *e)
{
    if (!run) {
        value_free(fields);
        return true;
    }
    if (!run_tell_wait(run, e)) {
        value_free(fields);
        return false;
    }
    Value *line = value_map();
    value_set(line, "e", value_text(event));
    value_set(line, "g", value_int(run->generation));
    for (size_t i = 0; fields && i < fields->size; i++)
        value_set(line, fields->keys[i], value_copy(fields->items[i]));
    run_add_time(line);
    run->step = value_get_int(line, "step", run->step);
    bool ok = run_append(run, line, e) && (!sync || run_sync(run, e));
    value_free(line);
    value_free(fields);
    return ok;
}
