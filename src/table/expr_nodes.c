/* Nodes of expressions: their end, and complaints that name a place in the text. */
#include "table/expr_nodes.h"

bool expr_error(Error *e, size_t place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_set_va(e, ERROR_USAGE, format, args);
    va_end(args);
    return error_prefix(e, "character %zu: ", place);
}

void expr_free_nodes(Node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++)
        expr_free_nodes(n->items[i]);
    mem_free(n->items);
    mem_free(n->name);
    column_unref(n->literal.column);
    mem_free(n);
}
