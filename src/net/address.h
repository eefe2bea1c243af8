/* Where a layer stands: in a net's list, or in the list of a block, of a block ... Edits of nets are edits of the list that an address
 * leads to. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "net/net.h"

enum { ADDRESS_DEPTH = 8 };
typedef struct LayerAddress {
    size_t at[ADDRESS_DEPTH]; /* place in the outermost list, in the list of that block ... */
    int depth;                /* how many of them; 0: no layer */
} LayerAddress;

LayerAddress address_of(size_t item); /* in the outermost list */
bool address_equal(const LayerAddress *a, const LayerAddress *b);
bool address_find(const SpecList *layers, const void *params, LayerAddress *out); /* by the parameters' own place in memory */
/* The list that holds the layer, and the layer itself; NULL: it is not there any more. */
SpecList *address_list(SpecList *layers, const LayerAddress *a);
SpecUse *address_layer(SpecList *layers, const LayerAddress *a);
const SpecUse *address_use(const SpecList *layers, const LayerAddress *a);
static inline size_t address_place(const LayerAddress *a)
{
    return a->at[a->depth - 1];
}
const Field *block_field(const Spec *spec); /* its list of layers; NULL: no block */
SpecList *block_layers(const SpecUse *use); /* of a block; NULL: it is none */

void layers_insert(SpecList *list, size_t at, SpecUse use); /* takes use */
SpecUse layers_take(SpecList *list, size_t at);             /* out of the list; the caller owns it */

#endif
