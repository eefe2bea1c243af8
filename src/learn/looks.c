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

static bool append_line(const char *path, const Look *look)
{
    char stamp[24];
    Value *v = value_map();
    Text line = {0};
    Error ignored = {0};
    clock_stamp(clock_wall(), stamp);
    value_set(v, "t", value_text(stamp));
    value_set(v, "by", value_text(look->by));
    if (look->model)
        value_set(v, "model", value_text(look->model));
    json_write(v, JSON_COMPACT, &line);
    text_add_char(&line, '\n');
    char *directory = io_directory(path);
    int file = io_make_directory(directory, &ignored) ? io_open_append(path, &ignored) : -1;
    bool ok = file >= 0 && io_append_once(file, line.bytes, line.size, path, &ignored);
    if (file >= 0)
        ok = io_close(file, path, &ignored) && ok;
    mem_free(directory);
    text_done(&line);
    value_free(v);
    return ok;
}

int64_t looks_count(const char *runs, const char *test)
{
    char *path = runs ? looks_path(runs, test) : NULL;
    int64_t count = (path ? count_lines(path) : 0) + count_unwritten(test);
    mem_free(path);
    return count;
}

int64_t looks_add(const Look *look, size_t rows)
{
    if (!rows)
        return 0;
    char *path = look->runs ? looks_path(look->runs, look->test) : NULL;
    if (!path || !append_line(path, look))
        add_unwritten(look->test);
    mem_free(path);
    return looks_count(look->runs, look->test);
}
