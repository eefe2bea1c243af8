/* How each tensor learns: the plan's penalties, and the rules for single layers. */
#include <string.h>

#include "net/trainer.h"

static const LayerRule *rule_at(const Trainer *t, size_t i)
{
    return t->plan.per_layer->items[i].params;
}

static size_t rules_count(const Trainer *t)
{
    return t->plan.per_layer ? t->plan.per_layer->count : 0;
}

static const LayerRule *rule_of(const Trainer *t, size_t tensor)
{
    for (size_t i = 0; i < rules_count(t); i++)
        if (model_tensor_is_of(t->m, tensor, rule_at(t, i)->layer))
            return rule_at(t, i);
    return NULL;
}

bool trainer_check_rules(const Trainer *t, Error *e)
{
    for (size_t i = 0; i < rules_count(t); i++)
        if (!model_check_layer(t->m, rule_at(t, i)->layer, "for_layer", e))
            return false;
    for (size_t k = 0; k < t->m->tensor_count; k++) {
        int rules = 0;
        for (size_t i = 0; i < rules_count(t); i++)
            rules += model_tensor_is_of(t->m, k, rule_at(t, i)->layer);
        if (rules > 1)
            return error_set(e, ERROR_USAGE, "per_layer: two rules for %s; one for each layer", t->m->tensors[k].shown.name);
    }
    return true;
}

static double chosen(const LayerRule *rule, double own, double common)
{
    return rule && own >= 0 ? own : common;
}

UpdateSettings trainer_settings_of(const Trainer *t, size_t tensor)
{
    const LayerRule *r = rule_of(t, tensor);
    UpdateSettings s = {.rate_factor = r ? r->rate_factor : 1, .from_epoch = r ? (double)r->from_epoch : 0};
    if (!t->m->tensors[tensor].is_penalized) {
        s.rate_factor *= r ? r->bias_factor : 1;
        return s;
    }
    s.l1 = chosen(r, r ? r->l1 : 0, t->plan.l1);
    s.l2 = chosen(r, r ? r->l2 : 0, t->plan.l2);
    s.decay = chosen(r, r ? r->decay : 0, t->plan.decay + optimizer_decay(&t->optimizer_use));
    s.unit_norm = chosen(r, r ? r->unit_norm : 0, t->plan.unit_norm);
    return s;
}
