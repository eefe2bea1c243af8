/* Column selectors: an ordered list of names, keywords, /regex/ and "!" exclusions, resolved against a table. */
#include <string.h>

#include "table/pattern.h"
#include "table/query.h"

typedef struct Selection {
    const Table *t;
    const Roles *roles;
    int *order; /* columns in order of first match */
    bool *in, *out;
    size_t count;
} Selection;

const char *const target_type_choices[] = {"auto", "classes", "values", NULL};

bool target_is_classes(const Column *target, size_t distinct, const Roles *roles)
{
    enum { CLASSES_MOST_INT = 10, CLASSES_MOST_REAL = 2 };
    if (roles->target_type != TARGET_AUTO)
        return roles->target_type == TARGET_CLASSES;
    if (target->type == COLUMN_TEXT || target->type == COLUMN_BOOL || roles->positive)
        return true;
    return distinct <= (target->type == COLUMN_INT ? CLASSES_MOST_INT : CLASSES_MOST_REAL);
}

bool roles_have(const Roles *roles, const char *name)
{
    const char *const all[] = {roles->target, roles->weight, roles->group, roles->key, roles->time};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] && text_equal(name, all[i]))
            return true;
    return false;
}

static bool has_role(const Selection *s, int column)
{
    return s->roles && roles_have(s->roles, s->t->names[column]);
}

static void mark(Selection *s, int column, bool exclude)
{
    if (exclude) {
        s->out[column] = true;
    } else if (!s->in[column]) {
        s->in[column] = true;
        s->order[s->count++] = column;
    }
}

/* -1: no keyword. Truth columns are no measurements: they have a keyword of their own. */
static int matches_keyword(const char *word, ColumnType type)
{
    if (text_equal(word, "all"))
        return 1;
    if (text_equal(word, "numeric"))
        return type == COLUMN_INT || type == COLUMN_REAL;
    if (text_equal(word, "text"))
        return type == COLUMN_TEXT;
    if (text_equal(word, "bool"))
        return type == COLUMN_BOOL;
    if (text_equal(word, "array"))
        return type == COLUMN_ARRAY;
    if (text_equal(word, "sound"))
        return type == COLUMN_SOUND;
    if (text_equal(word, "date"))
        return type == COLUMN_DATE || type == COLUMN_TIME;
    return -1;
}

static bool mark_keyword(Selection *s, const char *word, bool exclude)
{
    if (matches_keyword(word, COLUMN_INT) < 0)
        return false;
    for (int i = 0; i < (int)s->t->columns_count; i++)
        if (matches_keyword(word, s->t->columns[i]->type) == 1 && (exclude || !has_role(s, i)))
            mark(s, i, exclude);
    return true;
}

static bool mark_regex(Selection *s, const char *word, bool exclude, Error *e)
{
    char *text = mem_strndup(word + 1, strlen(word) - 2);
    Pattern *pattern = pattern_new(text, false, e);
    mem_free(text);
    for (int i = 0; pattern && i < (int)s->t->columns_count; i++) {
        const char *name = s->t->names[i];
        if (pattern_find(pattern, name, strlen(name), 0, NULL) && (exclude || !has_role(s, i)))
            mark(s, i, exclude);
    }
    pattern_free(pattern);
    return pattern != NULL;
}

static bool is_regex(const char *word)
{
    return strlen(word) >= 2 && word[0] == '/' && text_ends(word, "/");
}

bool select_is_name(const char *selector)
{
    return selector[0] != '!' && !is_regex(selector) && matches_keyword(selector, COLUMN_INT) < 0;
}

static bool mark_selector(Selection *s, const char *word, Error *e)
{
    bool whole = table_find(s->t, word) != TABLE_NONE;
    bool exclude = !whole && word[0] == '!';
    word += exclude;
    int column = table_find(s->t, word);
    if (column != TABLE_NONE)
        return mark(s, column, exclude), true;
    if (is_regex(word))
        return mark_regex(s, word, exclude, e);
    bool hidden = exclude && s->roles && roles_have(s->roles, word); /* such as the target when predicting: not there is left out */
    return mark_keyword(s, word, exclude) || hidden || table_get(s->t, word, e) != TABLE_NONE;
}

static bool only_excludes(const Table *t, const TextList *selectors)
{
    for (size_t i = 0; i < selectors->count; i++)
        if (selectors->items[i][0] != '!' || table_find(t, selectors->items[i]) != TABLE_NONE)
            return false;
    return selectors->count > 0;
}

bool select_columns(const Table *t, const TextList *selectors, const Roles *roles, int **columns, size_t *count, Error *e)
{
    size_t room = t->columns_count + 1;
    Selection s = {.t = t, .roles = roles, .order = mem_alloc(room * sizeof(int)), .in = mem_alloc(room), .out = mem_alloc(room)};
    bool ok = true;
    if (only_excludes(t, selectors))
        mark_keyword(&s, "all", false);
    for (size_t i = 0; ok && i < selectors->count; i++)
        ok = mark_selector(&s, selectors->items[i], e);
    *count = 0;
    for (size_t i = 0; i < s.count; i++)
        if (!s.out[s.order[i]])
            s.order[(*count)++] = s.order[i];
    mem_free(s.in);
    mem_free(s.out);
    *columns = ok ? s.order : NULL;
    if (!ok)
        mem_free(s.order);
    return ok;
}
