/* Undo and redo: moves between immutable snapshots. */
#include "app/document.h"

void history_init(History *h, Document *first)
{
    *h = (History){.saved = SIZE_MAX};
    MEM_GROW(h->items, h->count, h->room);
    h->items[h->count++] = first;
}

void history_push(History *h, Document *next)
{
    if (h->saved != SIZE_MAX && h->saved > h->now)
        h->saved = SIZE_MAX;
    while (h->count > h->now + 1)
        document_unref(h->items[--h->count]);
    MEM_GROW(h->items, h->count, h->room);
    h->items[h->count] = next;
    h->now = h->count++;
}

bool history_is_saved(const History *h)
{
    return h->saved == SIZE_MAX ? h->now == 0 : h->now == h->saved;
}

bool history_undo(History *h)
{
    if (h->now == 0)
        return false;
    h->now--;
    return true;
}

bool history_redo(History *h)
{
    if (h->now + 1 >= h->count)
        return false;
    h->now++;
    return true;
}

const Document *history_now(const History *h)
{
    return h->count ? h->items[h->now] : NULL;
}

void history_done(History *h)
{
    for (size_t i = 0; i < h->count; i++)
        document_unref(h->items[i]);
    mem_free(h->items);
    *h = (History){.saved = SIZE_MAX};
}
