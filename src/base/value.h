/* Value: null, flag, int64, real, text, list, map (ordered), object. The common currency between parameters, JSON and Lua.
 * A tree with one owner. Integers stay integers; text may hold NUL. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

typedef enum ValueType { VALUE_NULL, VALUE_FLAG, VALUE_INT, VALUE_REAL, VALUE_TEXT, VALUE_LIST, VALUE_MAP, VALUE_OBJECT } ValueType;

typedef struct Value Value;
/* What a thing of a room above can do that travels in values and fields without being copied: it is shared and never changed. */
typedef struct ObjectKind {
    const char *name; /* "table" */
    void *(*ref)(const void *object);
    void (*unref)(void *object);
    Value *(*to_value)(const void *object);        /* plain: what JSON and scripts hold in its place */
    void *(*from_value)(const Value *v, Error *e); /* the way back; NULL on failure */
} ObjectKind;

struct Value {
    ValueType type;
    bool flag;
    int64_t integer;
    double real;
    char *text;  /* VALUE_TEXT: size bytes and a NUL */
    size_t size; /* bytes of text, or items of list and map */
    size_t room;
    Value **items; /* LIST and MAP */
    char **keys;   /* MAP */
    const ObjectKind *kind;
    void *object; /* OBJECT: a reference */
};

Value *value_null(void);
Value *value_flag(bool flag);
Value *value_int(int64_t integer);
Value *value_real(double real);
Value *value_text(const char *text);
Value *value_bytes(const void *bytes, size_t size);
Value *value_list(void);
Value *value_texts(const TextList *list); /* a list of texts; copies */
Value *value_map(void);
Value *value_object(const ObjectKind *kind, void *object); /* takes the reference */
Value *value_plain(const Value *v);                        /* a copy; of an object what it holds as plain values */
Value *value_copy(const Value *v);
void value_free(Value *v);                        /* accepts NULL */
bool value_equal(const Value *a, const Value *b); /* maps: any order; INT 2 and REAL 2.0 differ; objects by what they hold */

void value_add(Value *list, Value *item);                    /* takes item */
void value_set(Value *map, const char *key, Value *item);    /* takes item; replaces */
void value_append(Value *map, const char *key, Value *item); /* the same for a key known to be new: no search */
const Value *value_get(const Value *map, const char *key);   /* NULL when absent or not a map */
size_t value_items(const Value *v);   /* in a list or map; 0 for anything else, and for NULL: what files hold is not always what we wrote */
size_t value_entries(const Value *v); /* the same, of a map only: there are keys */
Value *value_edit(Value *map, const char *key); /* the same, to change it */
bool value_remove(Value *map, const char *key);
/* Lenient reading: fallback when absent or of another type. get_real takes ints too. */
bool value_get_flag(const Value *map, const char *key, bool fallback);
int64_t value_get_int(const Value *map, const char *key, int64_t fallback);
double value_get_real(const Value *map, const char *key, double fallback);
const char *value_get_text(const Value *map, const char *key, const char *fallback);
#define VALUE_EXACT_MOST (INT64_C(1) << 53)      /* above it a double, and so JSON elsewhere, skips integers: they travel as text there */
bool value_as_int(const Value *v, int64_t *out); /* an integer, or the text of one that is too large for JSON; v may be NULL */
bool value_is_number(const Value *v);
double value_number(const Value *v);         /* INT or REAL */
const char *value_type_name(ValueType type); /* "flag", "integer", ... for messages */

#endif
