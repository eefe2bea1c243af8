/* The parser of patterns: recursive descent, with the place of what it cannot read. */
#include <string.h>

#include "base/utf8.h"
#include "table/pattern_internal.h"

typedef struct Reader {
    Pattern *p;
    const char *text;
    size_t at, size;
    int depth;
    Error *e;
} Reader;

static PatternNode *parse_either(Reader *r);

static PatternNode *fail(const Reader *r, size_t at, const char *message)
{
    error_set(r->e, ERROR_USAGE, "pattern \"%s\": character %zu: %s", r->text, at + 1, message);
    return NULL;
}

void pattern_free_nodes(PatternNode *n)
{
    if (!n)
        return;
    pattern_free_nodes(n->left);
    pattern_free_nodes(n->right);
    mem_free(n);
}

static PatternNode *node(PatternKind kind, uint32_t value)
{
    PatternNode *n = MEM_NEW(PatternNode);
    n->kind = kind;
    n->value = value;
    return n;
}

static PatternNode *pair(PatternKind kind, PatternNode *left, PatternNode *right)
{
    if (!left || !right) {
        pattern_free_nodes(left);
        pattern_free_nodes(right);
        return NULL;
    }
    PatternNode *n = node(kind, 0);
    n->left = left;
    n->right = right;
    return n;
}

static bool take(Reader *r, const char *sign)
{
    if (!text_starts(r->text + r->at, sign))
        return false;
    r->at += strlen(sign);
    return true;
}

static uint32_t take_code(Reader *r)
{
    uint32_t code;
    r->at += utf8_decode(r->text + r->at, r->size - r->at, &code);
    return code;
}

static void add_range(CodeClass *c, uint32_t first, uint32_t last)
{
    MEM_GROW(c->ranges, c->count, c->room);
    c->ranges[c->count++] = (CodeRange){first, last};
}

typedef struct NamedClass {
    const char *name;
    const char *ranges; /* pairs of first and last */
} NamedClass;

/* ASCII only, whatever the locale is. */
static const NamedClass named[] = {
    {"d", "09"},           {"w", "azAZ09__"},    {"s", "  \t\r"},      {"alpha", "azAZ"},   {"digit", "09"},
    {"alnum", "azAZ09"},   {"upper", "AZ"},      {"lower", "az"},      {"space", "  \t\r"}, {"blank", "  \t\t"},
    {"punct", "!/:@[`{~"}, {"xdigit", "09afAF"}, {"word", "azAZ09__"},
};

static const char *class_ranges(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strlen(named[i].name) == size && memcmp(named[i].name, name, size) == 0)
            return named[i].ranges;
    return NULL;
}

/* All code points outside of these ranges; the pairs of the table are not in order. */
static void add_outside(CodeClass *c, const char *ranges)
{
    uint32_t from = 0;
    for (;;) {
        uint32_t first = UINT32_MAX, last = 0;
        for (const char *s = ranges; *s; s += 2)
            if ((unsigned char)s[0] >= from && (unsigned char)s[0] < first)
                first = (unsigned char)s[0], last = (unsigned char)s[1];
        if (first == UINT32_MAX)
            break;
        if (first > from)
            add_range(c, from, first - 1);
        from = last + 1;
    }
    add_range(c, from, UINT32_MAX);
}

static void add_named(CodeClass *c, const char *ranges, bool outside)
{
    if (outside)
        add_outside(c, ranges);
    for (; !outside && *ranges; ranges += 2)
        add_range(c, (unsigned char)ranges[0], (unsigned char)ranges[1]);
}

/* A letter behind a backslash that stands for a class: d, and D for what is none. */
static const char *escape_ranges(char c, bool *outside)
{
    char small = (char)(c | 0x20);
    *outside = c >= 'A' && c <= 'Z';
    return small == 'd' || small == 'w' || small == 's' ? class_ranges(&small, 1) : NULL;
}

/* What a backslash makes of the next character; false: an error. */
static bool take_escaped(Reader *r, uint32_t *code)
{
    static const char plain[] = "ntr", means[] = "\n\t\r";
    size_t at = r->at - 1;
    if (r->at >= r->size)
        return fail(r, at, "a backslash at the end stands for nothing; \\\\ is a backslash");
    char c = r->text[r->at];
    const char *known = strchr(plain, c);
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c >= '0' && c <= '9')
        return fail(r, at, "a pattern cannot refer back to a group");
    if (letter && !known)
        return fail(r, at, "this letter means nothing behind a backslash");
    *code = known ? (uint32_t)(unsigned char)means[known - plain] : 0;
    if (known)
        r->at++;
    else
        *code = take_code(r);
    return true;
}

static CodeClass *new_class(Reader *r, uint32_t *index)
{
    Pattern *p = r->p;
    MEM_GROW(p->classes, p->classes_count, p->classes_room);
    *index = (uint32_t)p->classes_count++;
    p->classes[*index] = (CodeClass){0};
    return &p->classes[*index];
}

/* [:alpha:], \d or nothing of the kind: 0; -1: an error. */
static int take_class_in_set(Reader *r, CodeClass *c)
{
    const char *s = r->text + r->at;
    if (s[0] == '[' && s[1] == ':') {
        const char *end = strstr(s + 2, ":]"), *ranges = end ? class_ranges(s + 2, (size_t)(end - s - 2)) : NULL;
        if (!ranges)
            return fail(r, r->at, "no such class; [:alpha:] [:digit:] [:alnum:] [:space:] [:upper:] [:lower:] [:punct:] are known"), -1;
        add_named(c, ranges, false);
        r->at += (size_t)(end - s) + 2;
        return 1;
    }
    bool outside;
    const char *ranges = s[0] == '\\' ? escape_ranges(s[1], &outside) : NULL;
    if (ranges) {
        add_named(c, ranges, outside);
        r->at += 2;
    }
    return ranges != NULL;
}

static bool take_set_code(Reader *r, uint32_t *code)
{
    if (take(r, "\\"))
        return take_escaped(r, code);
    *code = take_code(r);
    return true;
}

static bool take_range(Reader *r, CodeClass *c)
{
    size_t at = r->at;
    uint32_t first, last;
    if (!take_set_code(r, &first))
        return false;
    const char *s = r->text + r->at;
    if (s[0] != '-' || s[1] == ']' || !s[1])
        return add_range(c, first, first), true;
    r->at++;
    if (!take_set_code(r, &last))
        return false;
    if (last < first)
        return fail(r, at, "this range runs backward");
    return add_range(c, first, last), true;
}

/* Behind the opening bracket; a closing one that comes first stands for itself. */
static PatternNode *parse_set(Reader *r)
{
    uint32_t index;
    size_t open = r->at - 1;
    CodeClass *c = new_class(r, &index);
    c->negated = take(r, "^");
    for (size_t first = r->at; r->at < r->size;) {
        if (r->at > first && take(r, "]"))
            return node(KIND_CLASS, index);
        int is = take_class_in_set(r, c);
        if (is < 0 || (!is && !take_range(r, c)))
            return NULL;
    }
    return fail(r, open, "this [ is not closed");
}

static PatternNode *parse_escape(Reader *r)
{
    bool outside;
    uint32_t code, index;
    const char *ranges = escape_ranges(r->text[r->at], &outside);
    if (ranges) {
        add_named(new_class(r, &index), ranges, outside);
        r->at++;
        return node(KIND_CLASS, index);
    }
    if (take(r, "b"))
        return node(KIND_AT, AT_WORD);
    if (take(r, "B"))
        return node(KIND_AT, AT_NO_WORD);
    return take_escaped(r, &code) ? node(KIND_CODE, code) : NULL;
}

/* Behind the opening parenthesis. */
static PatternNode *parse_group(Reader *r)
{
    size_t open = r->at - 1;
    bool counts = !take(r, "?:");
    if (counts && r->text[r->at] == '?')
        return fail(r, open, "only (...), (?:...) and (?i) in front are known");
    if (counts && r->p->groups == PATTERN_GROUPS_MOST)
        return fail(r, open, "more than 20 groups; (?:...) is none");
    uint32_t number = counts ? (uint32_t)++r->p->groups : 0;
    PatternNode *inner = parse_either(r), *n = NULL;
    if (!inner)
        return NULL;
    if (!take(r, ")"))
        return pattern_free_nodes(inner), fail(r, open, "this ( is not closed");
    n = node(KIND_GROUP, number);
    n->left = inner;
    return n;
}

static PatternNode *parse_atom(Reader *r)
{
    size_t at = r->at;
    if (take(r, "("))
        return parse_group(r);
    if (take(r, "["))
        return parse_set(r);
    if (take(r, "."))
        return node(KIND_ANY, 0);
    if (take(r, "^"))
        return node(KIND_AT, AT_START);
    if (take(r, "$"))
        return node(KIND_AT, AT_END);
    if (take(r, "\\"))
        return parse_escape(r);
    if (strchr("*+?", r->text[at]))
        return fail(r, at, "there is nothing to repeat; \\ before it takes it as it is");
    return node(KIND_CODE, take_code(r));
}

static int take_count(Reader *r)
{
    int n = 0;
    for (; r->text[r->at] >= '0' && r->text[r->at] <= '9'; r->at++)
        n = n > PATTERN_REPEAT_MOST ? n : 10 * n + (r->text[r->at] - '0');
    return n;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* {2}, {2,}, {,5} or {2,5}; a brace before anything else stands for itself. */
static bool take_braces(Reader *r, int *least, int *most)
{
    size_t at = r->at;
    const char *s = r->text + at;
    if (s[0] != '{' || !(is_digit(s[1]) || (s[1] == ',' && is_digit(s[2]))))
        return false;
    r->at++;
    *least = *most = take_count(r);
    if (take(r, ","))
        *most = r->text[r->at] == '}' ? -1 : take_count(r);
    if (take(r, "}"))
        return true;
    r->at = at;
    return false;
}

static bool take_repeat(Reader *r, int *least, int *most)
{
    static const char signs[] = "*+?";
    const char *sign = r->at < r->size ? strchr(signs, r->text[r->at]) : NULL;
    if (!sign)
        return take_braces(r, least, most);
    r->at++;
    *least = *sign == '+';
    *most = *sign == '?' ? 1 : -1;
    return true;
}

static PatternNode *parse_repeat(Reader *r)
{
    PatternNode *n = parse_atom(r);
    int least, most;
    size_t at = r->at;
    if (!n || !take_repeat(r, &least, &most))
        return n;
    PatternNode *repeat = node(KIND_REPEAT, 0);
    *repeat = (PatternNode){.kind = KIND_REPEAT, .least = least, .most = most, .lazy = take(r, "?"), .left = n};
    n = repeat;
    if (least > PATTERN_REPEAT_MOST || most > PATTERN_REPEAT_MOST)
        fail(r, at, "more than 1000 repetitions");
    else if (most >= 0 && most < least)
        fail(r, at, "the second count is below the first");
    else if (take_repeat(r, &least, &most))
        fail(r, r->at - 1, "two repetitions in a row");
    else
        return n;
    pattern_free_nodes(n);
    return NULL;
}

static PatternNode *parse_both(Reader *r)
{
    PatternNode *n = node(KIND_EMPTY, 0);
    while (n && r->at < r->size && r->text[r->at] != '|' && r->text[r->at] != ')')
        n = pair(KIND_BOTH, n, parse_repeat(r));
    return n;
}

static PatternNode *parse_either(Reader *r)
{
    if (r->depth == PATTERN_DEPTH_MOST)
        return fail(r, r->at, "nested deeper than 100 levels");
    r->depth++;
    PatternNode *n = parse_both(r);
    while (n && take(r, "|"))
        n = pair(KIND_EITHER, n, parse_both(r));
    r->depth--;
    return n;
}

PatternNode *pattern_parse(Pattern *p, const char *text, Error *e)
{
    Reader r = {.p = p, .text = text, .size = strlen(text), .e = e};
    if (r.size > PATTERN_SIZE_MOST)
        return error_set(e, ERROR_USAGE, "a pattern of %zu characters is too long; %d are allowed", r.size, PATTERN_SIZE_MOST), NULL;
    if (take(&r, "(?i)"))
        p->any_case = true;
    PatternNode *n = parse_either(&r);
    if (n && r.at < r.size) {
        pattern_free_nodes(n);
        return fail(&r, r.at, "this ) closes nothing");
    }
    return n;
}
