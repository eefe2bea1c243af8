/* Losses that a module in Lua defines (spec/module.h): what they compute comes from a host, the room that knows Lua. */
#ifndef NET_LOSSES_DEFINED_H
#define NET_LOSSES_DEFINED_H

#include "net/loss.h"

/* As of a Loss; each state is of one thread. */
typedef struct LossHost {
    void *(*open)(const SpecUse *use, Error *e);
    void (*close)(void *state);
    double (*pass)(const LossPass *p);
} LossHost;

void defined_losses_open(const LossHost *host); /* static data; once, at start */

#endif
