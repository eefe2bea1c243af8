/* Nets and plans with and without what regularizes. Layers of the group that says so leave the net, also from blocks; where others know
 * one by its name, an empty sequence keeps its place. */
#include "learn/variants.h"

#include "net/address.h"
#include "net/layer.h"

typedef struct Dose {
    double l1, l2, dropout;
    bool norm;
} Dose;

static const char *const own_dropout = "dropout"; /* of layers that are a net by themselves */

Variant variant_find(const char *name)
{
    int v = 0;
    while (variant_names[v] && !text_equal(variant_names[v], name))
        v++;
    return (Variant)v;
}

static Dose dose_of(Variant v, const RegularizePlan *by)
{
    bool is_elastic = v == VARIANT_ELASTIC || v == VARIANT_ALL;
    return (Dose){.l1 = is_elastic        ? by->elastic_l1
                        : v == VARIANT_L1 ? by->l1_strength
                                          : 0,
                  .l2 = is_elastic        ? by->elastic_l2
                        : v == VARIANT_L2 ? by->l2_strength
                                          : 0,
                  .dropout = v == VARIANT_DROPOUT || v == VARIANT_ALL ? by->dropout_rate : 0,
                  .norm = v == VARIANT_BATCH_NORM || v == VARIANT_ALL};
}

static void set_real(const Field *f, void *params, double x)
{
    Error ignored = {0};
    Value *v = value_real(x);
    field_set(f, params, v, f->name, &ignored);
    value_free(v);
}

static bool is_of(const SpecUse *use, const char *group)
{
    return text_equal(use->spec->group, group);
}

static SpecUse layer_made(const char *name)
{
    const Spec *spec = registry_find("layer", name);
    return (SpecUse){spec, params_new(spec)};
}

static bool has_branches(const SpecUse *use)
{
    return block_field(use->spec)->lists_as != NULL;
}

/* What stood there is read by name, or is a branch: what comes in goes out. */
static void leave_empty(SpecUse *use)
{
    SpecUse empty = layer_made("sequence");
    LayerPlace *from = use->params, *to = empty.params, own = *to;
    *to = *from;
    *from = own;
    spec_use_done(use);
    *use = empty;
}

/* The layer before takes over its name. */
static bool hand_back(SpecList *list, size_t at)
{
    LayerPlace *here = list->items[at].params, *there = at ? list->items[at - 1].params : NULL;
    if (!there || (there->id && *there->id))
        return false;
    mem_free(there->id);
    there->id = here->id;
    here->id = NULL;
    return true;
}

static bool can_go(SpecList *list, size_t at, bool is_branch)
{
    const LayerPlace *place = list->items[at].params;
    if (is_branch || place->from.count)
        return false;
    return !place->id || !*place->id || hand_back(list, at);
}

static void strip(SpecList *list, bool are_branches)
{
    for (size_t i = 0; i < list->count; i++) {
        SpecUse *use = &list->items[i];
        const Field *own = fields_find(use->spec->params, own_dropout);
        if (block_layers(use))
            strip(block_layers(use), has_branches(use));
        if (own && own->type == FIELD_REAL)
            set_real(own, use->params, 0);
        if (!is_of(use, "regularization"))
            continue;
        if (can_go(list, i, are_branches)) {
            SpecUse gone = layers_take(list, i--);
            spec_use_done(&gone);
        } else {
            leave_empty(use);
        }
    }
}

/* Pooling and the like leave the channels as they are. */
static bool is_behind_weights(const SpecList *list, size_t at)
{
    while (at > 0 && is_of(&list->items[at - 1], "shape"))
        at--;
    return at > 0 && is_of(&list->items[at - 1], "linear");
}

/* Later layers that read the one at `at` by name read what is dropped of it. */
static void put_dropout(SpecList *list, size_t at, double rate)
{
    SpecUse layer = layer_made("dropout");
    LayerPlace *here = list->items[at].params, *there = layer.params;
    set_real(fields_find(layer.spec->params, "rate"), layer.params, rate);
    mem_free(there->id);
    there->id = here->id;
    here->id = NULL;
    layers_insert(list, at + 1, layer);
}

typedef struct Places {
    size_t dropout, norm;
} Places;

static void put_layers(SpecList *list, bool are_branches, const Dose *dose, Places *places)
{
    for (size_t i = 0; i < list->count; i++) {
        const Field *own = fields_find(list->items[i].spec->params, own_dropout);
        bool is_activation = is_of(&list->items[i], LAYER_ACTIVATIONS), is_whole = own && own->type == FIELD_REAL;
        const LayerPlace *place = list->items[i].params;
        if (block_layers(&list->items[i]))
            put_layers(block_layers(&list->items[i]), has_branches(&list->items[i]), dose, places);
        if (is_whole && dose->dropout > 0)
            set_real(own, list->items[i].params, dose->dropout);
        places->dropout += is_whole;
        if (are_branches || (!is_activation && !is_of(&list->items[i], "recurrent")))
            continue;
        if (is_activation && !place->from.count && is_behind_weights(list, i)) {
            places->norm++;
            if (dose->norm)
                layers_insert(list, i++, layer_made("batch_norm"));
        }
        places->dropout++;
        if (dose->dropout > 0)
            put_dropout(list, i++, dose->dropout);
    }
}

static bool check_places(const Dose *dose, const Places *places, Error *e)
{
    if (dose->dropout > 0 && !places->dropout)
        return error_set(e, ERROR_USAGE, "the net has no hidden layer behind which something could be dropped");
    if (dose->norm && !places->norm)
        return error_set(e, ERROR_USAGE, "the net has no activation behind a dense or conv layer before which batch_norm could stand");
    return true;
}

bool variant_apply(TrainPlan *plan, Variant variant, const RegularizePlan *by, Error *e)
{
    Dose dose = dose_of(variant, by);
    Places places = {0};
    const Field *decay = plan->optimizer.spec ? fields_find(plan->optimizer.spec->params, "decay") : NULL;
    if (plan->per_layer.count || (plan->start && *plan->start))
        return error_set(e, ERROR_USAGE,
                         "regularize: per_layer and start know layers by their number, which the variants move; "
                         "leave them out");
    strip(&plan->net, false);
    put_layers(&plan->net, false, &dose, &places);
    plan->l1 = dose.l1;
    plan->l2 = dose.l2;
    plan->decay = plan->unit_norm = 0;
    if (decay && decay->type == FIELD_REAL)
        set_real(decay, plan->optimizer.params, 0);
    return check_places(&dose, &places, e);
}

char *variant_text(Variant variant, const RegularizePlan *by)
{
    Dose dose = dose_of(variant, by);
    Text out = {0};
    if (dose.l1 > 0)
        text_addf(&out, "l1 %g", dose.l1);
    if (dose.l2 > 0)
        text_addf(&out, "%sl2 %g", out.size ? ", " : "", dose.l2);
    if (dose.dropout > 0)
        text_addf(&out, "%sdropout %g", out.size ? ", " : "", dose.dropout);
    if (dose.norm)
        text_addf(&out, "%sbatch norm", out.size ? ", " : "");
    return text_take(&out);
}
