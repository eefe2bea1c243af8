/* Patterns become programs: repetitions are written out, choices become splits whose first way is the one that is wanted more. */
#include "table/pattern_internal.h"

typedef struct Writer {
    Pattern *p;
    size_t visits; /* of nodes: what repeats nothing many times writes nothing, but takes time */
} Writer;

static bool write_node(Writer *w, const PatternNode *n);

static bool write_step(Writer *w, PatternOp op, uint32_t value)
{
    Pattern *p = w->p;
    if (p->count >= PATTERN_STEPS_MOST)
        return false;
    MEM_GROW(p->steps, p->count, p->room);
    p->steps[p->count++] = (PatternStep){.op = op, .value = value};
    return true;
}

/* A split at this step; the ways are set when they are known. */
static void aim(Writer *w, size_t split, size_t inner, size_t outer, bool lazy)
{
    w->p->steps[split].first = (uint32_t)(lazy ? outer : inner);
    w->p->steps[split].value = (uint32_t)(lazy ? inner : outer);
}

static bool write_either(Writer *w, const PatternNode *n)
{
    size_t split = w->p->count;
    if (!write_step(w, OP_SPLIT, 0) || !write_node(w, n->left))
        return false;
    size_t jump = w->p->count;
    if (!write_step(w, OP_JUMP, 0))
        return false;
    aim(w, split, split + 1, w->p->count, false);
    if (!write_node(w, n->right))
        return false;
    w->p->steps[jump].value = (uint32_t)w->p->count;
    return true;
}

static bool write_endless(Writer *w, const PatternNode *n)
{
    size_t split = w->p->count;
    if (!write_step(w, OP_SPLIT, 0) || !write_node(w, n->left) || !write_step(w, OP_JUMP, (uint32_t)split))
        return false;
    aim(w, split, split + 1, w->p->count, n->lazy);
    return true;
}

/* Once or not at all, `more` times: each inside the one before. */
static bool write_optional(Writer *w, const PatternNode *n, int more)
{
    if (more == 0)
        return true;
    size_t split = w->p->count;
    if (!write_step(w, OP_SPLIT, 0) || !write_node(w, n->left) || !write_optional(w, n, more - 1))
        return false;
    aim(w, split, split + 1, w->p->count, n->lazy);
    return true;
}

static bool write_repeat(Writer *w, const PatternNode *n)
{
    for (int i = 0; i < n->least; i++)
        if (!write_node(w, n->left))
            return false;
    return n->most < 0 ? write_endless(w, n) : write_optional(w, n, n->most - n->least);
}

static bool write_group(Writer *w, const PatternNode *n)
{
    uint32_t slot = 2 * n->value;
    if (n->value == 0)
        return write_node(w, n->left);
    return write_step(w, OP_SAVE, slot) && write_node(w, n->left) && write_step(w, OP_SAVE, slot + 1);
}

static bool write_node(Writer *w, const PatternNode *n)
{
    if (++w->visits > 20 * (size_t)PATTERN_STEPS_MOST)
        return false;
    switch (n->kind) {
    case KIND_EMPTY: return true;
    case KIND_CODE: return write_step(w, OP_CODE, n->value);
    case KIND_ANY: return write_step(w, OP_ANY, 0);
    case KIND_CLASS: return write_step(w, OP_CLASS, n->value);
    case KIND_AT: return write_step(w, OP_AT, n->value);
    case KIND_GROUP: return write_group(w, n);
    case KIND_BOTH: return write_node(w, n->left) && write_node(w, n->right);
    case KIND_EITHER: return write_either(w, n);
    case KIND_REPEAT: return write_repeat(w, n);
    }
    return false;
}

bool pattern_compile(Pattern *p, const PatternNode *root, Error *e)
{
    Writer w = {.p = p};
    if (write_step(&w, OP_SAVE, 0) && write_node(&w, root) && write_step(&w, OP_SAVE, 1) && write_step(&w, OP_MATCH, 0))
        return true;
    return error_set(e, ERROR_USAGE, "the pattern repeats too much: it has more than %d steps", PATTERN_STEPS_MOST);
}
