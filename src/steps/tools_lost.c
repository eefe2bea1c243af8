/* Cells that cannot be read: counted, refused when they are many, named when rows are predicted. And the marks of missing cells. */
#include "steps/tools.h"

enum { ERRORS_FEW, ERRORS_MISSING, ERRORS_FAIL };
static const double most_lost = 0.05; /* of the cells that hold a value */

const char *const tools_errors[] = {"few", "missing", "fail", NULL};

bool tools_lose(ToolsLost *x, size_t row, const char *text, size_t size, Error *e)
{
    char *what = text_format("\"%.*s\" is no %s", (int)size, text, x->what), *named = text_format("%s: %s", x->column, what);
    ToolsFault fault = {.column = x->column, .row = row, .what = what, .advice = "errors = \"missing\" leaves such cells empty"};
    bool ok = x->errors != ERRORS_FAIL || tools_fault(x->in, &fault, e);
    if (x->errors != ERRORS_FAIL)
        tools_remark(x->in, row, named);
    if (x->lost++ == 0) {
        x->first = row;
        x->text = mem_strndup(text, size);
    }
    mem_free(named);
    mem_free(what);
    return ok;
}

/* Only where the recipe is designed: a single row to be predicted may lose its only cell. */
bool tools_lost_judge(const ToolsLost *x, Error *e)
{
    if (x->lost == 0)
        return true;
    size_t row = (size_t)table_row_id(x->in->rows, x->first) + 1;
    if (x->errors == ERRORS_FEW && x->in->notes && (double)x->lost > most_lost * (double)x->held)
        return error_set(e, ERROR_FAILED,
                         "%s: %zu of %zu cells are no %s, such as \"%s\" (row %zu), and would be lost; errors = \"missing\" allows it",
                         x->column, x->lost, x->held, x->what, x->text, row);
    tools_note(x->in, "%s: %zu of %zu cells are no %s and become missing, such as \"%s\" (row %zu)", x->column, x->lost, x->held, x->what,
               x->text, row);
    return true;
}

void tools_lost_done(ToolsLost *x)
{
    mem_free(x->text);
}

bool tools_add_indicator(Table **t, const char *name, const Column *c, Error *e)
{
    char *marked = text_format("%s_missing", name);
    Column *flags = column_new(COLUMN_BOOL, c->rows, e);
    for (size_t i = 0; flags && i < c->rows; i++)
        flags->data.flags[i] = !column_is_valid(c, i);
    bool ok = tools_add(t, marked, flags, e);
    mem_free(marked);
    return ok;
}
