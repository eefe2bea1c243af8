/* The base learning rate of an optimizer. */
#include "net/optimizer.h"

double optimizer_rate(const SpecUse *optimizer)
{
    const Field *f = optimizer->spec ? fields_find(optimizer->spec->params, "learning_rate") : NULL;
    return f ? *(const double *)((const char *)optimizer->params + f->offset) : 1e-3;
}
