/* Stages of a net, and the three numbers that a sweep over architectures changes. */
#include "net/stages.h"

#include <math.h>

#include "net/address.h"
#include "net/layer.h"

const char *const layer_widths[] = {"width", "filters", "n", NULL};
const char *const layer_kernels[] = {"kernel", "size", "bins", NULL};
static const char *const own_widths[] = {"width", "filters", NULL}, *const own_kernels[] = {"kernel", NULL},
                         *const depths[] = {"n", "depth", NULL}, *const sizes[] = {"size", NULL};

const Field net_settings[] = {
    {.name = "net.depth",
     .doc = "stages, each a layer and what follows it",
     .type = FIELD_INT,
     .min = 1,
     .max = 1000,
     .soft_min = 1,
     .soft_max = 6},
    {.name = "net.width",
     .doc = "of the first layer, the others in proportion",
     .type = FIELD_INT,
     .min = 1,
     .max = 65536,
     .soft_min = 8,
     .soft_max = 128,
     .scale = SCALE_LOG},
    {.name = "net.kernel", .doc = "places that a filter sees", .type = FIELD_INT, .min = 1, .max = 4096, .soft_min = 3, .soft_max = 9},
    {.name = NULL},
};

const Field *net_setting(const char *name)
{
    return fields_find(net_settings, name);
}

const Field *layer_setting(const SpecUse *use, const char *const *names)
{
    const Field *f = NULL;
    for (size_t i = 0; names[i] && !f; i++)
        f = fields_find(use->spec->params, names[i]);
    return f && f->type == FIELD_INT ? f : NULL;
}

static int64_t *number_at(const SpecUse *use, const Field *f)
{
    return (int64_t *)(void *)((char *)use->params + f->offset);
}

/* Codes of columns have a width by another rule. */
static const Field *width_of(const SpecUse *use)
{
    return text_equal(use->spec->group, "embedding") ? NULL : layer_setting(use, own_widths);
}

static const SpecUse *first_with(const SpecList *list, const Field *(*find)(const SpecUse *use))
{
    for (size_t i = 0; i < list->count; i++) {
        const SpecUse *use = &list->items[i];
        const SpecList *inner = block_layers(use);
        const SpecUse *found = find(use) ? use : inner ? first_with(inner, find) : NULL;
        if (found)
            return found;
    }
    return NULL;
}

static const Field *kernel_of(const SpecUse *use)
{
    return layer_setting(use, own_kernels);
}

bool stage_begins(const SpecUse *use)
{
    const SpecList *inner = block_layers(use);
    return layer_setting(use, layer_widths) || (inner && first_with(inner, width_of));
}

/* What turns places into a vector is no part of what can be done once more. */
static bool ends_stages(const SpecUse *use)
{
    return text_equal(use->spec->group, "shape") && !layer_setting(use, sizes);
}

size_t stage_end(const SpecList *list, size_t place)
{
    size_t end = place + 1;
    while (end < list->count && !stage_begins(&list->items[end]) && !ends_stages(&list->items[end]))
        end++;
    return end;
}

void stage_repeat(SpecList *list, size_t begin, size_t end)
{
    for (size_t i = begin, to = end; i < end; i++, to++) {
        SpecUse copy;
        spec_use_copy(&copy, &list->items[i]);
        LayerPlace *place = copy.params;
        mem_free(place->id); /* of one layer only */
        place->id = NULL;
        layers_insert(list, to, copy);
    }
}

/* Stages of one kind that follow each other. */
typedef struct Run {
    size_t count, last, end; /* where its last stage begins and ends */
} Run;

static Run longest_run(const SpecList *net)
{
    Run best = {0}, run = {0};
    const Spec *kind = NULL;
    for (size_t i = 0; i < net->count;) {
        size_t end = stage_end(net, i);
        const SpecUse *use = &net->items[i];
        if (!stage_begins(use)) {
            i++;
            kind = NULL;
            continue;
        }
        run = (Run){kind == use->spec ? run.count + 1 : 1, i, end};
        kind = use->spec;
        if (run.count > best.count || (best.end == i && run.count > 1))
            best = run;
        i = end;
    }
    return best;
}

/* A layer that says itself how deep it is. */
static const SpecUse *deep_layer(const SpecList *net)
{
    for (size_t i = 0; i < net->count; i++)
        if (layer_setting(&net->items[i], depths))
            return &net->items[i];
    return NULL;
}

static bool set_depth(SpecList *net, int64_t depth, Error *e)
{
    const SpecUse *deep = deep_layer(net);
    if (deep) {
        *number_at(deep, layer_setting(deep, depths)) = depth;
        return true;
    }
    Run run = longest_run(net);
    if (!run.count)
        return error_set(e, ERROR_USAGE, "net.depth changes nothing in this net: it has no layer with a width");
    for (; (int64_t)run.count < depth; run.count++)
        stage_repeat(net, run.last, run.end);
    for (; (int64_t)run.count > depth; run = longest_run(net))
        for (size_t i = run.end; i > run.last; i--) {
            SpecUse gone = layers_take(net, i - 1);
            spec_use_done(&gone);
        }
    return true;
}

static void scale_widths(const SpecList *list, double by)
{
    for (size_t i = 0; i < list->count; i++) {
        const Field *f = width_of(&list->items[i]);
        const SpecList *inner = block_layers(&list->items[i]);
        if (f) {
            double scaled = round((double)*number_at(&list->items[i], f) * by);
            *number_at(&list->items[i], f) = (int64_t)(scaled < f->min ? f->min : scaled > f->max ? f->max : scaled);
        }
        if (inner)
            scale_widths(inner, by);
    }
}

static bool set_width(SpecList *net, int64_t width, Error *e)
{
    int64_t now = net_setting_now(net, "net.width");
    if (!now)
        return error_set(e, ERROR_USAGE, "net.width changes nothing in this net: no layer has a width");
    scale_widths(net, (double)width / (double)now);
    return true;
}

static void set_kernels(const SpecList *list, int64_t kernel)
{
    for (size_t i = 0; i < list->count; i++) {
        const Field *f = kernel_of(&list->items[i]);
        const SpecList *inner = block_layers(&list->items[i]);
        if (f)
            *number_at(&list->items[i], f) = kernel;
        if (inner)
            set_kernels(inner, kernel);
    }
}

static bool set_kernel(SpecList *net, int64_t kernel, Error *e)
{
    if (!first_with(net, kernel_of))
        return error_set(e, ERROR_USAGE, "net.kernel changes nothing in this net: no layer has a kernel");
    set_kernels(net, kernel);
    return true;
}

bool net_setting_apply(SpecList *net, const char *name, int64_t value, Error *e)
{
    static bool (*const set[])(SpecList * net, int64_t value, Error * e) = {set_depth, set_width, set_kernel};
    const Field *f = net_setting(name);
    if ((double)value < f->min || (double)value > f->max)
        return error_set(e, ERROR_USAGE, "%s is %lld; it must be %g to %g", name, (long long)value, f->min, f->max);
    return set[f - net_settings](net, value, e);
}

int64_t net_setting_now(const SpecList *net, const char *name)
{
    const Field *f = net_setting(name);
    size_t at = (size_t)(f - net_settings);
    const SpecUse *use = at == 0 ? deep_layer(net) : first_with(net, at == 1 ? width_of : kernel_of);
    if (!use)
        return at == 0 ? (int64_t)longest_run(net).count : 0;
    return *number_at(use, at == 0 ? layer_setting(use, depths) : at == 1 ? width_of(use) : kernel_of(use));
}
