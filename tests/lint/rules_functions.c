/* Rules on functions: length, depth of control blocks, number of parameters. */
#include <string.h>

#include "lint.h"

enum { FUNCTION_LINES = 80, NESTING = 3, PARAMETERS = 5, KERNEL_PARAMETERS = 8, BRACES = 64 };

/* The last character before `at` that is no blank; 0 when there is none. */
static size_t behind(const char *code, size_t at)
{
    while (at > 0 && strchr(" \n\t", code[at - 1])) {
        at--;
    }
    return at > 0 ? at - 1 : 0;
}

static size_t opening_of(const char *code, size_t close)
{
    int depth = 0;
    for (size_t i = close + 1; i-- > 0;) {
        depth += (code[i] == ')') - (code[i] == '(');
        if (depth == 0) {
            return i;
        }
    }
    return 0;
}

static size_t word_start(const char *code, size_t last)
{
    size_t i = last + 1;
    while (i > 0 && (code[i - 1] == '_' || (code[i - 1] >= 'a' && code[i - 1] <= 'z') || (code[i - 1] >= 'A' && code[i - 1] <= 'Z') ||
                     (code[i - 1] >= '0' && code[i - 1] <= '9'))) {
        i--;
    }
    return i;
}

/* Does this brace open the body of if, else, for, while, do or switch? */
static bool opens_control(const char *code, size_t brace)
{
    size_t last = behind(code, brace);
    if (code[last] == ')') {
        size_t word = behind(code, opening_of(code, last));
        size_t start = word_start(code, word);
        static const char *const words[] = {"if", "for", "while", "switch"};
        for (int i = 0; i < 4; i++) {
            if (is_word_at(code, start, words[i])) {
                return true;
            }
        }
        return false;
    }
    size_t start = word_start(code, last);
    return is_word_at(code, start, "else") || is_word_at(code, start, "do");
}

/* Does a parameter count? What is only handed along does not (Job, Pen, Error, a format and its "..."), nor a place for a result
 * (T **), nor the second half of a pair: y of x, y; self of a callback. */
static bool is_counted(const char *code, size_t start, size_t end)
{
    static const char *const free_of_charge[] = {"Job", "Pen", "Error", "format", "self", "y"};
    for (size_t i = start; i < end; i++) {
        for (int k = 0; k < 6; k++) {
            if (is_word_at(code, i, free_of_charge[k])) {
                return false;
            }
        }
        if (code[i] == '*' && code[i + 1] == '*') {
            return false;
        }
    }
    return strncmp(code + start + strspn(code + start, " \n"), "...", 3) != 0;
}

static int count_parameters(const char *code, size_t open, size_t close)
{
    int depth = 0, count = 0;
    size_t start = open + 1;
    for (size_t i = open; i <= close; i++) {
        depth += (code[i] == '(') - (code[i] == ')');
        if ((code[i] == ',' && depth == 1) || i == close) {
            count += is_counted(code, start, i);
            start = i + 1;
        }
    }
    return count;
}

/* The body that begins at `brace`; returns its end. */
static size_t check_body(const Source *s, size_t brace, size_t start)
{
    bool control[BRACES] = {false};
    int depth = 0, level = 0, lines = 1;
    size_t i = start;
    for (; i < brace; i++) {
        lines += s->code[i] == '\n';
    }
    for (; i < s->size; i++) {
        char c = s->code[i];
        lines += c == '\n';
        if (c == '{' && depth < BRACES) {
            control[depth] = depth > 0 && opens_control(s->code, i);
            level += control[depth++];
            if (control[depth - 1] && level == NESTING + 1) {
                lint_report(s, i, "nesting", "more than %d levels; make the inner part a function", NESTING);
            }
        } else if (c == '}' && depth > 0) {
            level -= control[--depth];
        }
        if (c == '}' && depth == 0) {
            break;
        }
    }
    if (lines > FUNCTION_LINES) {
        lint_report(s, start, "function_size", "%d lines, at most %d", lines, FUNCTION_LINES);
    }
    return i;
}

static size_t skip_braces(const Source *s, size_t i)
{
    int depth = 0;
    for (; i < s->size; i++) {
        depth += (s->code[i] == '{') - (s->code[i] == '}');
        if (depth == 0) {
            break;
        }
    }
    return i;
}

void rules_functions(const Source *s)
{
    for (size_t i = 0; i < s->size; i++) {
        if (s->code[i] != '{') {
            continue;
        }
        size_t close = behind(s->code, i);
        if (s->code[close] != ')') {
            i = skip_braces(s, i);
            continue;
        }
        size_t open = opening_of(s->code, close), start = word_start(s->code, behind(s->code, open));
        /* Kernels take arrays with their sizes and strides, as BLAS does. */
        int parameters = count_parameters(s->code, open, close), most = is_under(s, "src/num/") ? KERNEL_PARAMETERS : PARAMETERS;
        if (parameters > most) {
            lint_report(s, start, "parameters", "%d parameters, at most %d; pass a struct", parameters, most);
        }
        i = check_body(s, i, start);
    }
}
