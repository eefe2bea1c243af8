/* The beginning of a pipeline as a script writes it: a table and what it is asked for. */
#include "learn/pipeline.h"

typedef struct PipelineOptions {
    char *target, *positive, *key;
    int target_type;
    int64_t seed;
} PipelineOptions;

static const Field fields[] = {
    {TEXT_FIELD(PipelineOptions, target), .doc = "column to predict; in a script also a list of columns of numbers", .def = ""},
    {TEXT_FIELD(PipelineOptions, positive), .doc = "class that counts as positive; default the rarer", .def = ""},
    {CHOICE_FIELD(PipelineOptions, target_type), .doc = "of a number: which of its classes, or its value", .def = "auto",
     .choices = target_type_choices},
    {TEXT_FIELD(PipelineOptions, key), .doc = "column that names a row; the split goes by it", .def = ""},
    {INT_FIELD(PipelineOptions, seed), .doc = "of split, weights and order; -1: that of the run", .def = "-1", .min = -1,
     .max = 9007199254740992.0},
    {0},
};
const Spec pipeline_spec = {.name = "pipeline",
                            .doc = "a table on its way to a net: source, target, steps",
                            .params = fields,
                            .params_size = sizeof(PipelineOptions)};

Pipeline *pipeline_begin(const Table *source, const char *file, const Value *read_options, const void *params, uint64_t seed)
{
    const PipelineOptions *o = params;
    Pipeline *p = pipeline_new(source, file, read_options);
    if (o->target) {
        Pipeline *with = pipeline_with_target(p, o->target, o->positive);
        pipeline_unref(p);
        p = with;
    }
    p->key = mem_strdup(o->key);
    p->target_type = o->target_type;
    p->seed = o->seed >= 0 ? (uint64_t)o->seed : seed;
    return p;
}
