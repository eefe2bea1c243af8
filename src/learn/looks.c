/* One look is one line: appended by one write, never rewritten. */
#include "learn/looks.h"

#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"

enum { FILE_MOST = 16 << 20 };

static TextList unwritten; /* looks of this process that no file holds, each by its digest */

static int64_t count_unwritten(const char *test)
{
    int64_t count = 0;
    for (size_t i = 0; i < unwritten.count; i++)
        count += text_equal(unwritten.items[i], test);
    return count;
}

static void add_unwritten(const char *test)
{
    text_list_add(&unwritten, test);
}

static char *looks_path(const char *runs, const char *test)
{
    return text_format("%s/looks/%s.jsonl", runs, test);
}

static int64_t count_lines(const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    int64_t lines = 0;
    Error ignored = {0};
    IoInfo info;
    if (!io_stat(path, &info) || !io_read_file(path, FILE_MOST, &bytes, &size, &ignored))
        return 0;
    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    mem_free(bytes);
    return lines;
}

/* Takes v. */
static bool append_line(const char *path, Value *v)
{
    Text line = {0};
    size_t written = 0;
    Error ignored = {0};
    json_write(v, JSON_COMPACT, &line);
    text_add_char(&line, '\n');
    char *directory = io_directory(path);
    int file = io_make_directory(directory, &ignored) ? io_open_append(path, &ignored) : -1;
    bool ok = file >= 0 && io_append(file, line.bytes, line.size, path, &written, &ignored);
    if (file >= 0)
        ok = io_close(file, path, &ignored) && ok;
    mem_free(directory);
    text_done(&line);
    value_free(v);
    return ok;
}

static bool append_look(const char *path, const Look *look)
{
    char stamp[24];
    Value *v = value_map();
    clock_stamp(clock_wall(), stamp);
    value_set(v, "t", value_text(stamp));
    value_set(v, "by", value_text(look->by));
    if (look->model)
        value_set(v, "model", value_text(look->model));
    return append_line(path, v);
}

/* What a run was answered, in the order of its questions: a script that runs again after a kill asks the same, and has looked already. */
static struct {
    char *path;
    Value *answers; /* list of {"test", "count"} */
    size_t at;      /* the next question */
} record;

static void read_answers(const char *bytes, size_t size)
{
    for (size_t from = 0, to; from < size; from = to + 1) {
        Error torn = {0};
        for (to = from; to < size && bytes[to] != '\n'; to++)
            ;
        Value *v = to > from ? json_parse(bytes + from, to - from, &torn) : NULL;
        if (v)
            value_add(record.answers, v);
    }
}

void looks_record(const char *directory)
{
    char *bytes = NULL;
    size_t size;
    Error none = {0};
    mem_free(record.path);
    value_free(record.answers);
    record.path = directory ? io_join(directory, "looks.jsonl") : NULL;
    record.answers = directory ? value_list() : NULL;
    record.at = 0;
    if (directory && io_read_file(record.path, FILE_MOST, &bytes, &size, &none))
        read_answers(bytes, size);
    mem_free(bytes);
}

static bool is_answered(const char *test, int64_t *count)
{
    const Value *v = record.answers && record.at < record.answers->size ? record.answers->items[record.at] : NULL;
    if (!v || !text_equal(value_get_text(v, "test", ""), test))
        return false;
    *count = value_get_int(v, "count", 0);
    record.at++;
    return true;
}

static int64_t answer(const char *test, int64_t count)
{
    if (!record.answers)
        return count;
    Value *v = value_map();
    value_set(v, "test", value_text(test));
    value_set(v, "count", value_int(count));
    value_add(record.answers, value_copy(v));
    record.at = record.answers->size;
    append_line(record.path, v);
    return count;
}

static int64_t count_all(const char *runs, const char *test)
{
    char *path = runs ? looks_path(runs, test) : NULL;
    int64_t count = (path ? count_lines(path) : 0) + count_unwritten(test);
    mem_free(path);
    return count;
}

int64_t looks_count(const char *runs, const char *test)
{
    int64_t count;
    return is_answered(test, &count) ? count : answer(test, count_all(runs, test));
}

int64_t looks_add(const Look *look, size_t rows)
{
    int64_t count;
    if (!rows)
        return 0;
    if (is_answered(look->test, &count))
        return count;
    char *path = look->runs ? looks_path(look->runs, look->test) : NULL;
    if (!path || !append_look(path, look))
        add_unwritten(look->test);
    mem_free(path);
    return answer(look->test, count_all(look->runs, look->test));
}
