/* What layers of several inputs share. */
#ifndef NET_LAYERS_JOINED_H
#define NET_LAYERS_JOINED_H

#include <string.h>

#include "net/layer.h"

#define LAYER_JOINS "joining"

bool joined_check_count(size_t count, Error *e);
/* Value k against the first: an error that names both shapes. */
bool joined_differ(const Shape *in, size_t k, const char *why, Error *e);
bool joined_same_shape(const void *params, const Shape *in, size_t count, Shape *out, Error *e);

#endif
