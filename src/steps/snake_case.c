/* snake_case: "TotalCharges", "Total charges ($)" -> total_charges. */
#include "steps/tools.h"
#include "table/letters.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_word(char c)
{
    return is_upper(c) || is_lower(c) || is_digit(c);
}

/* A capital begins a word after a small letter or digit, and before a small letter inside a run of capitals: HTTPServer. */
static bool begins_word(const char *s, size_t i)
{
    if (i == 0 || !is_upper(s[i]))
        return false;
    return is_lower(s[i - 1]) || is_digit(s[i - 1]) || (is_upper(s[i - 1]) && is_lower(s[i + 1]));
}

static char *snake_name(const char *name)
{
    Text words = {0}, out = {0};
    for (size_t i = 0; name[i]; i++) {
        bool gap = !is_word(name[i]);
        if ((gap || begins_word(name, i)) && words.size > 0 && words.bytes[words.size - 1] != '_')
            text_add_char(&words, '_');
        if (!gap)
            text_add_char(&words, name[i]);
    }
    while (words.size > 0 && words.bytes[words.size - 1] == '_')
        words.size--;
    letters_lower(text_get(&words), words.size, &out);
    text_done(&words);
    if (out.size == 0)
        text_add(&out, "column");
    return text_take(&out);
}

static bool is_taken(const Table *t, int except, const char *name)
{
    int at = table_find(t, name);
    return at != TABLE_NONE && at != except;
}

static bool rename_one(const StepInput *in, Table **t, int column, Error *e)
{
    char *name = snake_name((*t)->names[column]), *free_name = mem_strdup(name);
    for (int n = 2; is_taken(*t, column, free_name); n++) {
        mem_free(free_name);
        free_name = text_format("%s_%d", name, n);
    }
    if (!text_equal(name, free_name))
        tools_note(in, "\"%s\" would be %s, which is taken: it is %s", (*t)->names[column], name, free_name);
    Table *next = table_rename(*t, column, free_name, e);
    table_unref(*t);
    *t = next;
    mem_free(name);
    mem_free(free_name);
    return next != NULL;
}

static bool keeps_name(const StepInput *in, const char *name)
{
    return in->roles && roles_have(in->roles, name);
}

static bool snake_case_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    *out = table_ref(in->rows);
    for (int i = 0; i < (int)in->rows->columns_count; i++)
        if (!keeps_name(in, in->rows->names[i]) && !rename_one(in, out, i, e))
            return false;
    return true;
}

static void snake_case_describe(const void *params, const void *state, Text *out)
{
    (void)params, (void)state;
    text_add(out, "all names");
}

static const Example examples[] = {
    {"{}", "customerID,TotalCharges,Streaming TV\n1,2,3\n", "customer_id,total_charges,streaming_tv\n1,2,3\n"},
    {"{}", "A b,a-B,HTTPServer2\n1,2,3\n", "a_b,a_b_2,http_server2\n1,2,3\n"},
};

static const char *const notes[] = {"A column that has a role (target, key, weight, group, time) by its present name keeps that name.",
                                    NULL};

const Step step_snake_case = {
    .spec = {.name = "snake_case",
             .doc = "bring column names to small_letters_with_underscores",
             .group = "columns",
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .only_names = true,
    .apply = snake_case_apply,
    .describe = snake_case_describe,
};
