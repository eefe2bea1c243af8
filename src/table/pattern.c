/* Patterns at work: all ways to go are followed at once, character by character, so no text makes it slow. */
#include "table/pattern.h"

#include <string.h>

#include "base/utf8.h"
#include "table/letters.h"
#include "table/pattern_internal.h"

static size_t slots_of(const Pattern *p)
{
    return 2 * (1 + p->groups);
}

static void threads_init(PatternThreads *t, const Pattern *p)
{
    t->at = mem_alloc(p->count * sizeof *t->at);
    t->slots = mem_alloc(p->count * slots_of(p) * sizeof *t->slots);
    t->marks = mem_alloc(p->count * sizeof *t->marks);
}

static void threads_done(PatternThreads *t)
{
    mem_free(t->at);
    mem_free(t->slots);
    mem_free(t->marks);
}

Pattern *pattern_new(const char *text, bool any_case, Error *e)
{
    Pattern *p = MEM_NEW(Pattern);
    p->any_case = any_case;
    PatternNode *root = pattern_parse(p, text, e);
    bool ok = root && pattern_compile(p, root, e);
    pattern_free_nodes(root);
    if (!ok)
        return pattern_free(p), NULL;
    threads_init(&p->now, p);
    threads_init(&p->next, p);
    p->slots = mem_alloc(slots_of(p) * sizeof *p->slots);
    p->found = mem_alloc(slots_of(p) * sizeof *p->found);
    return p;
}

void pattern_free(Pattern *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->classes_count; i++)
        mem_free(p->classes[i].ranges);
    mem_free(p->classes);
    mem_free(p->steps);
    threads_done(&p->now);
    threads_done(&p->next);
    mem_free(p->slots);
    mem_free(p->found);
    mem_free(p);
}

size_t pattern_groups(const Pattern *p)
{
    return p->groups;
}

/* One search: where it stands, and whether groups are kept. */
typedef struct Search {
    Pattern *p;
    const char *bytes;
    size_t size, at;
    bool keeps, matched;
} Search;

static bool is_word(const Search *s, size_t at)
{
    char c = at < s->size ? s->bytes[at] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool stands(const Search *s, PatternAt at)
{
    bool border = is_word(s, s->at) != (s->at > 0 && is_word(s, s->at - 1));
    switch (at) {
    case AT_START: return s->at == 0;
    case AT_END: return s->at == s->size;
    case AT_WORD: return border;
    case AT_NO_WORD: return !border;
    }
    return false;
}

/* Adds the threads that begin at a step, through everything that takes no character. */
static void add_thread(const Search *s, PatternThreads *to, uint32_t step)
{
    Pattern *p = s->p;
    while (to->marks[step] != p->round) {
        to->marks[step] = p->round;
        const PatternStep *is = &p->steps[step];
        if (is->op == OP_SPLIT) {
            add_thread(s, to, is->first);
            step = is->value;
        } else if (is->op == OP_JUMP) {
            step = is->value;
        } else if (is->op == OP_AT && stands(s, (PatternAt)is->value)) {
            step++;
        } else if (is->op == OP_SAVE) {
            size_t before = p->slots[is->value];
            p->slots[is->value] = s->at;
            add_thread(s, to, step + 1);
            p->slots[is->value] = before;
            return;
        } else if (is->op != OP_AT) {
            if (s->keeps)
                memcpy(to->slots + to->count * slots_of(p), p->slots, slots_of(p) * sizeof *p->slots);
            to->at[to->count++] = step;
            return;
        }
    }
}

static bool in_ranges(const CodeClass *c, uint32_t code)
{
    for (size_t i = 0; i < c->count; i++)
        if (code >= c->ranges[i].first && code <= c->ranges[i].last)
            return true;
    return false;
}

static bool takes(const Pattern *p, const PatternStep *step, uint32_t code)
{
    if (step->op == OP_ANY)
        return true;
    if (step->op == OP_CODE)
        return code == step->value || (p->any_case && letters_lower_code(code) == letters_lower_code(step->value));
    const CodeClass *c = &p->classes[step->value];
    bool is = in_ranges(c, code);
    if (p->any_case && !is)
        is = in_ranges(c, letters_lower_code(code)) || in_ranges(c, letters_upper_code(code));
    return is != c->negated;
}

/* All threads over one character, or over the end. Those behind one that matches are wanted less and end. */
static void step_threads(Search *s, bool more, uint32_t code)
{
    Pattern *p = s->p;
    for (size_t i = 0; i < p->now.count; i++) {
        const PatternStep *step = &p->steps[p->now.at[i]];
        const size_t *slots = p->now.slots + i * slots_of(p);
        if (step->op == OP_MATCH) {
            s->matched = true;
            if (s->keeps)
                memcpy(p->found, slots, slots_of(p) * sizeof *slots);
            return;
        }
        if (!more || !takes(p, step, code))
            continue;
        if (s->keeps)
            memcpy(p->slots, slots, slots_of(p) * sizeof *slots);
        add_thread(s, &p->next, p->now.at[i] + 1);
    }
}

/* Where a match can begin at all: patterns that begin with a plain character skip to it. */
static size_t skip(const Search *s)
{
    const PatternStep *first = &s->p->steps[1];
    if (first->op != OP_CODE || first->value >= 0x80 || s->p->any_case || s->at >= s->size)
        return s->at;
    const char *found = memchr(s->bytes + s->at, (int)first->value, s->size - s->at);
    return found ? (size_t)(found - s->bytes) : s->size;
}

static void begin_thread(Search *s)
{
    memset(s->p->slots, 0xff, slots_of(s->p) * sizeof *s->p->slots);
    add_thread(s, &s->p->now, 0);
}

static void search(Search *s)
{
    Pattern *p = s->p;
    p->now.count = 0;
    p->round++;
    for (;;) {
        if (p->now.count == 0) {
            s->at = skip(s);
            p->round++;
        }
        if (!s->matched)
            begin_thread(s);
        if (p->now.count == 0 && (s->matched || s->at >= s->size))
            return;
        uint32_t code = 0;
        bool more = s->at < s->size;
        size_t used = more ? utf8_decode(s->bytes + s->at, s->size - s->at, &code) : 0;
        p->next.count = 0;
        p->round++;
        s->at += used;
        step_threads(s, more, code);
        if (!more || (s->matched && !s->keeps))
            return;
        PatternThreads now = p->now;
        p->now = p->next;
        p->next = now;
    }
}

bool pattern_find(Pattern *p, const char *bytes, size_t size, size_t from, PatternSpan *spans)
{
    Search s = {.p = p, .bytes = bytes, .size = size, .at = from, .keeps = spans != NULL};
    if (from > size)
        return false;
    search(&s);
    for (size_t i = 0; s.matched && spans && i <= p->groups; i++) {
        bool part = p->found[2 * i] != SIZE_MAX && p->found[2 * i + 1] != SIZE_MAX;
        spans[i] = part ? (PatternSpan){p->found[2 * i], p->found[2 * i + 1]} : (PatternSpan){SIZE_MAX, SIZE_MAX};
    }
    return s.matched;
}

static void add_replacement(const char *bytes, const PatternSpan *spans, const char *with, Text *out)
{
    for (; *with; with++) {
        bool group = with[0] == '\\' && with[1] >= '0' && with[1] <= '9';
        if (group) {
            const PatternSpan *span = &spans[*++with - '0'];
            if (span->from != SIZE_MAX)
                text_add_bytes(out, bytes + span->from, span->to - span->from);
        } else {
            with += with[0] == '\\' && with[1] == '\\';
            text_add_char(out, *with);
        }
    }
}

void pattern_replace(Pattern *p, const char *bytes, size_t size, const char *with, Text *out)
{
    PatternSpan spans[1 + PATTERN_GROUPS_MOST];
    size_t at = 0, copied = 0;
    while (pattern_find(p, bytes, size, at, spans)) {
        text_add_bytes(out, bytes + copied, spans->from - copied);
        add_replacement(bytes, spans, with, out);
        copied = at = spans->to;
        uint32_t code;
        if (spans->to == spans->from) /* nothing was taken: the next search begins behind the next character */
            at += at < size ? utf8_decode(bytes + at, size - at, &code) : 1;
    }
    text_add_bytes(out, bytes + copied, size - copied);
}

bool pattern_check_with(const Pattern *p, const char *with, Error *e)
{
    for (; *with; with++) {
        if (with[0] != '\\')
            continue;
        if (with[1] == '\\')
            with++;
        else if (with[1] >= '1' && with[1] <= '9' && (size_t)(with[1] - '0') > p->groups)
            return error_set(e, ERROR_USAGE, "\"with\" names group \\%c, but the pattern has %zu", with[1], p->groups);
    }
    return true;
}

static char *quote(const char *text, const char *signs)
{
    Text out = {0};
    for (; *text; text++) {
        if (strchr(signs, *text))
            text_add_char(&out, '\\');
        text_add_char(&out, *text);
    }
    return text_take(&out);
}

char *pattern_quote(const char *text)
{
    return quote(text, "\\.[](){}|*+?^$");
}

char *pattern_quote_with(const char *text)
{
    return quote(text, "\\");
}
