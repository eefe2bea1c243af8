/* Addresses of layers, and edits of lists. */
#include "net/address.h"

#include <string.h>

LayerAddress address_of(size_t item)
{
    return (LayerAddress){.at = {item}, .depth = 1};
}

bool address_equal(const LayerAddress *a, const LayerAddress *b)
{
    return a->depth == b->depth && memcmp(a->at, b->at, (size_t)a->depth * sizeof *a->at) == 0;
}

const Field *block_field(const Spec *spec)
{
    for (const Field *f = spec->params; f && f->name; f++)
        if (f->type == FIELD_SPECS)
            return f;
    return NULL;
}

SpecList *block_layers(const SpecUse *use)
{
    const Field *f = block_field(use->spec);
    return f ? (void *)((char *)use->params + f->offset) : NULL;
}

static bool find_below(const SpecList *layers, const void *params, LayerAddress *out)
{
    int depth = out->depth++;
    for (size_t i = 0; depth < ADDRESS_DEPTH && i < layers->count; i++) {
        const SpecList *inner = block_layers(&layers->items[i]);
        out->at[depth] = i;
        if (layers->items[i].params == params || (inner && find_below(inner, params, out)))
            return true;
    }
    out->depth = depth;
    return false;
}

bool address_find(const SpecList *layers, const void *params, LayerAddress *out)
{
    *out = (LayerAddress){0};
    return params && find_below(layers, params, out);
}

SpecList *address_list(SpecList *layers, const LayerAddress *a)
{
    for (int d = 0; layers && d + 1 < a->depth; d++)
        layers = a->at[d] < layers->count ? block_layers(&layers->items[a->at[d]]) : NULL;
    return layers;
}

SpecUse *address_layer(SpecList *layers, const LayerAddress *a)
{
    SpecList *list = a->depth ? address_list(layers, a) : NULL;
    return list && address_place(a) < list->count ? &list->items[address_place(a)] : NULL;
}

const SpecUse *address_use(const SpecList *layers, const LayerAddress *a)
{
    return address_layer((SpecList *)(uintptr_t)layers, a);
}

void layers_insert(SpecList *list, size_t at, SpecUse use)
{
    spec_list_add(list, use.spec, use.params);
    memmove(&list->items[at + 1], &list->items[at], (list->count - 1 - at) * sizeof *list->items);
    list->items[at] = use;
}

SpecUse layers_take(SpecList *list, size_t at)
{
    SpecUse use = list->items[at];
    list->count--;
    memmove(&list->items[at], &list->items[at + 1], (list->count - at) * sizeof *list->items);
    return use;
}
