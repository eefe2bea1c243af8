/* Reads the tree, runs the rules, or proves each rule on a bad sample (--self-test DIRECTORY). */
#include "lint.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const lint_rules[] = {"layer",   "include",  "depth", "file_size", "function_size", "nesting", "parameters", "banned",
                                  "library", "unlisted", "name",  "opening",   "guard",         "blanks",  "unfinished", "spelling",
                                  "metric",  "spread",   NULL};

static size_t findings[32];
static bool is_quiet;

void lint_report(const Source *s, size_t at, const char *rule, const char *format, ...)
{
    int line = 1;
    for (size_t i = 0; i < at; i++) {
        line += s->text[i] == '\n';
    }
    size_t index = 0;
    while (lint_rules[index] && strcmp(lint_rules[index], rule) != 0) {
        index++;
    }
    findings[index]++;
    if (is_quiet) {
        return;
    }
    printf("%s:%d: %s: ", s->path, line, rule);
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

bool is_under(const Source *s, const char *prefix)
{
    return strncmp(s->path, prefix, strlen(prefix)) == 0;
}

static bool is_word_char(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word_at(const char *code, size_t at, const char *word)
{
    size_t n = strlen(word);
    return strncmp(code + at, word, n) == 0 && !is_word_char(code[at + n]) && (at == 0 || !is_word_char(code[at - 1]));
}

/* The end of the comment or literal that begins at i; i when none does. */
static size_t skip_inert(const char *text, size_t size, size_t i)
{
    size_t k = i + 1;
    if (text[i] == '/' && text[k] == '*') {
        const char *end = strstr(text + i + 2, "*/");
        return end ? (size_t)(end - text) + 2 : size;
    }
    if (text[i] == '/' && text[k] == '/') {
        return i + strcspn(text + i, "\n");
    }
    if (text[i] != '"' && text[i] != '\'') {
        return i;
    }
    while (k < size && text[k] != text[i] && text[k] != '\n') {
        k += text[k] == '\\' ? 2 : 1;
    }
    return k < size ? k + 1 : size;
}

static size_t skip_directive(const char *text, size_t size, size_t i)
{
    while (i < size && text[i] != '\n') {
        size_t inert = skip_inert(text, size, i);
        i = inert > i ? inert : i + (text[i] == '\\' && text[i + 1] == '\n' ? 2 : 1);
    }
    return i;
}

static char *blank(const char *text, size_t size)
{
    char *code = calloc(1, size + 1);
    bool line_begins = true;
    memcpy(code, text, size);
    for (size_t i = 0; i < size;) {
        size_t end = line_begins && text[i] == '#' ? skip_directive(text, size, i) : skip_inert(text, size, i);
        line_begins = text[i] == '\n' || (line_begins && (text[i] == ' ' || text[i] == '\t'));
        for (size_t k = i; k < end; k++) {
            code[k] = text[k] == '\n' ? '\n' : ' ';
        }
        i = end > i ? end : i + 1;
    }
    return code;
}

static char *read_all(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    char *text = calloc(1, 4 << 20);
    *size = f && text ? fread(text, 1, (4 << 20) - 1, f) : 0;
    if (f) {
        fclose(f);
    }
    return text;
}

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);
    return n > k && strcmp(name + n - k, ending) == 0;
}

static void add_file(Tree *tree, const char *full, const char *path)
{
    size_t size;
    char *text = read_all(full, &size);
    if (has_ending(path, ".def")) {
        size_t old = tree->listed ? strlen(tree->listed) : 0;
        tree->listed = realloc(tree->listed, old + size + 2);
        snprintf(tree->listed + old, size + 2, " %s", text);
        free(text);
        return;
    }
    tree->items = realloc(tree->items, (tree->count + 1) * sizeof *tree->items);
    Source *s = &tree->items[tree->count++];
    memset(s, 0, sizeof *s);
    snprintf(s->path, sizeof s->path, "%s", path);
    s->text = realloc(text, size + 1);
    s->size = size;
    s->code = blank(s->text, size);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk(Tree *tree, const char *path)
{
    char full[1024], below[700];
    struct dirent **names;
    snprintf(full, sizeof full, "%s/%s", tree->root, path);
    int count = strcmp(path, "tests/lint/bad") == 0 ? 0 : scandir(full, &names, NULL, by_name);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        struct stat info;
        snprintf(below, sizeof below, "%.500s/%.180s", path, name);
        snprintf(full, sizeof full, "%s/%s", tree->root, below);
        bool known = name[0] != '.' && lstat(full, &info) == 0;
        if (known && S_ISDIR(info.st_mode)) {
            walk(tree, below);
        } else if (known && (has_ending(name, ".c") || has_ending(name, ".h") || has_ending(name, ".def"))) {
            add_file(tree, full, below);
        }
        free(names[i]);
    }
    if (count > 0) {
        free(names);
    }
}

static size_t check_tree(const char *root)
{
    Tree tree = {.root = root};
    size_t total = 0;
    memset(findings, 0, sizeof findings);
    walk(&tree, "src");
    walk(&tree, "tests");
    for (size_t i = 0; i < tree.count; i++) {
        rules_text(&tree, &tree.items[i]);
        rules_figures(&tree, &tree.items[i]);
        rules_names(&tree.items[i]);
        rules_members(&tree, &tree.items[i]);
        rules_functions(&tree.items[i]);
    }
    for (size_t i = 0; i < tree.count; i++) {
        free(tree.items[i].text);
        free(tree.items[i].code);
    }
    for (size_t i = 0; lint_rules[i]; i++) {
        total += findings[i];
    }
    size_t files = tree.count;
    if (!is_quiet) {
        printf("lint %s: %zu files, %zu findings\n", root, files, total);
    }
    free(tree.items);
    free(tree.listed);
    return files == 0 ? 1 : total;
}

/* Files of a sample that must break its rule: all but those named ok_*. */
static size_t count_bad(const char *directory)
{
    Tree tree = {.root = directory};
    size_t bad = 0;
    walk(&tree, "src");
    for (size_t i = 0; i < tree.count; i++) {
        const char *name = strrchr(tree.items[i].path, '/') + 1;
        bad += strncmp(name, "ok_", 3) != 0;
        free(tree.items[i].text);
        free(tree.items[i].code);
    }
    free(tree.items);
    free(tree.listed);
    return bad;
}

/* bad/RULE/ must break that rule in each of its files, and no other; good/ breaks none. */
static int self_test(const char *directory)
{
    char path[512];
    int failures = 0;
    snprintf(path, sizeof path, "%s/good", directory);
    failures += check_tree(path) != 0;
    is_quiet = true;
    for (size_t i = 0; lint_rules[i]; i++) {
        snprintf(path, sizeof path, "%s/bad/%s", directory, lint_rules[i]);
        size_t all = check_tree(path);
        size_t wanted = count_bad(path);
        if (findings[i] == 0 || findings[i] < wanted || findings[i] != all) {
            printf("tests/lint/bad/%s:1: %zu findings of this rule and %zu in all, expected %zu\n", lint_rules[i], findings[i], all,
                   wanted);
            failures++;
        }
    }
    if (failures == 0) {
        printf("lint: each rule is proven on a bad sample\n");
    }
    return failures;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--self-test") == 0) {
        return self_test(argv[2]) != 0;
    }
    if (argc != 2) {
        fprintf(stderr, "usage: lint ROOT | lint --self-test DIRECTORY\n");
        return 2;
    }
    return check_tree(argv[1]) != 0;
}
