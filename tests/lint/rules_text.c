/* Rules on files as text: size, opening paragraph, include guards, who includes whom, words. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lint.h"

enum { FILE_LINES = 500, LINE_WIDTH = 200 };

typedef struct Room {
    const char *name, *below; /* below: the rooms it builds on, each between blanks */
} Room;

static const Room rooms[] = {
    {"base", " "},
    {"num", " base "},
    {"spec", " base "},
    {"table", " spec "},
    {"run", " base "},
    {"audio", " num table "},
    {"steps", " table num audio "},
    {"net", " spec num "},
    {"learn", " steps net run "},
    {"deploy", " learn "},
    {"app", " learn deploy "},
    {"script", " app "},
    {"tui", " spec "},
    {"views", " tui app "},
    {"cli", " app script views "},
    {"main.c", " cli "},
};
enum { ROOMS = sizeof rooms / sizeof rooms[0] };

static const Room *find_room(const char *name, size_t size)
{
    for (size_t i = 0; i < ROOMS; i++) {
        if (strlen(rooms[i].name) == size && memcmp(rooms[i].name, name, size) == 0) {
            return &rooms[i];
        }
    }
    return NULL;
}

/* The map has no cycles, so the search ends. */
static bool reaches(const Room *from, const Room *to)
{
    if (from == to) {
        return true;
    }
    for (const char *p = from->below + 1; *p;) {
        size_t size = strcspn(p, " ");
        const Room *next = find_room(p, size);
        if (next && reaches(next, to)) {
            return true;
        }
        p += size + 1;
    }
    return false;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);
    return n >= k && strcmp(name + n - k, ending) == 0;
}

static void check_include(const Tree *tree, const Source *s, size_t at, const char *name)
{
    char path[1024];
    struct stat info;
    snprintf(path, sizeof path, "%s/src/%s", tree->root, name);
    if (stat(path, &info) != 0 && !ends_with(name, ".def")) {
        lint_report(s, at, "include", "\"%s\" is no file below src/; includes are written from there", name);
        return;
    }
    const Room *mine = find_room(s->path + 4, strcspn(s->path + 4, "/")), *other = find_room(name, strcspn(name, "/"));
    if (!mine || !other) {
        lint_report(s, at, "include", "\"%s\": this room is not on the map; add it to tests/lint/rules_text.c and to the design", name);
    } else if (!reaches(mine, other)) {
        lint_report(s, at, "layer", "%s may not include %s (\"%s\")", mine->name, other->name, name);
    }
}

typedef struct Library {
    const char *header, *home; /* home: the paths that may include it, each between blanks */
} Library;

static void check_library(const Source *s, size_t at, const char *header)
{
    static const Library libraries[] = {
        {"curses.h", "src/tui/screen_curses.c"},
        {"ncurses", "src/tui/screen_curses.c"},
        {"term.h", "src/tui/screen_curses.c"},
        {"cblas", "src/num/gemm.c"},
        {"openblas", "src/num/gemm.c"},
        {"lapack", "src/num/lapack.c"},
        {"lua", "src/script/"},
        {"lauxlib", "src/script/"},
        {"cjson", "src/base/json.c"},
        {"cJSON", "src/base/json.c"},
        {"zlib", "src/table/readers/"},
    };
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        size_t size = strlen(libraries[i].header);
        if (strncmp(header, libraries[i].header, size) == 0 && !is_under(s, libraries[i].home)) {
            lint_report(s, at, "library", "only %s includes <%s>", libraries[i].home, header);
        }
    }
}

static void check_line(const Tree *tree, const Source *s, size_t at, size_t length)
{
    const char *line = s->text + at;
    if (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t')) {
        lint_report(s, at, "blanks", "blanks at the end of the line");
    }
    if (memchr(line, '\t', length) || memchr(line, '\r', length)) {
        lint_report(s, at, "blanks", "a tab or carriage return; indent with 4 blanks");
    }
    if (length > LINE_WIDTH) {
        lint_report(s, at, "blanks", "%zu characters in a line; break it", length);
    }
    char name[256];
    if (!is_under(s, "src/")) {
        return;
    }
    if (sscanf(line, "#include \"%255[^\"\n]\"", name) == 1) {
        check_include(tree, s, at, name);
    } else if (sscanf(line, "#include <%255[^>\n]>", name) == 1) {
        check_library(s, at, name);
    }
}

static void check_lines(const Tree *tree, const Source *s)
{
    size_t lines = 0;
    for (size_t at = 0; at < s->size;) {
        size_t length = strcspn(s->text + at, "\n");
        check_line(tree, s, at, length);
        at += length + 1;
        lines++;
    }
    if (lines > FILE_LINES) {
        lint_report(s, 0, "file_size", "%zu lines, at most %d; give a part of it a file of its own", lines, FILE_LINES);
    }
    if (s->size == 0 || s->text[s->size - 1] != '\n') {
        lint_report(s, s->size, "blanks", "the last line has no end");
    }
}

static void check_words(const Source *s)
{
    static const char *const marks[] = {"TO"
                                        "DO",
                                        "FIX"
                                        "ME",
                                        "XX"
                                        "X:",
                                        "HA"
                                        "CK",
                                        "to be "
                                        "implemented",
                                        "not "
                                        "implemented"};
    static const char *const british[] = {"col"
                                          "our",
                                          "behav"
                                          "iour",
                                          "normal"
                                          "ise",
                                          "optim"
                                          "ise",
                                          "standard"
                                          "ise",
                                          "initial"
                                          "ise",
                                          "neigh"
                                          "bour",
                                          "recogn"
                                          "ise",
                                          "analy"
                                          "se ",
                                          "cent"
                                          "re ",
                                          "lic"
                                          "ence",
                                          "cancel"
                                          "led"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *found = strstr(s->text, marks[i]);
        if (found) {
            lint_report(s, (size_t)(found - s->text), "unfinished", "\"%s\": finish it or leave it out", marks[i]);
        }
    }
    for (size_t i = 0; is_under(s, "src/") && i < sizeof british / sizeof british[0]; i++) {
        const char *found = strstr(s->text, british[i]);
        if (found) {
            lint_report(s, (size_t)(found - s->text), "spelling", "\"%s\": American spelling", british[i]);
        }
    }
}

/* src/base/text.h is guarded by BASE_TEXT_H. A header meant to be included again says "no guard". */
static void check_guard(const Source *s)
{
    char guard[256] = "#ifndef ";
    size_t n = strlen(guard);
    for (const char *p = s->path + 4; *p && n + 1 < sizeof guard; p++) {
        guard[n++] = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p == '/' || *p == '.' ? '_' : *p;
    }
    guard[n] = 0;
    if (!strstr(s->text, guard) && !strstr(s->text, "no guard")) {
        lint_report(s, 0, "guard", "expected %s", guard);
    }
}

void rules_text(const Tree *tree, const Source *s)
{
    check_lines(tree, s);
    check_words(s);
    if (!is_under(s, "src/")) {
        return;
    }
    size_t slashes = 0;
    for (const char *p = s->path + 4; *p; p++) {
        slashes += *p == '/';
    }
    if (slashes > 2) {
        lint_report(s, 0, "depth", "folders go two levels deep");
    }
    if (strncmp(s->text, "/*", 2) != 0) {
        lint_report(s, 0, "opening", "a file begins with a short comment on its purpose");
    }
    if (ends_with(s->path, ".h")) {
        check_guard(s);
    }
}
