/* Errors, memory, arena, text and jobs. */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/value.h"
#include "tests/unit/test.h"

static void check_errors(void)
{
    char out[400];
    Error e = {0};
    TEST("errors: the text shows the known parts of the place");
    CHECK(!error_at(&e, ERROR_FAILED, "sales.csv", 17, 3, "%d fields, expected %d", 5, 6));
    error_format(&e, out, sizeof out);
    CHECK_TEXT(out, "sales.csv:17:3: 5 fields, expected 6");
    error_at(&e, ERROR_FAILED, "sales.csv", 17, 0, "x");
    error_format(&e, out, sizeof out);
    CHECK_TEXT(out, "sales.csv:17: x");
    error_at(&e, ERROR_FAILED, NULL, 2, 9, "x");
    error_format(&e, out, sizeof out);
    CHECK_TEXT(out, "line 2, column 9: x");
    error_prefix(&e, "step %d (%s): ", 3, "log1p");
    CHECK_TEXT(e.message, "step 3 (log1p): x");
    CHECK_INT(e.line, 2);
    error_set(&e, ERROR_USAGE, "again: %s", e.message);
    CHECK_TEXT(e.message, "again: step 3 (log1p): x");
    CHECK_INT(e.line, 0);

    TEST("errors: codes, exit codes, errno");
    errno = ENOENT;
    CHECK(!error_errno(&e, "cannot open %s", "x.csv"));
    CHECK_TEXT(e.message, "cannot open x.csv: No such file or directory");
    CHECK_INT(e.code, ERROR_IO);
    const int codes[] = {0, 1, 2, 3, 4, 1, 1, 1, 130};
    for (int i = 0; i <= ERROR_CANCELED; i++) {
        e.code = (ErrorCode)i;
        CHECK_INT(error_exit_code(&e), codes[i]);
    }
    CHECK(!error_set(NULL, ERROR_FAILED, "lost"));

    TEST("errors: a long message is cut between characters");
    char longer[2000];
    for (size_t i = 0; i + 2 < sizeof longer; i += 2) {
        memcpy(longer + i, "\xC3\xA9", 3);
    }
    error_set(&e, ERROR_FAILED, "a%s", longer);
    CHECK(strlen(e.message) < sizeof e.message && utf8_is_valid(e.message, strlen(e.message)));
    error_format(&e, out, 11);
    CHECK(strlen(out) < 11 && utf8_is_valid(out, strlen(out)));
    error_prefix(&e, "%s", longer);
    CHECK(utf8_is_valid(e.message, strlen(e.message)));
}

/* Exit code and message of a process of its own that wants more memory than there is, and passes no Error. */
static int want_too_much(char *said, size_t room)
{
    int ends[2], status = 0;
    if (pipe(ends) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        float *values = mem_try_alloc(SIZE_MAX, sizeof *values, NULL);
        _exit(values ? 7 : 8);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], said, room - 1);
    said[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void check_want(void)
{
    char said[200];
    TEST("memory: where nobody hears of a failure the program ends with one line and exit code 1");
    CHECK_INT(want_too_much(said, sizeof said), 1);
    CHECK_TEXT(said, "limbeck: out of memory; use less data or a machine with more memory\n");
}

static void check_counts(void)
{
    TEST("values: only lists and maps have items, only maps have keys");
    Value *list = value_list(), *map = value_map(), *text = value_text("abc");
    value_add(list, value_null());
    value_set(map, "k", value_int(1));
    CHECK(value_items(list) == 1 && value_items(map) == 1 && value_items(text) == 0 && value_items(NULL) == 0);
    CHECK(value_entries(list) == 0 && value_entries(map) == 1 && value_entries(text) == 0 && value_entries(NULL) == 0);
    value_free(list);
    value_free(map);
    value_free(text);
}

static void check_memory(void)
{
    Error e = {0};
    size_t n;
    TEST("memory: sizes that overflow or cannot be had are errors");
    CHECK(!mem_mul(SIZE_MAX, 2, &n) && mem_mul(7, 6, &n) && n == 42 && !mem_add(SIZE_MAX, 1, &n));
    CHECK(!mem_try_alloc(SIZE_MAX, 2, &e) && e.code == ERROR_MEMORY);
    CHECK(!mem_try_aligned(SIZE_MAX, 1, &e));
    char *block = mem_try_alloc(4, 1, &e);
    memcpy(block, "abc", 4);
    CHECK(!mem_try_realloc(block, SIZE_MAX / 2, 4, &e));
    CHECK_TEXT(block, "abc");
    mem_free(block);

    TEST("memory: zeroed, aligned, counted");
    uint64_t before = mem_calls();
    float *a = mem_try_aligned(100, sizeof *a, &e);
    CHECK(a && (uintptr_t)a % 64 == 0 && a[0] == 0.0f && a[99] == 0.0f);
    mem_free(a);
    CHECK_INT(mem_calls() - before, 1);
    char *copy = mem_strndup("a\0b", 3);
    CHECK(memcmp(copy, "a\0b", 4) == 0);
    mem_free(copy);
    CHECK(mem_strdup(NULL) == NULL);

    TEST("arena: pieces are aligned, zeroed and apart");
    Arena arena = {0};
    char *last = NULL;
    for (size_t i = 1; i < 3000; i += 7) {
        char *piece = arena_alloc(&arena, i, 3, &e);
        CHECK(piece && (uintptr_t)piece % 64 == 0 && piece[0] == 0 && piece[3 * i - 1] == 0 && piece != last);
        memset(piece, 1, 3 * i);
        last = piece;
    }
    CHECK(arena_alloc(&arena, 1000000, 8, &e) != NULL);
    CHECK(!arena_alloc(&arena, SIZE_MAX, 8, &e) && !arena_alloc(&arena, SIZE_MAX, 1, &e));
    arena_done(&arena);
    CHECK(arena.used == 0);
}

static const char *name_at(const void *self, size_t i)
{
    return ((const char *const *)self)[i];
}

static void check_text(void)
{
    Text t = {0};
    TEST("text: grows, formats, is taken");
    CHECK_TEXT(text_get(&t), "");
    for (int i = 0; i < 300; i++) {
        text_addf(&t, "%d,", i);
    }
    CHECK_INT(t.size, 1090);
    CHECK(text_starts(t.bytes, "0,1,2,") && text_ends(t.bytes, ",299,") && !text_ends("a", "ba"));
    text_clear(&t);
    text_addf(&t, "%0600d", 7);
    CHECK_INT(t.size, 600);
    text_clear(&t);
    text_add_bytes(&t, "a\0b", 3);
    text_add_char(&t, 'c');
    char *taken = text_take(&t);
    CHECK(memcmp(taken, "a\0bc", 5) == 0 && t.size == 0);
    mem_free(taken);
    taken = text_take(&t);
    CHECK_TEXT(taken, "");
    mem_free(taken);

    TEST("text: lists keep and copy their items");
    TextList list = {0};
    for (int i = 0; i < 100; i++) {
        char *item = text_format("item %d", i);
        text_list_add(&list, item);
        mem_free(item);
    }
    TextList copy = text_list_copy(&list);
    text_list_done(&list);
    CHECK_INT(copy.count, 100);
    CHECK_TEXT(copy.items[99], "item 99");
    CHECK(text_list_has(&copy, "item 64") && !text_list_has(&copy, "item 100"));
    text_list_done(&copy);
    CHECK(text_equal(NULL, NULL) && !text_equal(NULL, "") && text_equal("a", "a"));
}

static void check_nearest(void)
{
    TEST("text: edit distance and the nearest name");
    struct {
        const char *a, *b;
        size_t distance;
    } const rows[] = {
        {"", "", 0}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"teh", "the", 1}, {"adam", "adam", 0}, {"a", "b", 1}, {"abcd", "badc", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_INT(text_distance(rows[i].a, rows[i].b), rows[i].distance);
        CHECK_INT(text_distance(rows[i].b, rows[i].a), rows[i].distance);
    }
    const char *const names[] = {"fill_missing", "standardize", "one_hot", "min_max", NULL};
    CHECK_TEXT(text_nearest("standardise", name_at, names), "standardize");
    CHECK_TEXT(text_nearest("onehot", name_at, names), "one_hot");
    CHECK_TEXT(text_nearest("mix_man", name_at, names), "min_max");
    CHECK(text_nearest("zebra", name_at, names) == NULL && text_nearest("", name_at, names) == NULL);
    char longer[700];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    CHECK(text_nearest(longer, name_at, names) == NULL && text_distance(longer, longer) == 0);
}

static void check_job(void)
{
    Job job = {0};
    Error e = {0};
    TEST("job: goes on until canceled; there may be none");
    CHECK(job_go_on(&job, &e) && job_go_on(NULL, &e));
    job_progress(&job, 3, 9);
    job_progress(NULL, 3, 9);
    CHECK(atomic_load(&job.done) == 3 && atomic_load(&job.total) == 9);
    atomic_store(&job.cancel, true);
    CHECK(!job_go_on(&job, &e) && e.code == ERROR_CANCELED);
}

void unit_base(void)
{
    check_errors();
    check_memory();
    check_want();
    check_counts();
    check_text();
    check_nearest();
    check_job();
}
