/* Growing strings, lists of strings, and the edit distance behind "did you mean". */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void make_room(Text *t, size_t more)
{
    size_t need = t->size + more + 1;
    if (need <= t->room) {
        return;
    }
    size_t room = t->room ? t->room : 32;
    while (room < need) {
        room *= 2;
    }
    t->bytes = mem_realloc(t->bytes, room);
    t->room = room;
}

void text_add_bytes(Text *t, const void *bytes, size_t size)
{
    make_room(t, size);
    if (size > 0) {
        memcpy(t->bytes + t->size, bytes, size);
    }
    t->size += size;
    t->bytes[t->size] = 0;
}

void text_add(Text *t, const char *s)
{
    text_add_bytes(t, s, strlen(s));
}

void text_add_char(Text *t, char c)
{
    text_add_bytes(t, &c, 1);
}

void text_add_va(Text *t, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    char small[256];
    int size = vsnprintf(small, sizeof small, format, args);
    if (size >= 0 && (size_t)size < sizeof small) {
        text_add_bytes(t, small, (size_t)size);
    } else if (size >= 0) {
        make_room(t, (size_t)size);
        vsnprintf(t->bytes + t->size, (size_t)size + 1, format, again);
        t->size += (size_t)size;
    }
    va_end(again);
}

void text_addf(Text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_add_va(t, format, args);
    va_end(args);
}

const char *text_get(const Text *t)
{
    return t->bytes ? t->bytes : "";
}

char *text_take(Text *t)
{
    char *bytes = t->bytes ? t->bytes : mem_strdup("");
    *t = (Text){0};
    return bytes;
}

void text_clear(Text *t)
{
    text_cut(t, 0);
}

void text_cut(Text *t, size_t size)
{
    if (size > t->size || !t->bytes)
        return;
    t->size = size;
    t->bytes[size] = 0;
}

void text_done(Text *t)
{
    mem_free(t->bytes);
    *t = (Text){0};
}

char *text_format(const char *format, ...)
{
    Text t = {0};
    va_list args;
    va_start(args, format);
    text_add_va(&t, format, args);
    va_end(args);
    return text_take(&t);
}

/* The room is the next power of two (at least 8), so that the list needs no field for it. */
void text_list_add(TextList *list, const char *item)
{
    size_t n = list->count;
    if (n == 0 || (n >= 8 && (n & (n - 1)) == 0)) {
        list->items = mem_realloc(list->items, (n ? 2 * n : 8) * sizeof *list->items);
    }
    list->items[list->count++] = mem_strdup(item);
}

bool text_list_has(const TextList *list, const char *item)
{
    for (size_t i = 0; i < list->count; i++) {
        if (text_equal(list->items[i], item)) {
            return true;
        }
    }
    return false;
}

TextList text_list_copy(const TextList *list)
{
    TextList copy = {0};
    for (size_t i = 0; i < list->count; i++) {
        text_list_add(&copy, list->items[i]);
    }
    return copy;
}

void text_list_done(TextList *list)
{
    for (size_t i = 0; i < list->count; i++) {
        mem_free(list->items[i]);
    }
    mem_free(list->items);
    *list = (TextList){0};
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), k = strlen(suffix);
    return n >= k && memcmp(s + n - k, suffix, k) == 0;
}

enum { LONGEST_NAME = 255 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbors; three rows of the usual table. */
size_t text_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST_NAME || m > LONGEST_NAME) {
        return strcmp(a, b) == 0 ? 0 : (n > m ? n : m);
    }
    size_t rows[3][LONGEST_NAME + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= m; j++) {
        before[j] = last[j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = smaller(last[j - 1] + (a[i - 1] != b[j - 1]), 1 + smaller(last[j], now[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                now[j] = smaller(now[j], before[j - 2] + 1);
            }
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[m];
}

const char *text_nearest(const char *name, const char *(*get)(const void *self, size_t i), const void *self)
{
    const char *best = NULL, *candidate;
    size_t limit = 1 + strlen(name) / 3, nearest = limit + 1;
    for (size_t i = 0; (candidate = get(self, i)) != NULL; i++) {
        size_t distance = text_distance(name, candidate);
        if (distance < nearest && distance < strlen(candidate)) {
            nearest = distance;
            best = candidate;
        }
    }
    return best;
}
