/* How a loss of a module comes to be. */
#include "net/losses/defined.h"

#include "spec/module.h"

static const LossHost *host;

static Spec *loss_make(const Spec *own, const Value *declared, Error *e)
{
    const char *takes = value_get_text(declared, "takes", "");
    bool classes = text_equal(takes, "classes");
    if (!classes && !text_equal(takes, "values")) {
        error_set(e, ERROR_USAGE, "takes = \"classes\" or \"values\" says what the target is");
        return NULL;
    }
    Loss *l = MEM_NEW(Loss);
    *l = (Loss){.spec = *own, .takes_classes = classes, .is_serial = true, .open = host->open, .close = host->close, .pass = host->pass};
    return &l->spec;
}

static void loss_free(Spec *member)
{
    mem_free(member);
}

static bool loss_add(Spec *member, Error *e)
{
    return loss_family_add((const Loss *)member, e);
}

void defined_losses_open(const LossHost *given)
{
    static ModuleFamily family = {.make = loss_make, .free = loss_free, .add = loss_add};
    family.family = loss_family();
    host = given;
    module_take(&family);
}
