/* Every operator and function of the expression language in one list: name, use, arity, meaning. */
#include "table/expr_nodes.h"

static const ExprFunction operators[] = {
    {"or", "a or b", "true when one side is", 2, 2, expr_run_or, 0},
    {"and", "a and b", "true when both sides are", 2, 2, expr_run_and, 0},
    {"not", "not a", "the opposite", 1, 1, expr_run_not, 0},
    {"==", "a == b", "equal; = is the same", 2, 2, expr_run_equal, 0},
    {"!=", "a != b", "not equal", 2, 2, expr_run_differ, 0},
    {"<", "a < b", "less", 2, 2, expr_run_less, 0},
    {"<=", "a <= b", "less or equal", 2, 2, expr_run_at_most, 0},
    {">", "a > b", "more", 2, 2, expr_run_more, 0},
    {">=", "a >= b", "more or equal", 2, 2, expr_run_at_least, 0},
    {"in", "a in {b, c}", "equal to one of the list", 1, 0, expr_run_in, 0},
    {"+", "a + b", "sum; integers stay integers; date + days", 2, 2, expr_run_add, 0},
    {"-", "a - b", "difference; date - date is in days, time - time in seconds", 2, 2, expr_run_subtract, 0},
    {"*", "a * b", "product", 2, 2, expr_run_multiply, 0},
    {"/", "a / b", "quotient, always real; missing when b is 0", 2, 2, expr_run_divide, 0},
    {"%", "a % b", "remainder with the sign of b; missing when b is 0", 2, 2, expr_run_modulo, 0},
    {"^", "a ^ b", "power, always real", 2, 2, expr_run_power, 0},
    {"negate", "-a", "the negative", 1, 1, expr_run_negate, 0},
};

static const ExprFunction functions[] = {
#define EXPR(name, use, doc, least, most, pattern) {#name, use, doc, least, most, expr_run_##name, pattern},
#include "table/expr_functions.def"
#undef EXPR
};

enum { OPERATORS = sizeof operators / sizeof *operators, FUNCTIONS = sizeof functions / sizeof *functions };

const ExprFunction *expr_operator(const char *name)
{
    for (size_t i = 0; i < OPERATORS; i++)
        if (text_equal(operators[i].name, name))
            return &operators[i];
    return NULL;
}

const ExprFunction *expr_function(const char *name)
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (text_equal(functions[i].name, name))
            return &functions[i];
    return NULL;
}

const char *expr_function_name(const void *unused, size_t i)
{
    (void)unused;
    return i < FUNCTIONS ? functions[i].name : NULL;
}

void expr_help(Text *out)
{
    for (size_t i = 0; i < OPERATORS; i++)
        text_addf(out, "  %-38s %s\n", operators[i].use, operators[i].doc);
    for (size_t i = 0; i < FUNCTIONS; i++)
        text_addf(out, "  %-38s %s\n", functions[i].use, functions[i].doc);
}

bool expr_help_one(const char *name, Text *out)
{
    const ExprFunction *f = expr_function(name);
    if (f)
        text_addf(out, "%s (expressions)\n  %s\n", f->use, f->doc);
    return f != NULL;
}
