/* Functions that cut texts, and those between texts and numbers. */
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "table/expr_nodes.h"
#include "table/letters.h"

static bool need_whole(const Call *call, size_t arg, Error *e)
{
    const Vec *v = &call->args[arg];
    return v->untyped || v->column->type == COLUMN_INT ||
           expr_error(e, call->place, "%s needs a whole number as argument %zu, found %s", call->function->use, arg + 1, vec_type_name(v));
}

/* Where the character stands that is `count` behind the start. */
static size_t forward(Span s, int64_t count)
{
    size_t at = 0;
    uint32_t code;
    for (; count > 0 && at < s.size; count--)
        at += utf8_decode(s.bytes + at, s.size - at, &code);
    return at;
}

static bool put_substring(const Call *call, size_t row, Column *to)
{
    Span s = vec_span(&call->args[0], row);
    int64_t start = vec_int(&call->args[1], row), length = (int64_t)letters_count(s.bytes, s.size);
    int64_t count = call->count > 2 ? vec_int(&call->args[2], row) : length;
    if (start < 0)
        start = start < -length ? 1 : length + start + 1;
    if (start == 0 || count < 0)
        return false;
    size_t from = forward(s, start - 1);
    Span rest = {s.bytes + from, s.size - from};
    return column_set_text(to, row, rest.bytes, forward(rest, count), NULL);
}

bool expr_run_substring(const Call *call, Vec *out, Error *e)
{
    return vec_need(call, 0, COLUMN_TEXT, e) && need_whole(call, 1, e) && (call->count < 3 || need_whole(call, 2, e)) &&
           vec_each_row(call, COLUMN_TEXT, put_substring, out, e);
}

static bool put_replaced(const Call *call, size_t row, Column *to)
{
    Span s = vec_span(&call->args[0], row), part = vec_span(&call->args[1], row), with = vec_span(&call->args[2], row);
    Text text = {0};
    const char *found;
    while (part.size && (found = memmem(s.bytes, s.size, part.bytes, part.size))) {
        text_add_bytes(&text, s.bytes, (size_t)(found - s.bytes));
        text_add_bytes(&text, with.bytes, with.size);
        s.size -= (size_t)(found - s.bytes) + part.size;
        s.bytes = found + part.size;
    }
    text_add_bytes(&text, s.bytes, s.size);
    bool ok = column_set_text(to, row, text_get(&text), text.size, NULL);
    text_done(&text);
    return ok;
}

bool expr_run_replace(const Call *call, Vec *out, Error *e)
{
    for (size_t i = 0; i < 3; i++)
        if (!vec_need(call, i, COLUMN_TEXT, e))
            return false;
    return vec_each_row(call, COLUMN_TEXT, put_replaced, out, e);
}

/* The piece in front of the next sign is cut off; false: it was the last one. */
static bool cut_piece(Span *rest, Span sign, Span *piece)
{
    const char *found = rest->bytes && sign.size ? memmem(rest->bytes, rest->size, sign.bytes, sign.size) : NULL;
    *piece = *rest;
    if (!found)
        return false;
    piece->size = (size_t)(found - rest->bytes);
    rest->size -= piece->size + sign.size;
    rest->bytes = found + sign.size;
    return true;
}

static bool put_piece(const Call *call, size_t row, Column *to)
{
    Span rest = vec_span(&call->args[0], row), sign = vec_span(&call->args[1], row), piece = rest;
    int64_t n = vec_int(&call->args[2], row), pieces = 1;
    for (Span s = rest; cut_piece(&s, sign, &piece);)
        pieces++;
    if (n < 0)
        n += pieces + 1;
    if (n < 1 || n > pieces)
        return false;
    for (int64_t i = 0; i < n; i++)
        cut_piece(&rest, sign, &piece);
    return column_set_text(to, row, piece.bytes, piece.size, NULL);
}

bool expr_run_split_part(const Call *call, Vec *out, Error *e)
{
    return vec_need(call, 0, COLUMN_TEXT, e) && vec_need(call, 1, COLUMN_TEXT, e) && need_whole(call, 2, e) &&
           vec_each_row(call, COLUMN_TEXT, put_piece, out, e);
}

static bool put_number(const Call *call, size_t row, Column *to)
{
    const Vec *v = &call->args[0];
    if (v->column->type != COLUMN_TEXT)
        return to->data.reals[row] = vec_real(v, row), true;
    Span s = vec_span(v, row);
    s.bytes = letters_trim(s.bytes, &s.size);
    return number_parse_real(s.bytes, s.size, &to->data.reals[row]);
}

bool expr_run_number(const Call *call, Vec *out, Error *e)
{
    if (!vec_is(&call->args[0], COLUMN_TEXT) && !vec_need_numeric(call, 0, e))
        return false;
    return vec_each_row(call, COLUMN_REAL, put_number, out, e);
}

static bool put_text(const Call *call, size_t row, Column *to)
{
    Text text = {0};
    column_format(call->args[0].column, vec_row(&call->args[0], row), &text);
    bool ok = column_set_text(to, row, text_get(&text), text.size, NULL);
    text_done(&text);
    return ok;
}

bool expr_run_text(const Call *call, Vec *out, Error *e)
{
    return vec_each_row(call, COLUMN_TEXT, put_text, out, e);
}
