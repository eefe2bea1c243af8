/* The rules of the house as a program: reads sources, prints file:line: rule: message. */
#ifndef TESTS_LINT_LINT_H
#define TESTS_LINT_LINT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Source {
    char path[720]; /* from the root: src/base/text.c */
    char *text;     /* as written */
    char *code;     /* the same length: comments, literals and preprocessor lines are blanks */
    size_t size;
} Source;

typedef struct Tree {
    const char *root;
    Source *items;
    size_t count;
    char *listed; /* all .def files, one after another */
} Tree;

extern const char *const lint_rules[]; /* names of all rules; ends with NULL */

void lint_report(const Source *s, size_t at, const char *rule, const char *format, ...) __attribute__((format(printf, 4, 5)));

void rules_text(const Tree *tree, const Source *s);    /* sizes, blanks, words, includes */
void rules_names(const Source *s);                     /* banned calls and names */
void rules_members(const Tree *tree, const Source *s); /* members of a family without their line in its list */
void rules_figures(const Tree *tree, const Source *s); /* metrics by name, spreads */
void rules_functions(const Source *s);                 /* length, depth, parameters */

bool is_under(const Source *s, const char *prefix);
bool is_word_at(const char *code, size_t at, const char *word); /* a whole identifier */

#endif
