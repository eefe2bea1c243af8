#include <string.h>

#include "base/io.h"
#include "run/run_dir.h"
#include "tests/unit/test.h"

typedef struct Call {
    const char *kind, *plan;
    int result;   /* stored by journal_end; -1: the run is killed in it */
    int expected; /* stored result that begin hands out; -1: none */
    bool resumes;
} Call;

static void run_calls(const char *path, const Call *calls, size_t count)
{
    Error e = {0};
    Journal *j = journal_open(path, &e);
    CHECK_OK(j != NULL, e);
    for (size_t i = 0; i < count; i++) {
        char *directory = NULL;
        const Value *stored = NULL;
        bool resumes = false;
        CHECK_OK(journal_begin(j, calls[i].kind, calls[i].plan, &directory, &stored, &resumes, &e), e);
        char *expected = text_format("%s/calls/%03zu-%s", path, i + 1, calls[i].kind);
        CHECK_TEXT(directory, expected);
        CHECK_INT(value_get_int(stored, "auc", -1), calls[i].expected);
        CHECK_INT(resumes, calls[i].resumes);
        if (calls[i].result >= 0) {
            Value *result = value_map();
            value_set(result, "auc", value_int(calls[i].result));
            CHECK_OK(journal_end(j, result, &e), e);
            value_free(result);
        }
        mem_free(expected);
        mem_free(directory);
    }
    journal_free(j);
}

static void check_refusal(const char *path, const char *kind, const char *plan)
{
    Error e = {0};
    char *directory = NULL;
    const Value *stored = NULL;
    bool resumes;
    Journal *j = journal_open(path, &e);
    CHECK(!journal_begin(j, kind, plan, &directory, &stored, &resumes, &e));
    CHECK(strstr(e.message, "the script no longer does the same thing") != NULL);
    journal_free(j);
}

void unit_run_journal(void)
{
    Error e = {0};
    size_t written;
    TEST("finished calls return what they stored, the open one goes on, another plan is refused");
    char *path = mem_strdup(test_directory());
    char *file = io_join(path, "journal.jsonl");
    static const Call first[] = {{"train", "aa", 81, -1, false}, {"tune", "bb", -1, -1, false}};
    static const Call second[] = {{"train", "aa", -1, 81, true}, {"tune", "bb", 84, -1, true}, {"distill", "cc", 83, -1, false}};
    static const Call third[] = {{"train", "aa", -1, 81, true}, {"tune", "bb", -1, 84, true}, {"distill", "cc", -1, 83, true}};
    run_calls(path, first, 2);
    int fd = io_open_append(file, &e);
    CHECK_OK(io_append(fd, "{\"e\":\"end\",\"n\":2,\"re", 20, file, &written, &e) && io_close(fd, file, &e), e); /* killed here */
    run_calls(path, second, 3);
    run_calls(path, third, 3);
    check_refusal(path, "train", "zz");
    check_refusal(path, "tune", "aa");
    mem_free(file);
    mem_free(path);
}
