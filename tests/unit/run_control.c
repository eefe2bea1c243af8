#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/proc.h"
#include "run/run_dir.h"
#include "run/run_log.h"
#include "run/tail.h"
#include "tests/unit/test.h"

static size_t count_events(const char *path, const char *event)
{
    RunLog log;
    size_t count = 0;
    char *file = io_join(path, "events.jsonl");
    run_log_read(file, &log, NULL);
    for (size_t i = 0; i < log.lines->size; i++)
        count += text_equal(value_get_text(log.lines->items[i], "e", ""), event);
    run_log_done(&log);
    mem_free(file);
    return count;
}

static size_t count_requests(const char *path)
{
    TextList names = {0};
    char *control = io_join(path, "control");
    io_list(control, &names, NULL);
    size_t count = 0;
    for (size_t i = 0; i < names.count; i++)
        count += text_ends(names.items[i], ".json");
    text_list_done(&names);
    mem_free(control);
    return count;
}

static void check_taken(RunDir *run, const char *verb)
{
    run->looked = 0;
    Value *request = run_take_request(run);
    CHECK_TEXT(value_get_text(request, "verb", "none"), verb);
    value_free(request);
}

static void check_order(void)
{
    Error e = {0};
    char *path = io_join(test_directory(), "run");
    RunDir *run = run_create(path, "train", "run", &e);
    Value *rate = value_map();
    value_set(rate, "learning_rate", value_real(0.25));
    CHECK_OK(run_request(path, "set", rate, &e) && run_request(path, "checkpoint", NULL, &e), e);
    CHECK(!run_request(path, "explode", NULL, &e));
    CHECK(!run_request(path, "set", NULL, &e));
    Value *wrong = value_map();
    value_set(wrong, "patience", value_int(0));
    CHECK(!run_request(path, "set", wrong, &e));
    value_free(wrong);
    CHECK(!run_request(test_directory(), "stop", NULL, &e));
    run->step = 70;
    check_taken(run, "set");
    check_taken(run, "checkpoint");
    check_taken(run, "none");
    CHECK_INT(count_events(path, "control"), 2);
    CHECK_INT(count_requests(path), 0);
    Value *history = run_control_history(path);
    CHECK_INT(history->size, 1);
    CHECK_INT(value_get_int(history->items[0], "step", 0), 70);
    CHECK_NEAR(value_get_real(history->items[0], "learning_rate", 0), 0.25, 0);
    char *junk = io_join(path, "control/00-stop.json");
    CHECK_OK(io_replace(junk, "{\"verb\":\"st", 11, &e), e);
    check_taken(run, "none");
    CHECK_INT(count_requests(path), 0);
    static const struct {
        const char *name, *text, *verb; /* a request by its name alone, and one that says something else inside */
    } files[] = {{"1-pause.json", "{}", "pause"},
                 {"1-go.json", "", "none"},
                 {"1-resume.json", "", "resume"},
                 {"note.json", "{\"verb\":\"stop\"}", "none"},
                 {"7-checkpoint.json", " \n", "checkpoint"},
                 {"2-stop.json", "{\"verb\":\"pause\"}", "none"},
                 {"2-stop.json", "[]", "none"},
                 {"2-stop.json", "{", "none"},
                 {"2-stop.json", "{\"verb\":\"stop\"}", "stop"},
                 {"a-b-stop.json", "{\"by\":\"me\"}", "stop"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *control = io_join(path, "control"), *file = io_join(control, files[i].name);
        CHECK_OK(io_replace(file, files[i].text, strlen(files[i].text), &e), e);
        if (text_ends(files[i].name, "-stop.json"))
            CHECK(run_stop_waits(path) == text_equal(files[i].verb, "stop"));
        check_taken(run, files[i].verb);
        CHECK_INT(count_requests(path), 0);
        mem_free(file);
        mem_free(control);
    }
    run_close(run);
    CHECK(run_request(path, "stop", NULL, &e) == false); /* nobody would take it */
    CHECK(strstr(e.message, "limbeck resume") != NULL);
    value_free(history);
    value_free(rate);
    mem_free(junk);
    mem_free(path);
}

static void check_parent_stop(void)
{
    Error e = {0};
    char *path = io_join(test_directory(), "top");
    RunDir *top = run_create(path, "script", "top", &e);
    RunDir *call = run_create_child(top, "calls/001-tune", "tune", &e);
    RunDir *trial = run_create_child(call, "trials/0001", "trial", &e);
    CHECK_OK(run_request(path, "stop", NULL, &e), e);
    check_taken(trial, "stop");
    check_taken(trial, "none");
    CHECK_INT(count_events(trial->path, "control"), 1);
    CHECK_INT(count_events(call->path, "control"), 1);
    CHECK_INT(count_events(path, "control"), 1);
    CHECK_INT(count_requests(path), 0);
    run_close(trial);
    RunDir *next = run_create_child(call, "trials/0002", "trial", &e);
    check_taken(next, "stop"); /* the study is stopping: whatever begins later stops too */
    check_taken(next, "none");
    Journal *j = journal_open(path, &e);
    char *directory = NULL;
    const Value *result = NULL;
    bool resumes = false;
    CHECK(!journal_begin(j, "train", "aa", &directory, &result, &resumes, &e));
    CHECK_INT(e.code, ERROR_CANCELED);
    journal_free(j);
    run_close(next);
    run_close(call);
    run_close(top);
    mem_free(path);
}

/* A trial in a process of its own gets a copy, and says so in its own log. */
static void check_other_process(void)
{
    Error e = {0};
    char *path = io_join(test_directory(), "study"), *child = io_join(path, "trials/0001"), *lock = io_join(child, "lock");
    RunDir *study = run_create(path, "tune", "study", &e);
    pid_t pid = proc_fork(&e);
    if (pid == 0) {
        RunDir *trial = run_create_child(study, "trials/0001", "trial", NULL);
        Value *request = NULL;
        while (!(request = run_take_request(trial)))
            usleep(1000);
        _exit(text_equal(value_get_text(request, "verb", ""), "stop") ? 7 : 1);
    }
    while (!io_is_locked(lock) && kill(pid, 0) == 0)
        usleep(1000);
    CHECK_OK(run_request(path, "stop", NULL, &e), e);
    check_taken(study, "stop");
    int status = 0;
    CHECK_OK(proc_wait(pid, &status, &e), e);
    CHECK_INT(status, 7);
    CHECK_INT(count_events(child, "control"), 1);
    pid = proc_fork(&e); /* and one that opens its run after the stop */
    if (pid == 0) {
        RunDir *trial = run_create_child(study, "trials/0002", "trial", NULL);
        _exit(text_equal(value_get_text(run_take_request(trial), "verb", ""), "stop") ? 7 : 1);
    }
    CHECK_OK(proc_wait(pid, &status, &e), e);
    CHECK_INT(status, 7);
    run_close(study);
    mem_free(lock);
    mem_free(child);
    mem_free(path);
}

static void check_one_writer(void)
{
    Error e = {0};
    char *path = io_join(test_directory(), "one");
    pid_t pid = proc_fork(&e);
    if (pid == 0) {
        run_create(path, "train", "one", NULL);
        for (;;)
            pause();
    }
    char *lock = io_join(path, "run.json");
    IoInfo info;
    while (!io_stat(lock, &info) && kill(pid, 0) == 0)
        usleep(1000);
    CHECK_OK(run_request(path, "stop", NULL, &e), e);
    Tail *t = tail_open(path, &e);
    tail_poll(t, false, &e);
    CHECK_INT(t->state, RUN_RUNNING);
    int status;
    kill(pid, SIGKILL);
    proc_wait(pid, &status, &e);
    RunDir *run = run_reopen(path, 0, &e);
    CHECK(run != NULL);
    check_taken(run, "none"); /* the stop was meant for the dead one */
    run_close(run);
    tail_poll(t, false, &e);
    CHECK_INT(t->state, RUN_LOST);
    tail_free(t);
    mem_free(lock);
    mem_free(path);
}

void unit_run_control(void)
{
    TEST("requests are taken in order, acknowledged, then removed");
    check_order();
    TEST("a stop above reaches the open run, runs that begin later, and the journal");
    check_parent_stop();
    TEST("a stop reaches runs of other processes");
    check_other_process();
    TEST("the lock says who writes; stale orders die with the writer");
    check_one_writer();
}
