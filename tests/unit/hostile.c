/* Scripts of tests/unit/hostile.txt, each in the sandbox of a process of its own, some at a time: nothing that no script may have is had,
 * nothing outside of the folder changes, each ends when it is asked to, none grows beyond its limit, none crashes. */
#include "tests/unit/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/proc.h"
#include "cli/cli.h"
#include "script/script.h"

enum { AT_A_TIME = 6, MEMORY_MIB = 32, SLACK_MIB = 64 };
/* Seconds: a hang is asked to end soon, the others when they take long; who is still there much later has not heard. */
static const double ASK_HANG = 0.15, ASK_OTHERS = 5, HEARD_NOT = 30;

#if defined(__SANITIZE_ADDRESS__)
enum { MEASURES_MEMORY = 0 };
#else
enum { MEASURES_MEMORY = 1 };
#endif

static const char prelude[] = "lb = require 'limbeck' local owned = function(x) if x then print('OWNED ' .. tostring(x)) end end ";

typedef struct Try {
    pid_t pid; /* 0: a free place */
    char *kind, *script, *log;
    double started;
    bool asked, killed;
} Try;

typedef struct Place { /* of all tries */
    char *root, *inside, *outside;
    long resident; /* KiB, of a process that has not begun */
    size_t count;
} Place;

static void put(const char *folder, const char *name, const char *text)
{
    Error e = {0};
    char *path = io_join(folder, name);
    CHECK_OK(io_replace(path, text, strlen(text), &e), e);
    mem_free(path);
}

static void link_to(const Place *p, const char *target, const char *name)
{
    char *path = io_join(p->inside, name);
    CHECK(symlink(target, path) == 0);
    mem_free(path);
}

/* Anew for each: one that may write in its folder leaves nothing to the next. */
static void furnish(const Place *p)
{
    Error e = {0};
    char *fifo = io_join(p->inside, "fifo");
    CHECK_OK(io_make_directory(p->inside, &e) && io_make_directory(p->outside, &e), e);
    put(p->inside, "data.csv", "a,b,y\n1,2,yes\n2,1,no\n3,5,yes\n4,2,no\n");
    put(p->inside, "evil.lua", "print('OWNED by a module')");
    put(p->outside, "module.lua", "print('OWNED by a module')");
    put(p->outside, "secret", "SECRET\n");
    put(p->outside, "precious", "");
    put(p->outside, "table.csv", "a,c\n1,2\n");
    link_to(p, "../out", "link");
    link_to(p, "../out/secret", "file_link");
    link_to(p, "../out/new", "to_new");
    CHECK(mkfifo(fifo, 0600) == 0);
    mem_free(fifo);
}

static bool is_untouched(const Place *p)
{
    Error e = {0};
    TextList names = {0}, above = {0};
    char *precious = io_join(p->outside, "precious");
    IoInfo is;
    bool ok = io_list(p->outside, &names, &e) && names.count == 4 && io_list(p->root, &above, &e) && above.count == 2 + AT_A_TIME &&
              io_stat(precious, &is) && is.size == 0;
    text_list_done(&names);
    text_list_done(&above);
    mem_free(precious);
    return ok;
}

/* May SIGTERM come? It waits where it may not: a process that has not begun to listen would be ended by it. */
static void let_ask(bool may)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(may ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
}

static void run_script(const Place *p, const Try *t)
{
    Error e = {0};
    int code = 1, log = open(t->log, O_WRONLY | O_CREAT | O_TRUNC, 0600), null = open("/dev/null", O_RDONLY);
    char *text = text_format("%s%s", prelude, t->script);
    if (log < 0 || null < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 || !io_enter_directory(p->inside, &e))
        _exit(99);
    proc_catch_signals();
    let_ask(true);
    ScriptRun run = {
        .path = "a.lua", .text = text, .seed = 1, .threads = 1, .trust = TRUST_SANDBOXED, .memory = MEMORY_MIB, .give_up = script_give_up};
    script_run(&run, &code, &e);
    if (e.code)
        io_print(1, e.message);
    _exit(code & 63);
}

static void begin(const Place *p, Try *t, const char *line)
{
    Error e = {0};
    size_t size = strcspn(line, " ");
    t->kind = mem_strndup(line, size);
    t->script = mem_strdup(line + size + 1);
    t->started = clock_now();
    t->asked = t->killed = false;
    let_ask(false);
    t->pid = proc_fork(&e);
    if (t->pid == 0)
        run_script(p, t);
    let_ask(true);
    CHECK_OK(t->pid > 0, e);
}

static void judge(const Place *p, const Try *t, int status, const struct rusage *used)
{
    Error e = {0};
    char *said = NULL;
    size_t size = 0;
    bool crashed = WIFSIGNALED(status) && !t->killed, had = true;
    long most = p->resident + (MEMORY_MIB + SLACK_MIB) * 1024L;
    if (io_read_file(t->log, 0, &said, &size, &e))
        had = strstr(said, "OWNED") != NULL || strstr(said, "SECRET") != NULL;
    test_check(!had, __FILE__, __LINE__, "%s got out: %s\n  %s", t->kind, t->script, said ? said : e.message);
    test_check(!t->killed, __FILE__, __LINE__, "%s went on when it was asked to end: %s", t->kind, t->script);
    test_check(!crashed, __FILE__, __LINE__, "%s crashed with %d: %s", t->kind, WTERMSIG(status), t->script);
    test_check(!MEASURES_MEMORY || used->ru_maxrss <= most, __FILE__, __LINE__, "%s had %ld MiB: %s", t->kind, used->ru_maxrss / 1024,
               t->script);
    mem_free(said);
}

static void ask(Try *t)
{
    double age = clock_now() - t->started;
    if (!t->asked && age > (text_equal(t->kind, "hang") ? ASK_HANG : ASK_OTHERS)) {
        t->asked = true;
        kill(t->pid, SIGTERM);
    } else if (age > HEARD_NOT) {
        t->killed = true;
        kill(t->pid, SIGKILL);
    }
}

static bool look(const Place *p, Try *t)
{
    int status;
    struct rusage used;
    if (!t->pid)
        return false;
    if (wait4(t->pid, &status, WNOHANG, &used) != t->pid) {
        ask(t);
        return true;
    }
    judge(p, t, status, &used);
    mem_free(t->kind);
    mem_free(t->script);
    t->pid = 0;
    return false;
}

static void begin_next(Place *p, Try *t, char **at)
{
    while (**at == '#')
        *at += strcspn(*at, "\n") + 1;
    if (!**at)
        return;
    size_t size = strcspn(*at, "\n");
    char *line = mem_strndup(*at, size);
    *at += size + ((*at)[size] == '\n');
    p->count++;
    begin(p, t, line);
    mem_free(line);
}

static void run_all(Place *p, char *list)
{
    Try tries[AT_A_TIME] = {0};
    for (size_t i = 0; i < AT_A_TIME; i++) {
        char *name = text_format("log%zu", i);
        tries[i].log = io_join(p->root, name);
        put(p->root, name, "");
        mem_free(name);
    }
    for (bool busy = true; busy; clock_sleep(0.002)) {
        busy = false;
        for (size_t i = 0; i < AT_A_TIME; i++) {
            if (!look(p, &tries[i]))
                begin_next(p, &tries[i], &list);
            busy = busy || tries[i].pid;
        }
    }
    for (size_t i = 0; i < AT_A_TIME; i++)
        mem_free(tries[i].log);
}

static void test_sandbox(char *list)
{
    struct rusage now;
    TEST("no script of the list gets out, goes on when it is asked to end, or grows beyond its limit");
    Place p = {.root = mem_strdup(test_directory())};
    p.inside = io_join(p.root, "in");
    p.outside = io_join(p.root, "out");
    getrusage(RUSAGE_SELF, &now);
    p.resident = now.ru_maxrss;
    furnish(&p);
    run_all(&p, list);
    CHECK(p.count >= 200);
    CHECK(is_untouched(&p));
    mem_free(p.root);
    mem_free(p.inside);
    mem_free(p.outside);
}

static void test_forged(const char *list)
{
    TEST("the header of a generated script makes none of them one");
    while (*list) {
        size_t size = strcspn(list, "\n"), kind = strcspn(list, " ");
        if (*list != '#') {
            char *forged =
                text_format("-- limbeck document v1\nlocal lb = require \"limbeck\"\n%.*s\n", (int)(size - kind - 1), list + kind + 1);
            test_check(!document_is_generated(forged), __FILE__, __LINE__, "taken for a generated script: %s", forged);
            mem_free(forged);
        }
        list += size + (list[size] == '\n');
    }
}

void unit_hostile(void)
{
    Error e = {0};
    char *list = NULL;
    size_t size;
    families_register();
    CHECK_OK(io_read_file("tests/unit/hostile.txt", 0, &list, &size, &e), e);
    if (!list)
        return;
    test_sandbox(list);
    test_forged(list);
    mem_free(list);
}
