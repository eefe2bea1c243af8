/* Text tables: tests/cases/steps/NAME.case and tests/cases/readers/NAME.case. A file holds cases that begin with `== TITLE`; the parts
 * of a case are parted by lines `---`:
 *   steps:    one step a line (`log1p {"columns": ["a"]}`), training rows, perhaps other rows, the expected rows or `error: ...`;
 *             a line `note TEXT` asks that the steps say TEXT about the training rows; `target NAME` says which column is to be predicted
 *   readers:  the options as JSON, the bytes of the file (\r \t \0 \n \\ \xNN are escapes), the expected rows or `error: ...`; a last part
 *             may name the types of the columns and the number of rejects: `types: int text, rejects: 1`
 * Without other rows the training rows themselves are transformed. LIMBECK_CASES=steps/log1p runs what begins so. */
#include <stdlib.h>

#include "base/io.h"
#include "base/json.h"
#include "steps/recipe.h"
#include "table/reader.h"
#include "tests/unit/test.h"

enum { PARTS = 4 };

typedef struct Case {
    const char *file;
    int line;
    char *parts[PARTS];
    size_t count;
} Case;

static void fail(const Case *c, const char *what, const char *message)
{
    test_check(false, c->file, c->line, "%s: %s", what, message);
}

static Table *read_rows(const char *bytes, size_t size, const Value *options, Error *e)
{
    return table_read_bytes(NULL, "case.csv", (const uint8_t *)bytes, size, options, e);
}

/* "error: TEXT" asks for a message that holds TEXT; else the rows must be the same text. */
static void compare(const Case *c, const char *expected, const Table *t, const Error *e)
{
    if (text_starts(expected, "error: ")) {
        char *text = mem_strndup(expected + 7, strcspn(expected + 7, "\n")), is[1000] = "no error";
        if (!t)
            error_format(e, is, sizeof is);
        test_check(strstr(is, text) != NULL, c->file, c->line, "expected an error with '%s', got: %s", text, is);
        mem_free(text);
        return;
    }
    if (!t) {
        fail(c, "error", e->message);
        return;
    }
    Text out = {0};
    Error ignored = {0};
    void *params = params_new(&csv_writer.spec);
    CHECK_OK(csv_writer.write(params, t, &out, &ignored), ignored);
    test_check(text_equal(text_get(&out), expected), c->file, c->line, "gives\n%s  expected\n%s", text_get(&out), expected);
    params_free(&csv_writer.spec, params);
    text_done(&out);
}

static const char note_word[] = "note ", target_word[] = "target ";

static bool is_step_line(const char *line)
{
    return !text_starts(line, note_word) && !text_starts(line, target_word);
}

/* Every note that the case asks for is in what the steps said. */
static void check_notes(const Case *c, const TextList *said)
{
    for (const char *line = c->parts[0]; *line;) {
        size_t size = strcspn(line, "\n"), word = strlen(note_word);
        if (text_starts(line, note_word)) {
            char *wanted = mem_strndup(line + word, size - word);
            bool found = false;
            for (size_t i = 0; i < said->count; i++)
                found = found || strstr(said->items[i], wanted);
            test_check(found, c->file, c->line, "nobody says '%s'; said is: %s", wanted, said->count ? said->items[0] : "nothing");
            mem_free(wanted);
        }
        line += size + (line[size] == '\n');
    }
}

static Recipe *add_step(Recipe *r, const char *line, size_t size, Error *e)
{
    size_t name_size = 0;
    while (name_size < size && line[name_size] != ' ')
        name_size++;
    char *name = mem_strndup(line, name_size);
    const Step *step = step_find(name);
    Value *args = name_size < size ? json_parse(line + name_size, size - name_size, e) : value_map();
    void *params = step && args ? params_from_value(&step->spec, args, e) : NULL;
    Recipe *more = params ? recipe_insert(r, r->count, step, params) : NULL;
    if (!step)
        error_set(e, ERROR_USAGE, "unknown step %s", name);
    if (params)
        params_free(&step->spec, params);
    value_free(args);
    mem_free(name);
    recipe_unref(r);
    return more;
}

static Recipe *read_steps(const char *lines, Error *e)
{
    Recipe *r = recipe_new();
    while (r && *lines) {
        size_t size = strcspn(lines, "\n");
        if (is_step_line(lines))
            r = add_step(r, lines, size, e);
        lines += size + (lines[size] == '\n');
    }
    return r;
}

/* The name behind `target`, NULL without such a line; the caller owns it. */
static char *read_target(const char *lines)
{
    for (; *lines; lines += strcspn(lines, "\n") + 1)
        if (text_starts(lines, target_word))
            return mem_strndup(lines + strlen(target_word), strcspn(lines, "\n") - strlen(target_word));
    return NULL;
}

static void run_steps(const Case *c)
{
    Error e = {0};
    char *target = read_target(c->parts[0]);
    Roles roles = {.target = target};
    Table *train = read_rows(c->parts[1], strlen(c->parts[1]), NULL, &e), *out = NULL, *other = NULL;
    if (!train) {
        fail(c, "training rows", e.message);
        mem_free(target);
        return;
    }
    Recipe *recipe = read_steps(c->parts[0], &e);
    Recipe *fitted = recipe ? recipe_fit(NULL, recipe, train, &roles, 7, &out, &e) : NULL;
    if (c->count == 4 && fitted) {
        table_unref(out);
        other = read_rows(c->parts[2], strlen(c->parts[2]), NULL, &e);
        out = other ? recipe_apply(NULL, fitted, other, &roles, &e) : NULL;
    }
    compare(c, c->parts[c->count - 1], fitted ? out : NULL, &e);
    if (fitted)
        check_notes(c, &fitted->notes);
    table_unref(out);
    table_unref(other);
    table_unref(train);
    recipe_unref(recipe);
    recipe_unref(fitted);
    mem_free(target);
}

/* Escapes for what an editor would not keep. A line end of the case file stays one. */
static size_t unescape(char *text)
{
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        static const char names[] = "rtn0\\", codes[] = "\r\t\n\0\\";
        const char *known = *p == '\\' && p[1] ? strchr(names, p[1]) : NULL;
        if (known) {
            text[n++] = codes[known - names];
            p++;
        } else if (*p == '\\' && p[1] == 'x') {
            char digits[3] = {p[2], p[3], 0};
            text[n++] = (char)strtol(digits, NULL, 16);
            p += 3;
        } else {
            text[n++] = *p;
        }
    }
    text[n] = 0;
    return n;
}

static void check_facts(const Case *c, const Table *t)
{
    Text facts = {0};
    text_add(&facts, "types:");
    for (size_t i = 0; i < t->columns_count; i++)
        text_addf(&facts, " %s", column_type_name(t->columns[i]->type));
    text_addf(&facts, ", rejects: %zu\n", t->rejects_count);
    test_check(text_equal(text_get(&facts), c->parts[3]), c->file, c->line, "has %s  expected %s", text_get(&facts), c->parts[3]);
    text_done(&facts);
}

static void run_reader(const Case *c)
{
    Error e = {0};
    Value *options = json_parse(c->parts[0], strlen(c->parts[0]), &e);
    if (!options) {
        fail(c, "options", e.message);
        return;
    }
    size_t size = unescape(c->parts[1]);
    Table *t = read_rows(c->parts[1], size, options, &e);
    compare(c, c->parts[2], t, &e);
    if (t && c->count == 4)
        check_facts(c, t);
    table_unref(t);
    value_free(options);
}

/* Cuts a case at its `---` lines, in place. False: too few or too many parts. */
static bool cut(Case *c, char *body)
{
    c->count = 0;
    for (char *line = body, *part = body; c->count < PARTS;) {
        char *end = strchr(line, '\n');
        bool last = !*line || !end;
        if (last || strncmp(line, "---\n", 4) == 0) {
            c->parts[c->count++] = mem_strndup(part, (size_t)(line - part));
            part = last ? line : line + 4;
        }
        if (last)
            break;
        line = end + 1;
    }
    return c->count >= 3;
}

static void run_case(const char *file, const char *text, const char *start, const char *end)
{
    Case c = {.file = file, .line = 1};
    for (const char *p = text; p < start; p++)
        c.line += *p == '\n';
    size_t title = strcspn(start, "\n");
    char *name = text_format("%s: %.*s", file + strlen("tests/cases/"), (int)title - 3, start + 3);
    TEST(name);
    char *body = mem_strndup(start + title + 1, (size_t)(end - start) - title - 1);
    if (!cut(&c, body))
        fail(&c, "case", "needs three or four parts between --- lines");
    else if (strstr(file, "/readers/"))
        run_reader(&c);
    else
        run_steps(&c);
    for (size_t i = 0; i < c.count; i++)
        mem_free(c.parts[i]);
    mem_free(body);
    mem_free(name);
}

static void run_file(const char *file)
{
    Error e = {0};
    char *text;
    size_t size;
    if (!io_read_file(file, 0, &text, &size, &e)) {
        TEST(file);
        CHECK_OK(false, e);
        return;
    }
    for (const char *start = strstr(text, "== "); start;) {
        const char *next = strstr(start, "\n== "), *end = next ? next + 1 : text + size;
        run_case(file, text, start, end);
        start = next ? next + 1 : NULL;
    }
    mem_free(text);
}

static void run_folder(const char *folder)
{
    Error e = {0};
    TextList names = {0};
    const char *only = getenv("LIMBECK_CASES");
    char *path = text_format("tests/cases/%s", folder);
    if (io_list(path, &names, &e)) {
        for (size_t i = 0; i < names.count; i++) {
            char *file = text_format("%s/%s", path, names.items[i]);
            if (text_ends(file, ".case") && (!only || text_starts(file + strlen("tests/cases/"), only)))
                run_file(file);
            mem_free(file);
        }
    }
    text_list_done(&names);
    mem_free(path);
}

void unit_cases(void)
{
    registry_add(step_family());
    registry_add(reader_family());
    registry_add(writer_family());
    run_folder("readers");
    run_folder("steps");
}
