/* Numbers of layers and losses that may be changed while a training goes on. */
#include "net/model.h"
#include "net/trainer.h"

/* Parameters belong to the lists of the model, or of the trainer, that is asked. */
static bool set_number(const Spec *spec, const void *params, const Field *f, double value)
{
    Error ignored = {0};
    Value *v = value_real(value);
    bool ok = field_set(f, (void *)(uintptr_t)params, v, spec->name, &ignored);
    value_free(v);
    return ok;
}

static const Field *field_like(const Spec *spec, const char *name)
{
    for (const Field *f = spec->params; f && f->name; f++)
        if (f->searched_as && text_equal(f->searched_as, name))
            return f;
    return NULL;
}

char *model_set_like(Model *m, const char *name, double value, bool is_tried)
{
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++) {
        const Spec *spec = &m->items[i].layer->spec;
        const Field *f = field_like(spec, name);
        if (!f)
            continue;
        if (!(value >= f->min && value <= f->max))
            return text_format("%s is a number from %g to %g", name, f->min, f->max);
        if (!is_tried && !set_number(spec, m->items[i].params, f, value))
            return text_format("%s of layer %s cannot be %g", name, spec->name, value);
        count++;
    }
    return count ? NULL : text_format("this net has no layer with %s", name);
}

bool trainer_set_loss(Trainer *t, const char *name, double value)
{
    const Field *f = fields_find(t->loss_use.spec->params, name);
    return f && set_number(t->loss_use.spec, t->loss_use.params, f, value);
}
