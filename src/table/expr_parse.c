/* The parser of expressions: recursive descent over the text itself, with a place for every complaint. */
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "table/expr_nodes.h"
#include "table/pattern.h"

typedef struct Parser {
    const char *text;
    size_t at;
    size_t counted, characters; /* bytes whose characters have been counted, and how many they are */
    int depth;
    Error *e;
} Parser;

static Node *parse_or(Parser *p);

/* The number of the character that comes next: people count those, not bytes. Places only grow. */
static size_t place_of(Parser *p)
{
    while (p->counted < p->at) {
        bool continues = ((unsigned char)p->text[p->counted++] & 0xC0) == 0x80;
        p->characters += !continues;
    }
    return p->characters + 1;
}

static Node *node_new(NodeKind kind, size_t place)
{
    Node *n = MEM_NEW(Node);
    n->kind = kind;
    n->place = place;
    n->depth = 1;
    return n;
}

static void node_add(Node *n, Node *item)
{
    MEM_GROW(n->items, n->count, n->room);
    n->items[n->count++] = item;
    if (item->depth >= n->depth)
        n->depth = item->depth + 1;
}

static Node *fail(Parser *p, Node *drop, size_t place, const char *message)
{
    expr_error(p->e, place, "%s", message);
    expr_free_nodes(drop);
    return NULL;
}

static void skip_blanks(Parser *p)
{
    p->at += strspn(p->text + p->at, " \t\r\n");
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t word_size(const Parser *p)
{
    size_t n = 0;
    const char *s = p->text + p->at;
    if (is_letter(s[0]))
        while (is_letter(s[n]) || is_digit(s[n]))
            n++;
    return n;
}

static bool take_word(Parser *p, const char *word)
{
    skip_blanks(p);
    size_t n = word_size(p);
    if (n != strlen(word) || memcmp(p->text + p->at, word, n) != 0)
        return false;
    p->at += n;
    return true;
}

static bool take(Parser *p, const char *sign)
{
    skip_blanks(p);
    if (!text_starts(p->text + p->at, sign))
        return false;
    p->at += strlen(sign);
    return true;
}

static Node *literal_node(Parser *p, ColumnType type, size_t place)
{
    Column *c = column_new(type, 1, p->e);
    if (!c)
        return NULL;
    Node *n = node_new(NODE_LITERAL, place);
    n->literal = (Vec){.column = c, .scalar = true};
    return n;
}

static Node *flag_node(Parser *p, bool flag, size_t place)
{
    Node *n = literal_node(p, COLUMN_BOOL, place);
    if (n)
        n->literal.column->data.flags[0] = flag;
    return n;
}

static Node *null_node(Parser *p, size_t place)
{
    Node *n = literal_node(p, COLUMN_REAL, place);
    if (!n || !column_set_missing(n->literal.column, 0, p->e))
        return expr_free_nodes(n), NULL;
    n->literal.untyped = true;
    return n;
}

static size_t number_size(const char *s)
{
    size_t n = 0;
    while (is_digit(s[n]))
        n++;
    if (s[n] == '.')
        for (n++; is_digit(s[n]);)
            n++;
    if (s[n] == 'e' || s[n] == 'E') {
        size_t exponent = n + 1 + (s[n + 1] == '-' || s[n + 1] == '+');
        if (is_digit(s[exponent]))
            for (n = exponent; is_digit(s[n]);)
                n++;
    }
    return n;
}

static Node *parse_number(Parser *p)
{
    const char *s = p->text + p->at;
    size_t place = place_of(p), size = number_size(s);
    int64_t whole;
    double real;
    if (is_letter(s[size]))
        return fail(p, NULL, place, "a number runs into a name; back-quote names that begin with a digit");
    p->at += size;
    if (number_parse_int(s, size, &whole)) {
        Node *n = literal_node(p, COLUMN_INT, place);
        if (n)
            n->literal.column->data.ints[0] = whole;
        return n;
    }
    if (!number_parse_real(s, size, &real))
        return fail(p, NULL, place, "not a number");
    Node *n = literal_node(p, COLUMN_REAL, place);
    if (n)
        n->literal.column->data.reals[0] = real;
    return n;
}

/* What stands behind a backslash; one that means nothing stays, with its backslash, so that '\d' needs no second one. */
static void unescape(char c, char quote, Text *out)
{
    bool known = strchr("ntr\\", c) || c == quote;
    if (!known)
        text_add_char(out, '\\');
    text_add_char(out, (char)(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c));
}

/* From behind the opening quote to behind the closing one; a doubled quote stands for itself. */
static bool take_quoted(Parser *p, char quote, bool escapes, Text *out)
{
    size_t place = place_of(p);
    for (p->at++; p->text[p->at]; p->at++) {
        char c = p->text[p->at];
        if (c == quote && p->text[p->at + 1] != quote)
            return p->at++, true;
        bool escaped = escapes && c == '\\' && p->text[p->at + 1];
        if (c == quote || escaped)
            c = p->text[++p->at];
        if (escaped)
            unescape(c, quote, out);
        else
            text_add_char(out, c);
    }
    return expr_error(p->e, place, "this %s has no closing %c", quote == '`' ? "name" : "text", quote);
}

static Node *parse_quoted(Parser *p, char quote)
{
    Text text = {0};
    Node *n = NULL;
    size_t place = place_of(p);
    if (!take_quoted(p, quote, quote != '`', &text))
        goto done;
    n = quote == '`' ? node_new(NODE_COLUMN, place) : literal_node(p, COLUMN_TEXT, place);
    if (n && quote == '`')
        n->name = mem_strdup(text_get(&text));
    else if (n)
        n->literal.column->data.codes[0] = dictionary_add(n->literal.column->dictionary, text_get(&text), text.size);
done:
    text_done(&text);
    return n;
}

/* Items up to the closing sign, which is taken. */
static bool parse_items(Parser *p, Node *n, const char *close)
{
    if (take(p, close))
        return true;
    for (;;) {
        Node *item = parse_or(p);
        if (!item)
            return false;
        node_add(n, item);
        if (take(p, close))
            return true;
        if (!take(p, ","))
            return expr_error(p->e, place_of(p), "expected \",\" or \"%s\"%s", close, p->text[p->at] ? "" : " before the end");
    }
}

static bool check_arguments(Parser *p, const Node *n)
{
    const ExprFunction *f = n->function;
    if (n->count >= f->least && (!f->most ? f->least > 0 || n->count == 0 : n->count <= f->most))
        return true;
    Text takes = {0};
    text_addf(&takes, "%zu", f->least);
    if (f->most > f->least)
        text_addf(&takes, " to %zu", f->most);
    else if (!f->most && f->least)
        text_add(&takes, " or more");
    expr_error(p->e, n->place, "%s takes %s argument%s, not %zu: %s", f->name, text_get(&takes),
               text_equal(text_get(&takes), "1") ? "" : "s", n->count, f->use);
    text_done(&takes);
    return false;
}

/* A pattern is read with the expression, so that a bad one is refused where it is written and not when rows arrive. */
static bool check_pattern(Parser *p, const Node *n)
{
    if (!n->function->pattern)
        return true;
    const Node *arg = n->items[n->function->pattern - 1];
    bool text = arg->kind == NODE_LITERAL && !arg->literal.untyped && arg->literal.column->type == COLUMN_TEXT;
    if (!text)
        return expr_error(p->e, arg->place, "%s needs its pattern in quotes", n->function->use);
    Pattern *pattern = pattern_new(column_text(arg->literal.column, 0, NULL), false, p->e);
    pattern_free(pattern);
    return pattern || error_prefix(p->e, "character %zu: ", arg->place);
}

static Node *parse_call(Parser *p, const char *name, size_t place)
{
    const ExprFunction *f = expr_function(name);
    if (!f) {
        const char *near = text_nearest(name, expr_function_name, NULL);
        if (near)
            expr_error(p->e, place, "no function \"%s\"; did you mean \"%s\"?", name, near);
        else
            expr_error(p->e, place, "no function \"%s\"", name);
        return NULL;
    }
    Node *n = node_new(NODE_CALL, place);
    n->function = f;
    if (parse_items(p, n, ")") && check_arguments(p, n) && check_pattern(p, n))
        return n;
    expr_free_nodes(n);
    return NULL;
}

static Node *parse_word(Parser *p)
{
    size_t place = place_of(p), size = word_size(p);
    char *word = mem_strndup(p->text + p->at, size);
    p->at += size;
    Node *n = NULL;
    if (take(p, "(")) {
        n = parse_call(p, word, place);
    } else if (text_equal(word, "true") || text_equal(word, "false")) {
        n = flag_node(p, word[0] == 't', place);
    } else if (text_equal(word, "null")) {
        n = null_node(p, place);
    } else if (expr_operator(word) && !text_equal(word, "negate")) {
        expr_error(p->e, place, "\"%s\" needs a value before it", word);
    } else {
        n = node_new(NODE_COLUMN, place);
        n->name = word;
        return n;
    }
    mem_free(word);
    return n;
}

static Node *parse_primary(Parser *p)
{
    skip_blanks(p);
    char c = p->text[p->at];
    if (c == '(') {
        size_t place = place_of(p);
        p->at++;
        Node *inner = parse_or(p);
        if (inner && !take(p, ")"))
            return fail(p, inner, place, "this \"(\" is not closed");
        return inner;
    }
    if (c == '"' || c == '\'' || c == '`')
        return parse_quoted(p, c);
    if (is_digit(c) || (c == '.' && is_digit(p->text[p->at + 1])))
        return parse_number(p);
    if (is_letter(c))
        return parse_word(p);
    if (!c)
        return fail(p, NULL, place_of(p), "a value is missing at the end");
    uint32_t code;
    int size = (int)utf8_decode(p->text + p->at, strlen(p->text + p->at), &code);
    expr_error(p->e, place_of(p), "expected a number, a text or a column, found \"%.*s\"", size, p->text + p->at);
    return NULL;
}

static Node *operation(Parser *p, const char *name, size_t place, Node *left, Node *right)
{
    if (!left || !right) {
        expr_free_nodes(left);
        expr_free_nodes(right);
        return NULL;
    }
    Node *n = node_new(NODE_CALL, place);
    n->function = expr_operator(name);
    node_add(n, left);
    node_add(n, right);
    return n->depth > EXPR_DEPTH ? fail(p, n, place, "the expression is too long a chain; split it into two steps") : n;
}

static Node *prefixed(Parser *p, const char *name, size_t place, Node *inner)
{
    if (!inner)
        return NULL;
    Node *n = node_new(NODE_CALL, place);
    n->function = expr_operator(name);
    node_add(n, inner);
    return n->depth > EXPR_DEPTH ? fail(p, n, place, "too many signs") : n;
}

static bool enter(Parser *p)
{
    if (p->depth < EXPR_DEPTH)
        return p->depth++, true;
    return expr_error(p->e, place_of(p), "nested deeper than %d levels", EXPR_DEPTH);
}

/* -x ^ 2 is -(x ^ 2), and 2 ^ -1 is allowed. */
static Node *parse_unary(Parser *p)
{
    if (!enter(p))
        return NULL;
    Node *n = NULL;
    skip_blanks(p);
    size_t place = place_of(p);
    if (take(p, "-")) {
        n = prefixed(p, "negate", place, parse_unary(p));
    } else if (take(p, "+")) {
        n = parse_unary(p);
    } else {
        n = parse_primary(p);
        skip_blanks(p);
        place = place_of(p);
        if (n && take(p, "^"))
            n = operation(p, "^", place, n, parse_unary(p));
    }
    p->depth--;
    return n;
}

static const char *take_one(Parser *p, const char *const *signs, size_t *place)
{
    skip_blanks(p);
    *place = place_of(p);
    for (; *signs; signs++)
        if (take(p, *signs))
            return *signs;
    return NULL;
}

static Node *parse_product(Parser *p)
{
    static const char *const signs[] = {"*", "/", "%", NULL};
    size_t place;
    const char *sign;
    Node *n = parse_unary(p);
    while (n && (sign = take_one(p, signs, &place)))
        n = operation(p, sign, place, n, parse_unary(p));
    return n;
}

static Node *parse_sum(Parser *p)
{
    static const char *const signs[] = {"+", "-", NULL};
    size_t place;
    const char *sign;
    Node *n = parse_product(p);
    while (n && (sign = take_one(p, signs, &place)))
        n = operation(p, sign, place, n, parse_product(p));
    return n;
}

static Node *parse_in(Parser *p, Node *left)
{
    Node *n = node_new(NODE_CALL, p->at - 1);
    n->function = expr_operator("in");
    node_add(n, left);
    if (!take(p, "{"))
        return fail(p, n, place_of(p), "expected \"{\" after in: a in {'x', 'y'}");
    return parse_items(p, n, "}") ? n : (expr_free_nodes(n), NULL);
}

static Node *parse_comparison(Parser *p)
{
    static const char *const signs[] = {"==", "!=", "<=", ">=", "=", "<", ">", NULL};
    size_t place;
    Node *n = parse_sum(p);
    if (!n)
        return NULL;
    if (take_word(p, "in"))
        return parse_in(p, n);
    const char *sign = take_one(p, signs, &place);
    if (!sign)
        return n;
    n = operation(p, text_equal(sign, "=") ? "==" : sign, place, n, parse_sum(p));
    if (n && take_one(p, signs, &place))
        return fail(p, n, place, "comparisons do not chain; write a < b and b < c");
    return n;
}

static Node *parse_not(Parser *p)
{
    skip_blanks(p);
    size_t place = place_of(p);
    if (!take_word(p, "not"))
        return parse_comparison(p);
    if (!enter(p))
        return NULL;
    Node *n = prefixed(p, "not", place, parse_not(p));
    p->depth--;
    return n;
}

static Node *parse_and(Parser *p)
{
    Node *n = parse_not(p);
    while (n && take_word(p, "and"))
        n = operation(p, "and", p->at - 2, n, parse_not(p));
    return n;
}

static Node *parse_or(Parser *p)
{
    if (!enter(p))
        return NULL;
    Node *n = parse_and(p);
    while (n && take_word(p, "or"))
        n = operation(p, "or", p->at - 1, n, parse_and(p));
    p->depth--;
    return n;
}

Node *expr_parse_nodes(const char *text, Error *e)
{
    Parser p = {.text = text ? text : "", .e = e};
    skip_blanks(&p);
    if (!p.text[p.at])
        return fail(&p, NULL, 1, "the expression is empty; type one, such as x > 1");
    Node *n = parse_or(&p);
    skip_blanks(&p);
    if (n && p.text[p.at])
        return fail(&p, n, p.at + 1, "expected an operator or the end here");
    return n;
}
