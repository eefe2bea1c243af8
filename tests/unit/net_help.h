/* Small nets and data for the tests of the net. */
#ifndef TESTS_UNIT_NET_HELP_H
#define TESTS_UNIT_NET_HELP_H

#include <math.h>

#include "base/json.h"
#include "net/model.h"
#include "tests/unit/test.h"

static inline void net_register(void)
{
    registry_add(layer_family());
    registry_add(loss_family());
    registry_add(optimizer_family());
    registry_add(schedule_family());
    registry_add(preset_family());
    registry_add(averaging_family());
    registry_add(layer_rule_family());
}

static inline SpecList net_layers(const char *json)
{
    SpecList layers = {0};
    Error e = {0};
    Value *v = json_parse(json, strlen(json), &e);
    CHECK_OK(v && spec_list_from_value(&layers, "layer", v, "net", &e), e);
    value_free(v);
    return layers;
}

static inline SpecUse net_use(const char *family, const char *json)
{
    SpecUse use = {0};
    Error e = {0};
    Value *v = json_parse(json, strlen(json), &e);
    CHECK_OK(v && spec_use_from_value(&use, family, v, family, &e), e);
    value_free(v);
    return use;
}

static inline Model *net_model(const char *json, Shape input, int64_t outputs, uint64_t seed)
{
    Error e = {0};
    SpecList layers = net_layers(json);
    NetInput row = net_input(input);
    Model *m = model_new(&layers, &row, outputs, seed, &e);
    CHECK_OK(m != NULL, e);
    spec_list_done(&layers);
    return m;
}

/* Every tensor as sin(0.7 i + 0.3) * scale, i counting through a state_dict of torch: tensors in order, each in torch's order of numbers.
 */
static inline void net_fill_as_torch(Model *m, double scale)
{
    size_t i = 0;
    for (size_t k = 0; k < m->tensor_count; k++) {
        const TensorPlace *t = &m->tensors[k];
        const int64_t *dims = t->shown.dims;
        int64_t at[LAYER_DIMS] = {0};
        for (size_t n = 0; n < t->count; n++) {
            int64_t memory[LAYER_DIMS] = {0}, place = 0;
            for (int d = 0; d < t->shown.rank; d++)
                memory[t->axes[d]] = at[d];
            for (int d = 0; d < t->shown.rank; d++)
                place = place * dims[d] + memory[d];
            t->shown.data[place] = (float)(scale * sin(0.7 * (double)i++ + 0.3));
            for (int d = t->shown.rank; d-- > 0 && ++at[d] == dims[t->axes[d]];)
                at[d] = 0;
        }
    }
}

static inline float *net_noise(size_t count, uint64_t seed)
{
    float *x = mem_alloc(count * sizeof *x);
    Rng r = rng_begin(rng_key(seed, "test"));
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_normal(&r);
    return x;
}

#endif
