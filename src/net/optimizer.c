/* What all optimizers that have it call by the same name: the base learning rate, and the decay of weights. */
#include "net/optimizer.h"

static double setting(const SpecUse *optimizer, const char *name, double otherwise)
{
    const Field *f = optimizer->spec ? fields_find(optimizer->spec->params, name) : NULL;
    return f ? *(const double *)((const char *)optimizer->params + f->offset) : otherwise;
}

double optimizer_rate(const SpecUse *optimizer)
{
    return setting(optimizer, "learning_rate", 1e-3);
}

double optimizer_decay(const SpecUse *optimizer)
{
    return setting(optimizer, "decay", 0);
}
