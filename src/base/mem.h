/* The only callers of malloc. A small allocation that fails ends the program: the terminal is given back (hook), one line, exit 1.
 * Whatever is sized by data goes through the try functions and returns an error; where nobody listens to it (e is NULL) it ends the
 * program like a small one, because a figure made without its memory would be wrong in silence. Tensors come 64-byte aligned. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdint.h>

#include "base/error.h"

void *mem_alloc(size_t size);                     /* zeroed; never NULL */
void *mem_realloc(void *block, size_t size);      /* never NULL; new bytes undefined */
char *mem_strdup(const char *text);               /* NULL stays NULL */
char *mem_strndup(const char *text, size_t size); /* always terminated; may hold NUL bytes */
void *mem_copy(const void *block, size_t size);
void mem_free(void *block); /* accepts NULL */

_Noreturn void mem_give_up(void);                                  /* one line, exit 1: for libraries that cannot go on without memory */
MUST_USE void *mem_try_alloc(size_t count, size_t size, Error *e); /* zeroed; NULL: overflow or out of memory */
MUST_USE void *mem_try_realloc(void *block, size_t count, size_t size, Error *e); /* the old block survives a failure */
MUST_USE void *mem_try_aligned(size_t count, size_t size, Error *e);              /* 64-byte aligned, zeroed; free with mem_free */

bool mem_mul(size_t a, size_t b, size_t *out); /* false: overflow */
bool mem_add(size_t a, size_t b, size_t *out);

uint64_t mem_calls(void);                    /* allocations since the program began: tests prove that a loop makes none */
void mem_give_terminal_back(void);           /* calls it: for another end of the process */
void mem_set_abort_hook(void (*hook)(void)); /* called before the program ends for want of memory: gives the terminal back */
void *mem_lua_alloc(void *unused, void *block, size_t old_size, size_t new_size); /* lua_Alloc */

#define MEM_NEW(T) ((T *)mem_alloc(sizeof(T)))
/* Grows an array that doubles: `MEM_GROW(items, count, room)` makes room for one more. Small arrays only. */
#define MEM_GROW(items, count, room) \
    do { \
        if ((count) == (room)) { \
            (room) = (room) ? 2 * (room) : 8; \
            (items) = mem_realloc((items), (room) * sizeof *(items)); \
        } \
    } while (0)

#endif
