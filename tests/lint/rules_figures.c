/* Rules on figures: a metric is known by name only where it is declared (and where a field's default names it); a spread is written in
 * one place, which says what it is. */
#include <stdio.h>
#include <string.h>

#include "lint.h"

enum { NAMES_MAX = 64, NAME_ROOM = 48 };

/* The members of src/net/metrics/metrics.def; 0 when the tree has none. */
static size_t read_metrics(const Tree *tree, char names[NAMES_MAX][NAME_ROOM])
{
    char path[1024], line[256];
    snprintf(path, sizeof path, "%s/src/net/metrics/metrics.def", tree->root);
    FILE *f = fopen(path, "r");
    size_t count = 0;
    while (f && count < NAMES_MAX && fgets(line, sizeof line, f)) {
        count += sscanf(line, "METRIC(%47[a-z0-9_])", names[count]) == 1;
    }
    if (f) {
        fclose(f);
    }
    return count;
}

/* Rooms that build on the registry of metrics; below it a name may mean something else. */
static bool knows_metrics(const Source *s)
{
    static const char *const rooms[] = {"src/learn/", "src/deploy/", "src/app/", "src/script/", "src/views/", "src/cli/"};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        if (is_under(s, rooms[i])) {
            return true;
        }
    }
    return false;
}

static bool is_default(const Source *s, size_t at)
{
    static const char mark[] = ".def = ";
    return at >= sizeof mark - 1 && strncmp(s->text + at - (sizeof mark - 1), mark, sizeof mark - 1) == 0;
}

/* "auc", "valid.auc"; the bare word of the family of losses is allowed. */
static void check_literal(const Source *s, size_t at, const char *name)
{
    static const char *const parts[] = {"", "train.", "valid.", "test."};
    for (size_t i = 0; i < 4; i++) {
        char literal[NAME_ROOM + 16];
        int size = snprintf(literal, sizeof literal, "\"%s%s\"", parts[i], name);
        if (strncmp(s->text + at, literal, (size_t)size) == 0 && !(i == 0 && strcmp(name, "loss") == 0) && !is_default(s, at)) {
            lint_report(s, at, "metric", "%s: only src/net/metrics knows metrics by name; ask the registry", literal);
        }
    }
}

static bool is_code(const Source *s, size_t at)
{
    const char *open = s->text, *last = NULL;
    for (const char *p = strstr(open, "/*"); p && (size_t)(p - s->text) < at; p = strstr(p + 2, "/*")) {
        last = p;
    }
    const char *end = last ? strstr(last, "*/") : NULL;
    return !last || (end && (size_t)(end - s->text) < at);
}

static void check_spread(const Source *s)
{
    static const char *const signs[] = {"\xc2\xb1%", "\xc2\xb1 %", "\\u00b1%", "\\u00b1 %", " +- %"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        for (const char *p = strstr(s->text, signs[i]); p; p = strstr(p + 1, signs[i])) {
            if (is_code(s, (size_t)(p - s->text)) && strcmp(s->path, "src/learn/figure.c") != 0) {
                lint_report(s, (size_t)(p - s->text), "spread", "a spread says what it is: write it with learn/figure");
                return;
            }
        }
    }
}

void rules_figures(const Tree *tree, const Source *s)
{
    char names[NAMES_MAX][NAME_ROOM];
    if (!is_under(s, "src/")) {
        return;
    }
    check_spread(s);
    size_t count = knows_metrics(s) ? read_metrics(tree, names) : 0;
    for (const char *p = count ? strchr(s->text, '"') : NULL; p; p = strchr(p + 1, '"')) {
        for (size_t i = 0; i < count; i++) {
            if (is_code(s, (size_t)(p - s->text))) {
                check_literal(s, (size_t)(p - s->text), names[i]);
            }
        }
    }
}
