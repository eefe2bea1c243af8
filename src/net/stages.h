/* A net by three numbers: its depth, its width and its kernel, whatever its layers are. A stage is a layer with a width, or a block that
 * holds one, and what follows up to the next: a convolution with its norm, activation, pooling and dropout. */
#ifndef NET_STAGES_H
#define NET_STAGES_H

#include "net/net.h"

/* The first of these settings that a layer has; NULL: none. names ends with NULL. */
const Field *layer_setting(const SpecUse *use, const char *const *names);
extern const char *const layer_widths[];  /* width filters n */
extern const char *const layer_kernels[]; /* kernel size bins */

bool stage_begins(const SpecUse *use);
size_t stage_end(const SpecList *list, size_t place); /* of the stage that begins there: place of the first layer behind it */
/* Puts a copy of what is between the places behind it; ids stay with the first. */
void stage_repeat(SpecList *list, size_t begin, size_t end);

/* "net.depth", "net.width", "net.kernel"; rows of whole numbers with their ranges, ended by one without a name. */
extern const Field net_settings[];
const Field *net_setting(const char *name); /* NULL: no such one */
/* net.depth: how many stages of one kind, the longest run of them: its last one is repeated, or the last ones go; of a net with a block
 * that repeats its layers, or a layer that has a depth, that number. net.width: of the first layer; the others stay in proportion.
 * net.kernel: of all layers that have one. Refused where the net has none. */
bool net_setting_apply(SpecList *net, const char *name, int64_t value, Error *e);
int64_t net_setting_now(const SpecList *net, const char *name); /* 0: the net has none */

#endif
