/* Expressions as the other rooms see them: parse once, evaluate over any table. */
#include "table/expr.h"

#include "table/expr_nodes.h"
#include "table/expr_eval.h"

struct Expr {
    Node *root;
};

Expr *expr_parse(const char *text, Error *e)
{
    Node *root = expr_parse_nodes(text, e);
    if (!root)
        return NULL;
    Expr *x = MEM_NEW(Expr);
    x->root = root;
    return x;
}

void expr_free(Expr *x)
{
    if (!x)
        return;
    expr_free_nodes(x->root);
    mem_free(x);
}

static Column *spread(const Column *one, size_t rows, Error *e)
{
    size_t *same = mem_try_alloc(rows ? rows : 1, sizeof *same, e);
    Column *c = same ? column_select(one, same, rows, e) : NULL;
    mem_free(same);
    return c;
}

Column *expr_eval(const Expr *x, const Table *t, Error *e)
{
    Vec v = {0};
    if (!expr_eval_node(x->root, t, &v, e))
        return NULL;
    if (!v.scalar)
        return v.column;
    Column *c = spread(v.column, t->rows, e);
    column_unref(v.column);
    return c;
}

static void collect(const Node *n, TextList *names)
{
    if (n->kind == NODE_COLUMN && !text_list_has(names, n->name))
        text_list_add(names, n->name);
    for (size_t i = 0; i < n->count; i++)
        collect(n->items[i], names);
}

bool expr_columns(const Expr *x, TextList *names)
{
    collect(x->root, names);
    return names->count > 0;
}

static bool true_rows(const Column *c, size_t **rows, size_t *count, Error *e)
{
    if (c->type != COLUMN_BOOL)
        return error_set(e, ERROR_USAGE, "the condition gives %s, not true or false; compare it with something", column_type_name(c->type));
    *count = 0;
    *rows = mem_try_alloc(c->rows ? c->rows : 1, sizeof **rows, e);
    if (!*rows)
        return false;
    for (size_t i = 0; i < c->rows; i++)
        if (c->data.flags[i] && column_is_valid(c, i))
            (*rows)[(*count)++] = i;
    return true;
}

bool expr_filter(const char *text, const Table *t, size_t **rows, size_t *count, Error *e)
{
    *rows = NULL;
    Expr *x = expr_parse(text, e);
    Column *c = x ? expr_eval(x, t, e) : NULL;
    bool ok = c && true_rows(c, rows, count, e);
    column_unref(c);
    expr_free(x);
    return ok;
}
