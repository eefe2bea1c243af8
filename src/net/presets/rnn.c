/* rnn: recurrent layers one behind the other; all but the last hand on their state at each place. */
#include "net/preset.h"

typedef struct Rnn {
    NumberList widths;
    int kind;
    bool bidirectional;
    double dropout;
} Rnn;

static const char *const kinds[] = {"gru", "lstm", NULL};

static const Field fields[] = {
    {NUMBERS_FIELD(Rnn, widths), .doc = "widths of the states", .def = "32", .min = 1, .max = 65536, .positional = true},
    {CHOICE_FIELD(Rnn, kind), .doc = "which layer", .def = "gru", .choices = kinds},
    {FLAG_FIELD(Rnn, bidirectional), .doc = "each also reads from the end", .def = "false"},
    PRESET_DROPOUT(Rnn),
    {.name = NULL},
};

static bool rnn_make(const void *params, SpecList *layers, Error *e)
{
    const Rnn *r = params;
    bool ok = true;
    for (size_t i = 0; ok && i < r->widths.count; i++)
        ok = preset_add(layers, e, "[{\"layer\":\"%s\",\"width\":%lld,\"bidirectional\":%s,\"output\":\"%s\"}]", kinds[r->kind],
                        (long long)r->widths.items[i], r->bidirectional ? "true" : "false", i + 1 == r->widths.count ? "last" : "all") &&
             preset_add_dropout(layers, r->dropout, e);
    return ok;
}

extern const Preset preset_rnn;
const Preset preset_rnn = {
    .spec = {.name = "rnn", .doc = "recurrent layers over a sequence", .group = "net", .params = fields, .params_size = sizeof(Rnn)},
    .make = rnn_make,
};
