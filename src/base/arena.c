/* The bump allocator: blocks that double, pieces that are never freed alone. */
#include "base/arena.h"

enum { PIECE = 64 };
static const size_t first_block = 64 * 1024, largest_step = 64 * 1024 * 1024;

struct ArenaBlock {
    ArenaBlock *next;
    size_t size, used;
    char *bytes;
};

static ArenaBlock *add_block(Arena *arena, size_t need, Error *e)
{
    size_t size = arena->blocks ? 2 * arena->blocks->size : first_block;
    size = size > largest_step ? largest_step : size;
    size = size < need ? need : size;
    char *bytes = mem_try_aligned(size, 1, e);
    if (!bytes) {
        return NULL;
    }
    ArenaBlock *block = MEM_NEW(ArenaBlock);
    *block = (ArenaBlock){.next = arena->blocks, .size = size, .bytes = bytes};
    arena->blocks = block;
    return block;
}

void *arena_alloc(Arena *arena, size_t count, size_t size, Error *e)
{
    size_t bytes, padded;
    if (!mem_mul(count, size, &bytes) || !mem_add(bytes, PIECE - 1, &padded)) {
        error_set(e, ERROR_MEMORY, "out of memory: %zu x %zu bytes could not be allocated", count, size);
        return NULL;
    }
    padded = padded < PIECE ? PIECE : padded - padded % PIECE;
    ArenaBlock *block = arena->blocks;
    if (!block || block->size - block->used < padded) {
        block = add_block(arena, padded, e);
    }
    if (!block) {
        return NULL;
    }
    void *piece = block->bytes + block->used;
    block->used += padded;
    arena->used += padded;
    return piece;
}

void arena_done(Arena *arena)
{
    for (ArenaBlock *block = arena->blocks; block;) {
        ArenaBlock *next = block->next;
        mem_free(block->bytes);
        mem_free(block);
        block = next;
    }
    *arena = (Arena){0};
}
