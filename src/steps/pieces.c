/* Cutting the texts of a column, once for each distinct text. */
#include "steps/pieces.h"

#include "table/letters.h"

typedef struct Cutting {
    const StepInput *in;
    const Pieces *p;
    const Column *from;
    Column *to[PIECES_MOST];
    size_t uncut, first; /* rows without any piece */
} Cutting;

static bool check(const StepInput *in, const Pieces *p, Error *e)
{
    if (p->into->count == 0 || p->into->count > PIECES_MOST)
        return error_set(e, ERROR_USAGE, "into needs 1 to %d names of new columns, one for each piece", PIECES_MOST);
    if (tools_is_target(in, p->column))
        return error_set(e, ERROR_USAGE, "it reads the target \"%s\", which is unknown when predicting", p->column);
    int at = table_get(in->rows, p->column, e);
    if (at == TABLE_NONE)
        return false;
    const Column *c = in->rows->columns[at];
    return c->type == COLUMN_TEXT || c->missing == c->rows ||
           error_set(e, ERROR_USAGE, "%s is %s, not text; cast it to text first", p->column, column_type_name(c->type));
}

/* Of one distinct text: where each piece went in its column's dictionary; CODE_NONE: it has none. */
#define CODE_NONE UINT32_MAX
#define CODE_NEW (UINT32_MAX - 1)

static void cut_text(const Cutting *c, uint32_t code, uint32_t *codes)
{
    size_t size;
    PatternSpan pieces[PIECES_MOST];
    const char *bytes = dictionary_get(c->from->dictionary, code, &size);
    bool any = c->p->cut(c->p, bytes, size, pieces);
    for (size_t k = 0; k < c->p->into->count; k++) {
        codes[k] = CODE_NONE;
        if (!any || pieces[k].from == SIZE_MAX)
            continue;
        const char *piece = bytes + pieces[k].from;
        size_t length = pieces[k].to - pieces[k].from;
        if (c->p->trim)
            piece = letters_trim(piece, &length);
        if (length)
            codes[k] = dictionary_add(c->to[k]->dictionary, piece, length);
    }
}

static bool put_pieces(Cutting *c, size_t row, const uint32_t *codes, Error *e)
{
    bool any = false, ok = true;
    for (size_t k = 0; ok && k < c->p->into->count; k++) {
        uint32_t code = codes ? codes[k] : CODE_NONE;
        any = any || code != CODE_NONE;
        if (code == CODE_NONE)
            ok = column_set_missing(c->to[k], row, e);
        else
            c->to[k]->data.codes[row] = code;
    }
    if (codes && !any) {
        c->first = c->uncut++ ? c->first : row;
        tools_remark(c->in, row, "no piece was found");
    }
    return ok;
}

static bool cut_rows(Cutting *c, Error *e)
{
    size_t width = c->p->into->count;
    bool text = c->from->type == COLUMN_TEXT, ok = true;
    uint32_t count = text ? dictionary_count(c->from->dictionary) : 0;
    uint32_t *codes = mem_try_alloc((size_t)count * width + 1, sizeof *codes, e);
    if (!codes)
        return false;
    for (size_t i = 0; i < count; i++)
        codes[i * width] = CODE_NEW;
    for (size_t row = 0; ok && row < c->from->rows; row++) {
        bool known = text && column_is_valid(c->from, row);
        uint32_t *own = known ? codes + (size_t)c->from->data.codes[row] * width : NULL;
        if (known && *own == CODE_NEW)
            cut_text(c, c->from->data.codes[row], own);
        ok = put_pieces(c, row, own, e);
    }
    mem_free(codes);
    return ok;
}

static void note_uncut(const Cutting *c)
{
    if (c->uncut)
        tools_note(c->in, "%s: %zu of %zu texts have no such piece and give missing cells, such as \"%s\" (row %llu)", c->p->column,
                   c->uncut, c->from->rows - c->from->missing, column_text(c->from, c->first, NULL),
                   (unsigned long long)table_row_id(c->in->rows, c->first) + 1);
}

static bool drop_source(const StepInput *in, const Pieces *p, Table **out, Error *e)
{
    int at = table_find(in->rows, p->column);
    Table *left = p->keep ? table_ref(in->rows) : table_without(in->rows, &at, 1, e);
    *out = left;
    return left != NULL;
}

bool pieces_apply(const StepInput *in, const Pieces *p, Table **out, Error *e)
{
    *out = NULL;
    if (!check(in, p, e))
        return false;
    Cutting c = {.in = in, .p = p, .from = table_column(in->rows, p->column)};
    bool ok = true;
    for (size_t k = 0; ok && k < p->into->count; k++)
        ok = (c.to[k] = column_new(COLUMN_TEXT, c.from->rows, e)) != NULL;
    ok = ok && cut_rows(&c, e) && drop_source(in, p, out, e);
    if (ok)
        note_uncut(&c);
    for (size_t k = 0; k < p->into->count; k++) {
        if (ok)
            ok = tools_add(out, p->into->items[k], c.to[k], e);
        else
            column_unref(c.to[k]);
    }
    return ok;
}
