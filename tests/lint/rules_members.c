/* Every member of a family has its line in the family's own .def list: STEP(one_hot) for step_one_hot. A name that only another family
 * lists does not count. Members that a macro of their file makes are found through that macro; views are listed in C. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lint.h"

typedef struct FamilyRow {
    const char *type, *list; /* list NULL: &NAME must stand in another file */
} FamilyRow;

static const FamilyRow families[] = {
    {"Step", "STEP"},         {"Layer", "LAYER"},     {"Loss", "LOSS"},       {"Metric", "METRIC"}, {"Optimizer", "OPTIMIZER"},
    {"Schedule", "SCHEDULE"}, {"Preset", "PRESET"},   {"Sampler", "SAMPLER"}, {"Reader", "READER"}, {"Writer", "WRITER"},
    {"Verb", "VERB"},         {"Command", "COMMAND"}, {"View", NULL},
};

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static size_t name_size(const char *p)
{
    size_t n = 0;
    while (is_name(p[n])) {
        n++;
    }
    return n;
}

/* LIST(name) stands in a .def file. */
static bool is_listed(const Tree *tree, const char *list, const char *name)
{
    char line[200];
    snprintf(line, sizeof line, "%s(%s)", list, name);
    size_t size = strlen(list);
    for (const char *p = tree->listed; p && (p = strstr(p, line)) != NULL; p += size) {
        if (p == tree->listed || !is_name(p[-1])) {
            return true;
        }
    }
    return false;
}

static bool is_used_elsewhere(const Tree *tree, const Source *s, const char *object)
{
    char use[200];
    snprintf(use, sizeof use, "&%s", object);
    for (size_t i = 0; i < tree->count; i++) {
        const Source *other = &tree->items[i];
        for (const char *p = other == s ? NULL : other->code; p && (p = strstr(p, use)) != NULL; p++) {
            if (!is_name(p[strlen(use)])) {
                return true;
            }
        }
    }
    return false;
}

/* step_one_hot and one_hot_step are called one_hot. NULL: neither form. */
static const char *member_name(const char *type, const char *object, char out[128])
{
    char family[40];
    size_t n = strlen(type), all = strlen(object);
    snprintf(family, sizeof family, "%s", type);
    family[0] = (char)tolower((unsigned char)family[0]);
    if (strncmp(object, family, n) == 0 && object[n] == '_') {
        snprintf(out, 128, "%s", object + n + 1);
    } else if (all > n + 1 && strcmp(object + all - n, family) == 0 && object[all - n - 1] == '_') {
        snprintf(out, 128, "%.*s", (int)(all - n - 1), object);
    } else {
        return NULL;
    }
    return out;
}

static void check_object(const Tree *tree, const Source *s, size_t at, const FamilyRow *family, const char *object)
{
    char name[128];
    if (strstr(s->path, "/skeleton.c")) {
        return;
    }
    if (!family->list) {
        if (!is_used_elsewhere(tree, s, object)) {
            lint_report(s, at, "unlisted", "%s %s: no other file knows it", family->type, object);
        }
    } else if (!member_name(family->type, object, name)) {
        lint_report(s, at, "unlisted", "%s %s: its name must begin or end with its family, so that its list can be checked", family->type,
                    object);
    } else if (!is_listed(tree, family->list, name)) {
        lint_report(s, at, "unlisted", "%s %s: no .def file says %s(%s)", family->type, object, family->list, name);
    }
}

/* File-level objects: const TYPE NAME = ... */
static void check_objects(const Tree *tree, const Source *s, const FamilyRow *family)
{
    char start[64], object[128];
    snprintf(start, sizeof start, "\nconst %s ", family->type);
    for (const char *p = s->code; (p = strstr(p, start)) != NULL;) {
        p += strlen(start);
        size_t n = name_size(p), end = n;
        while (isspace((unsigned char)p[end])) {
            end++;
        }
        if (n > 0 && n < sizeof object && p[end] == '=') {
            snprintf(object, sizeof object, "%.*s", (int)n, p);
            check_object(tree, s, (size_t)(p - s->code), family, object);
        }
    }
}

/* MACRO(id, ...) at the start of a line makes PREFIXid. */
static void check_made(const Tree *tree, const Source *s, const FamilyRow *family, const char *macro, const char *prefix)
{
    char start[200], object[256];
    snprintf(start, sizeof start, "\n%s(", macro);
    for (const char *p = s->code; (p = strstr(p, start)) != NULL;) {
        p += strlen(start);
        snprintf(object, sizeof object, "%.120s%.*s", prefix, (int)(name_size(p) < 120 ? name_size(p) : 120), p);
        check_object(tree, s, (size_t)(p - s->code), family, object);
    }
}

/* The end of a macro's text: the first line that is not continued. */
static const char *macro_end(const char *p)
{
    while (*p && !(*p == '\n' && p[-1] != '\\')) {
        p++;
    }
    return p;
}

static void check_macros(const Tree *tree, const Source *s, const FamilyRow *family)
{
    char start[64];
    snprintf(start, sizeof start, "const %s ", family->type);
    for (const char *p = s->text; (p = strstr(p, "\n#define ")) != NULL;) {
        p += strlen("\n#define ");
        const char *end = macro_end(p), *made = strstr(p, start);
        char macro[120], prefix[120];
        snprintf(macro, sizeof macro, "%.*s", (int)(name_size(p) < 100 ? name_size(p) : 100), p);
        if (!made || made > end || p[name_size(p)] != '(') {
            continue;
        }
        made += strlen(start);
        size_t n = name_size(made);
        snprintf(prefix, sizeof prefix, "%.*s", (int)(n < 100 ? n : 100), made);
        if (strncmp(made + n, "##", 2) == 0) {
            check_made(tree, s, family, macro, prefix);
        }
    }
}

void rules_members(const Tree *tree, const Source *s)
{
    if (!is_under(s, "src/")) {
        return;
    }
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        check_objects(tree, s, &families[i]);
        check_macros(tree, s, &families[i]);
    }
}
