/* Every operator and function of the expression language in one list: name, use, arity, meaning. */
#include "table/expr_nodes.h"

static const ExprFunction operators[] = {
    {"or", "a or b", "true when one side is", 2, 2, expr_run_or},
    {"and", "a and b", "true when both sides are", 2, 2, expr_run_and},
    {"not", "not a", "the opposite", 1, 1, expr_run_not},
    {"==", "a == b", "equal; = is the same", 2, 2, expr_run_equal},
    {"!=", "a != b", "not equal", 2, 2, expr_run_differ},
    {"<", "a < b", "less", 2, 2, expr_run_less},
    {"<=", "a <= b", "less or equal", 2, 2, expr_run_at_most},
    {">", "a > b", "more", 2, 2, expr_run_more},
    {">=", "a >= b", "more or equal", 2, 2, expr_run_at_least},
    {"in", "a in {b, c}", "equal to one of the list", 1, 0, expr_run_in},
    {"+", "a + b", "sum; integers stay integers; date + days", 2, 2, expr_run_add},
    {"-", "a - b", "difference; date - date is in days, time - time in seconds", 2, 2, expr_run_subtract},
    {"*", "a * b", "product", 2, 2, expr_run_multiply},
    {"/", "a / b", "quotient, always real; missing when b is 0", 2, 2, expr_run_divide},
    {"%", "a % b", "remainder with the sign of b; missing when b is 0", 2, 2, expr_run_modulo},
    {"^", "a ^ b", "power, always real", 2, 2, expr_run_power},
    {"negate", "-a", "the negative", 1, 1, expr_run_negate},
};

static const ExprFunction functions[] = {
    {"abs", "abs(x)", "size without sign", 1, 1, expr_run_abs},
    {"ceil", "ceil(x)", "next integer upward", 1, 1, expr_run_ceil},
    {"clip", "clip(x, low, high)", "x pulled into low .. high", 3, 3, expr_run_clip},
    {"coalesce", "coalesce(a, b, ...)", "the first that is not missing", 1, 0, expr_run_coalesce},
    {"concat", "concat(a, b, ...)", "texts one after the other", 1, 0, expr_run_concat},
    {"contains", "contains(text, part)", "part occurs in text", 2, 2, expr_run_contains},
    {"date", "date(text)", "a date from yyyy-mm-dd, or the date of a time", 1, 1, expr_run_date},
    {"day", "day(date)", "day of the month, 1 to 31", 1, 1, expr_run_day},
    {"ends_with", "ends_with(text, part)", "text ends with part", 2, 2, expr_run_ends_with},
    {"exp", "exp(x)", "e to the power of x", 1, 1, expr_run_exp},
    {"floor", "floor(x)", "next integer downward", 1, 1, expr_run_floor},
    {"hour", "hour(time)", "hour, 0 to 23", 1, 1, expr_run_hour},
    {"if", "if(condition, a, b)", "a where the condition is true, b where it is false", 3, 3, expr_run_if},
    {"is_missing", "is_missing(x)", "true where there is no value", 1, 1, expr_run_is_missing},
    {"length", "length(text)", "characters of a text", 1, 1, expr_run_length},
    {"log", "log(x)", "natural logarithm; missing for x <= 0", 1, 1, expr_run_log},
    {"log1p", "log1p(x)", "log(1 + x); missing for x <= -1", 1, 1, expr_run_log1p},
    {"lower", "lower(text)", "in lower case", 1, 1, expr_run_lower},
    {"max", "max(a, b, ...)", "the largest; missing when one is", 1, 0, expr_run_max},
    {"min", "min(a, b, ...)", "the smallest; missing when one is", 1, 0, expr_run_min},
    {"month", "month(date)", "month, 1 to 12", 1, 1, expr_run_month},
    {"round", "round(x) or round(x, digits)", "nearest integer, halves away from zero", 1, 2, expr_run_round},
    {"sqrt", "sqrt(x)", "square root; missing for x < 0", 1, 1, expr_run_sqrt},
    {"starts_with", "starts_with(text, part)", "text begins with part", 2, 2, expr_run_starts_with},
    {"trim", "trim(text)", "without blanks at both ends", 1, 1, expr_run_trim},
    {"upper", "upper(text)", "in upper case", 1, 1, expr_run_upper},
    {"weekday", "weekday(date)", "1 Monday to 7 Sunday", 1, 1, expr_run_weekday},
    {"year", "year(date)", "year", 1, 1, expr_run_year},
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
        text_addf(out, "  %-30s %s\n", operators[i].use, operators[i].doc);
    for (size_t i = 0; i < FUNCTIONS; i++)
        text_addf(out, "  %-30s %s\n", functions[i].use, functions[i].doc);
}
