/* A bump allocator: many pieces, one release. Pieces are 64-byte aligned and zeroed. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/mem.h"

typedef struct ArenaBlock ArenaBlock;
typedef struct Arena {
    ArenaBlock *blocks;
    size_t used; /* bytes handed out */
} Arena;

void *arena_alloc(Arena *arena, size_t count, size_t size, Error *e); /* NULL on failure; an Arena begins as {0} */
void arena_done(Arena *arena);

#endif
