/* Text: a growing byte string, always NUL-terminated once something was added. Also the list of strings used everywhere. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/mem.h"

typedef struct Text {
    char *bytes; /* NULL while empty: read it with text_get */
    size_t size, room;
} Text;

void text_add(Text *t, const char *s);
void text_add_bytes(Text *t, const void *bytes, size_t size);
void text_add_char(Text *t, char c);
void text_addf(Text *t, const char *format, ...) PRINTF_LIKE(2, 3);
void text_add_va(Text *t, const char *format, va_list args) PRINTF_LIKE(2, 0);
const char *text_get(const Text *t); /* "" when empty */
char *text_take(Text *t);            /* the caller owns it; the Text is empty afterwards; never NULL */
void text_clear(Text *t);            /* keeps the room */
void text_cut(Text *t, size_t size); /* no longer than this many bytes */
void text_done(Text *t);

typedef struct TextList {
    char **items;
    size_t count;
} TextList;

void text_list_add(TextList *list, const char *item); /* copies */
bool text_list_has(const TextList *list, const char *item);
TextList text_list_copy(const TextList *list);
void text_list_done(TextList *list);

bool text_equal(const char *a, const char *b); /* NULL equals NULL only */
bool text_starts(const char *s, const char *prefix);
bool text_ends(const char *s, const char *suffix);
/* Edit distance, for "did you mean". */
size_t text_distance(const char *a, const char *b);
/* The candidate nearest to name, NULL when none is near. get(i) returns candidate i or NULL at the end. */
const char *text_nearest(const char *name, const char *(*get)(const void *self, size_t i), const void *self);
char *text_format(const char *format, ...) PRINTF_LIKE(1, 2); /* the caller owns it */

#endif
