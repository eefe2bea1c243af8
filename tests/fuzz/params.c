/* Parameters of every declared thing from JSON, as plans, recipes and nets hold them: accepted ones are written and read back equal. The
 * first byte chooses the thing. */
#include "tests/fuzz/fuzz.h"

static const Spec *choose(size_t n)
{
    for (;;)
        for (size_t f = 0; f < registry_families(); f++) {
            const Family *family = registry_family(f);
            if (n < family->count)
                return family->members[n];
            n -= family->count;
        }
}

static void forms(const Spec *spec, void *params)
{
    for (size_t i = 0; i < spec->params_size && spec->params && spec->params[i].name; i++) {
        char *text = field_text(&spec->params[i], params);
        mem_free(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    fuzz_families();
    if (size < 2)
        return 0;
    const Spec *spec = choose(data[0]);
    Value *v = json_parse((const char *)data + 1, size - 1, &e);
    void *params = v ? params_from_value(spec, v, &e) : NULL;
    fuzz_check(params, &e);
    if (params) {
        Value *out = fields_to_value(spec->params, params, true);
        void *again = params_from_value(spec, out, &e);
        if (!again || !params_equal(spec, params, again)) {
            fprintf(stderr, "%s: %s\n", spec->name, e.message);
            abort();
        }
        forms(spec, params);
        params_free(spec, again);
        value_free(out);
    }
    params_free(spec, params);
    value_free(v);
    return 0;
}
