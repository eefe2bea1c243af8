/* Keys of any type become 64-bit numbers that are equal where the cells are; several columns become one number of two halves. */
#include "table/hash_join.h"

#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "table/key_match.h"

/* A column as keys, read row by row. */
typedef struct Source {
    const Column *column;
    bool as_whole;           /* a REAL among whole numbers: others than whole ones have no key */
    const uint32_t *codes;   /* TEXT: by code of the column, KEY_NONE: the other column lacks it; NULL: the codes themselves */
    const uint32_t *by_rows; /* the code of each row, where texts are compared; NULL: as above */
    KeyList *to;
} Source;

typedef struct Pair {
    KeyList left, right;
} Pair;

static bool is_number(const Column *c)
{
    return c->type == COLUMN_INT || c->type == COLUMN_REAL;
}

bool hash_join_by_text(const Column *a, const Column *b)
{
    return (a->type != b->type && !(is_number(a) && is_number(b))) || column_is_wide(a);
}

static bool whole_key(double x, uint64_t *key)
{
    bool fits = x == floor(x) && x >= -0x1p63 && x < 0x1p63;
    *key = fits ? sort_key_of_int((int64_t)x) : 0;
    return fits;
}

static bool code_key(uint32_t code, uint64_t *key)
{
    *key = code;
    return code != KEY_NONE;
}

static bool cell_key(const Source *s, size_t row, uint64_t *key)
{
    const Column *c = s->column;
    if (s->by_rows)
        return code_key(s->by_rows[row], key);
    if (c->type == COLUMN_TEXT)
        return code_key(s->codes ? s->codes[c->data.codes[row]] : c->data.codes[row], key);
    if (s->as_whole && c->type == COLUMN_REAL)
        return whole_key(c->data.reals[row], key);
    *key = column_key(c, row);
    return true;
}

static void fill_block(void *self, size_t from, size_t to)
{
    const Source *s = self;
    for (size_t i = from; i < to; i++)
        s->to->absent[i] = !column_is_valid(s->column, i) || !cell_key(s, i, &s->to->keys[i]);
}

/* The usual case: no cell is missing and each has a key. */
static void fill_whole(void *self, size_t from, size_t to)
{
    const Source *s = self;
    for (size_t i = from; i < to; i++)
        s->to->keys[i] = sort_key_of_int(s->column->data.ints[i]);
}

static bool fill(const KeyWork *w, Source *s, KeyList *to, Error *e)
{
    const Column *c = s->column;
    bool plain = !c->valid && (c->type == COLUMN_INT || c->type == COLUMN_DATE || c->type == COLUMN_TIME) && !s->by_rows;
    *to = (KeyList){.rows = c->rows, .keys = mem_try_alloc(c->rows + 1, sizeof *to->keys, e)};
    to->absent = to->keys && !plain ? mem_try_alloc(c->rows + 1, 1, e) : NULL;
    s->to = to;
    if (!to->keys || (!plain && !to->absent))
        return false;
    key_work_run(w, c->rows, plain ? fill_whole : fill_block, s);
    return true;
}

typedef struct Translation {
    const Dictionary *from, *to;
    uint32_t *codes;
} Translation;

static void translate_block(void *self, size_t from, size_t to)
{
    const Translation *t = self;
    dictionary_translate(t->from, t->to, (uint32_t)from, (uint32_t)to, t->codes);
}

static bool text_keys(const KeyWork *w, Source *left, Source *right, Pair *out, Error *e)
{
    Translation t = {.from = left->column->dictionary, .to = right->column->dictionary};
    size_t count = dictionary_count(t.from);
    if (t.from != t.to) {
        t.codes = mem_try_alloc(count + 1, sizeof *t.codes, e);
        if (!t.codes)
            return false;
        key_work_run(w, count, translate_block, &t);
    }
    left->codes = t.codes;
    bool ok = fill(w, left, &out->left, e) && fill(w, right, &out->right, e);
    mem_free(t.codes);
    return ok;
}

/* Codes of cells as texts; `adds`: a text that is new gets one. */
static uint32_t *format_codes(const Column *c, Dictionary *texts, bool adds, Error *e)
{
    uint32_t *codes = mem_try_alloc(c->rows + 1, sizeof *codes, e);
    Text text = {0};
    bool ok = codes != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        text_clear(&text);
        column_format_key(c, i, &text);
        if (!column_is_valid(c, i))
            codes[i] = KEY_NONE;
        else if (adds)
            ok = (codes[i] = dictionary_try_add(texts, text_get(&text), text.size, e)) != UINT32_MAX;
        else
            codes[i] = dictionary_find(texts, text_get(&text), text.size);
    }
    text_done(&text);
    if (ok)
        return codes;
    mem_free(codes);
    return NULL;
}

static bool formatted_keys(const KeyWork *w, Source *left, Source *right, Pair *out, Error *e)
{
    Dictionary *texts = dictionary_new();
    uint32_t *of_right = format_codes(right->column, texts, true, e);
    uint32_t *of_left = of_right ? format_codes(left->column, texts, false, e) : NULL;
    right->by_rows = of_right;
    left->by_rows = of_left;
    bool ok = of_left && fill(w, left, &out->left, e) && fill(w, right, &out->right, e);
    mem_free(of_left);
    mem_free(of_right);
    dictionary_unref(texts);
    return ok;
}

static bool pair_keys(const KeyWork *w, const Column *l, const Column *r, Pair *out, Error *e)
{
    bool as_whole = l->type != r->type;
    Source left = {.column = l, .as_whole = as_whole}, right = {.column = r, .as_whole = as_whole};
    if (hash_join_by_text(l, r))
        return formatted_keys(w, &left, &right, out, e);
    if (l->type == COLUMN_TEXT)
        return text_keys(w, &left, &right, out, e);
    return fill(w, &left, &out->left, e) && fill(w, &right, &out->right, e);
}

static bool need_absent(KeyList *list, Error *e)
{
    if (!list->absent)
        list->absent = mem_try_alloc(list->rows + 1, 1, e);
    return list->absent != NULL;
}

static void shift_down(KeyList *list, uint64_t low, uint64_t high)
{
    for (size_t i = 0; i < list->rows; i++) {
        list->absent[i] = list->absent[i] || list->keys[i] < low || list->keys[i] > high;
        list->keys[i] -= low;
    }
}

static void take_rows(KeyList *list, const uint32_t *rows)
{
    for (size_t i = 0; i < list->rows; i++) {
        list->absent[i] = rows[i] == KEY_NONE;
        list->keys[i] = rows[i];
    }
}

/* Keys of 32 bits that are equal where these are; what the right table lacks has none. */
static bool narrow(const KeyWork *w, Pair *p, Error *e)
{
    uint64_t low, high;
    bool any = key_list_range(&p->right, &low, &high);
    if (!need_absent(&p->left, e) || !need_absent(&p->right, e))
        return false;
    if (!any || high - low < KEY_NONE) {
        shift_down(&p->left, low, high);
        shift_down(&p->right, low, high);
        return true;
    }
    uint32_t *leaders = mem_try_alloc(p->right.rows + 1, sizeof *leaders, e), *match = mem_try_alloc(p->left.rows + 1, sizeof *match, e);
    bool ok = leaders && match && key_match(w, &p->right, &p->left, leaders, match, e);
    if (ok) {
        take_rows(&p->right, leaders);
        take_rows(&p->left, match);
    }
    mem_free(leaders);
    mem_free(match);
    return ok;
}

static void append(KeyList *to, const KeyList *more)
{
    for (size_t i = 0; i < to->rows; i++) {
        to->keys[i] = to->keys[i] << 32 | (more->keys[i] & UINT32_MAX);
        to->absent[i] = to->absent[i] || more->absent[i];
    }
}

static void pair_done(Pair *p)
{
    key_list_done(&p->left);
    key_list_done(&p->right);
}

static bool add_pair(const KeyWork *w, const Column *left, const Column *right, Pair *to, Error *e)
{
    Pair more = {0};
    bool ok = job_go_on(w->job, e) && pair_keys(w, left, right, &more, e) && narrow(w, to, e) && narrow(w, &more, e);
    if (ok) {
        append(&to->left, &more.left);
        append(&to->right, &more.right);
    }
    pair_done(&more);
    return ok;
}

static bool make_keys(const KeyWork *w, const HashJoin *j, Pair *out, Error *e)
{
    for (size_t k = 0; k < j->count; k++) {
        const Column *left = j->left->columns[j->left_columns[k]], *right = j->right->columns[j->right_columns[k]];
        if (k == 0 ? !pair_keys(w, left, right, out, e) : !add_pair(w, left, right, out, e))
            return false;
    }
    if (j->count)
        return true;
    out->left = (KeyList){.rows = j->left->rows, .keys = mem_try_alloc(j->left->rows + 1, sizeof(uint64_t), e)};
    out->right = (KeyList){.rows = j->right->rows, .keys = mem_try_alloc(j->right->rows + 1, sizeof(uint64_t), e)};
    return out->left.keys && out->right.keys;
}

static void widen(const uint32_t *from, size_t count, size_t *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[i] == KEY_NONE ? COLUMN_NO_ROW : from[i];
}

bool hash_join(Job *job, const HashJoin *j, size_t *leaders, size_t *match, Error *e)
{
    size_t left = j->left->rows, right = j->right->rows;
    if (left >= KEY_NONE || right >= KEY_NONE)
        return error_set(e, ERROR_FAILED, "a join takes tables of fewer than %u rows", KEY_NONE);
    KeyWork w;
    Pair keys = {0};
    key_work_begin(&w, job, left + right, e);
    uint32_t *first = mem_try_alloc(right + 1, sizeof *first, e), *found = mem_try_alloc(left + 1, sizeof *found, e);
    bool ok = first && found && make_keys(&w, j, &keys, e) && key_match(&w, &keys.right, &keys.left, first, found, e);
    if (ok) {
        widen(first, right, leaders);
        widen(found, left, match);
    }
    key_work_end(&w);
    pair_done(&keys);
    mem_free(first);
    mem_free(found);
    return ok;
}
