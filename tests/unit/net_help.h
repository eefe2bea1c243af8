/* Small nets and data for the tests of the net. */
#ifndef TESTS_UNIT_NET_HELP_H
#define TESTS_UNIT_NET_HELP_H

#include "base/json.h"
#include "net/net.h"
#include "tests/unit/test.h"

static inline void net_register(void)
{
    registry_add(layer_family());
    registry_add(loss_family());
    registry_add(optimizer_family());
    registry_add(schedule_family());
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

static inline float *net_noise(size_t count, uint64_t seed)
{
    float *x = mem_alloc(count * sizeof *x);
    Rng r = rng_begin(rng_key(seed, "test"));
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_normal(&r);
    return x;
}

#endif
