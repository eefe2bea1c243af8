/* autoencoder: dense layers down to a code and up again; the head makes as many outputs as the target has. The layer of the code is
 * called "code". */
#include "net/preset.h"

typedef struct Autoencoder {
    NumberList widths;
    int64_t code;
    SpecUse activation;
    int norm;
} Autoencoder;

static const Field fields[] = {
    {NUMBERS_FIELD(Autoencoder, widths), .doc = "widths from the input to the code", .def = "64, 32", .positional = true},
    {INT_FIELD(Autoencoder, code), .doc = "numbers of the code", .def = "8", .min = 1, .max = 65536, .soft_min = 2, .soft_max = 64,
     .scale = SCALE_LOG},
    PRESET_ACTIVATION(Autoencoder),
    PRESET_NORM(Autoencoder),
    {.name = NULL},
};

static bool add_width(SpecList *layers, const Autoencoder *a, double width, Error *e)
{
    return preset_add(layers, e, "[{\"layer\":\"dense\",\"width\":%lld}]", (long long)width) && preset_add_norm(layers, a->norm, e) &&
           preset_add_activation(layers, &a->activation, "autoencoder", e);
}

static bool autoencoder_make(const void *params, SpecList *layers, Error *e)
{
    const Autoencoder *a = params;
    bool ok = true;
    for (size_t i = 0; ok && i < a->widths.count; i++)
        ok = add_width(layers, a, a->widths.items[i], e);
    ok = ok && preset_add(layers, e, "[{\"layer\":\"dense\",\"width\":%lld,\"id\":\"code\"}]", (long long)a->code);
    for (size_t i = a->widths.count; ok && i-- > 0;)
        ok = add_width(layers, a, a->widths.items[i], e);
    return ok;
}

extern const Preset preset_autoencoder;
const Preset preset_autoencoder = {
    .spec = {.name = "autoencoder",
             .doc = "dense layers down to a code, and up again",
             .group = "net",
             .params = fields,
             .params_size = sizeof(Autoencoder)},
    .make = autoencoder_make,
};
