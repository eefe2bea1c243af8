/* mlp: dense layers, each with a norm, an activation and dropout behind it. */
#include "net/preset.h"

typedef struct Mlp {
    NumberList widths;
    double dropout;
    bool batch_norm;
    SpecUse activation;
    int init, norm;
} Mlp;

static const Field fields[] = {
    {NUMBERS_FIELD(Mlp, widths), .doc = "widths of the hidden layers", .def = "", .positional = true},
    PRESET_DROPOUT(Mlp),
    {FLAG_FIELD(Mlp, batch_norm), .doc = "the same as norm = \"batch_norm\"", .def = "false"},
    PRESET_ACTIVATION(Mlp),
    {CHOICE_FIELD(Mlp, init), .doc = "how weights are drawn", .def = "uniform", .choices = layer_init_choices},
    PRESET_NORM(Mlp),
    {.name = NULL},
};

static bool add_block(SpecList *layers, const Mlp *m, double width, Error *e)
{
    return preset_add(layers, e, "[{\"layer\":\"dense\",\"width\":%lld,\"init\":\"%s\"}]", (long long)width, layer_init_choices[m->init]) &&
           preset_add_norm(layers, m->batch_norm ? PRESET_NORM_BATCH : m->norm, e) &&
           preset_add_activation(layers, &m->activation, "mlp", e) && preset_add_dropout(layers, m->dropout, e);
}

static bool mlp_make(const void *params, SpecList *layers, Error *e)
{
    const Mlp *m = params;
    if (m->batch_norm && m->norm > PRESET_NORM_BATCH)
        return error_set(e, ERROR_USAGE, "mlp: batch_norm = true and norm = \"%s\" are two norms; give one", preset_norms[m->norm]);
    for (size_t i = 0; i < m->widths.count; i++)
        if (!add_block(layers, m, m->widths.items[i], e))
            return false;
    return true;
}

extern const Preset preset_mlp;
const Preset preset_mlp = {
    .spec = {.name = "mlp", .doc = "dense layers one behind the other", .group = "net", .params = fields, .params_size = sizeof(Mlp)},
    .make = mlp_make,
};
