/* How a list of layers becomes a graph. A value is what a layer makes; value 0 is the row that the net is fed with. Blocks add
 * their layers by these calls; tensors are then named by the path of their layer, as nested modules of torch are: "3.0.weight". */
#ifndef NET_BUILD_H
#define NET_BUILD_H

#include "net/layer.h"

typedef struct NetBuilder NetBuilder;
typedef struct ValueList {
    const size_t *items;
    size_t count;
} ValueList;

/* Layers in order; the first one without `from` is fed with `in`. Their paths begin with that of the block that is being expanded.
 * *out: the value of the last one; of an empty list: in. */
bool build_list(NetBuilder *b, const SpecList *layers, size_t in, size_t *out, Error *e);
/* A list inside a block: `name` stands between the block's path and the layers' numbers. */
bool build_part(NetBuilder *b, const char *name, const SpecList *layers, size_t in, size_t *out, Error *e);
/* One layer that a block adds of its own, with these settings (taken; NULL: defaults). name: its path behind the block's. *value: what it
 * reads, then what it makes. */
bool build_layer(NetBuilder *b, const char *name, const char *layer, Value *settings, size_t *value, Error *e);
/* A layer of several inputs. */
bool build_joined(NetBuilder *b, const char *name, const char *layer, ValueList inputs, size_t *out, Error *e);
Shape build_shape(const NetBuilder *b, size_t value);

#endif
