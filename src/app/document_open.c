/* A document for a table nobody has told us about: the target guessed, a split, a small net and a plan that trains in seconds. */
#include <string.h>

#include "app/document.h"
#include "base/json.h"

enum { CLASS_LIMIT = 20 };

/* Distinct values of a column that could be classes, counted up to the limit; 0: it could not. */
static size_t count_levels(const Column *c)
{
    double seen[CLASS_LIMIT + 1];
    size_t count = 0;
    if (c->type == COLUMN_TEXT && c->dictionary && dictionary_count(c->dictionary) <= CLASS_LIMIT)
        return dictionary_count(c->dictionary);
    if (c->type != COLUMN_BOOL && c->type != COLUMN_INT)
        return 0;
    for (size_t row = 0; row < c->rows && count <= CLASS_LIMIT; row++) {
        if (!column_is_valid(c, row))
            continue;
        double x = column_real(c, row);
        size_t i = 0;
        while (i < count && seen[i] != x)
            i++;
        if (i == count)
            seen[count++] = x;
    }
    return count <= CLASS_LIMIT ? count : 0;
}

static bool same_word(const char *a, const char *b)
{
    while (*a && (*a == *b || (*a >= 'A' && *a <= 'Z' && *a + 32 == *b))) {
        a++;
        b++;
    }
    return !*a && !*b;
}

/* By name first; then a last column with few values; then the only one with two. */
static const char *guess_target(const Table *t)
{
    static const char *const names[] = {"churn", "target",   "label",   "class",           "outcome",
                                        "y",     "survived", "default", "machine failure", "machine_failure"};
    size_t twos = 0, two = 0;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (size_t i = 0; i < t->columns_count; i++)
            if (same_word(t->names[i], names[n]))
                return t->names[i];
    for (size_t i = 0; i < t->columns_count; i++) {
        size_t levels = count_levels(t->columns[i]);
        if (levels >= 2 && i + 1 == t->columns_count)
            return t->names[i];
        twos += levels == 2;
        two = levels == 2 ? i : two;
    }
    return twos == 1 ? t->names[two] : NULL;
}

static void set_plan(Document *d, const Spec *spec, const char *json)
{
    Error ignored = {0};
    Value *map = json_parse(json, strlen(json), &ignored);
    void *params = map ? params_from_value(spec, map, &ignored) : NULL;
    if (params) {
        document_set_plan(d, spec, params);
        params_free(spec, params);
    }
    value_free(map);
}

static void set_net(SpecList *net, const char *json)
{
    Error ignored = {0};
    Value *map = json_parse(json, strlen(json), &ignored);
    spec_list_done(net);
    net_preset("mlp", map, net, &ignored);
    value_free(map);
}

Document *document_from_table(const Table *t, const char *file, const Value *read_options)
{
    Document *d = document_new();
    const char *target = guess_target(t);
    Pipeline *p = pipeline_new(t, file, read_options);
    if (target) {
        Pipeline *with = pipeline_with_target(p, target, NULL);
        pipeline_unref(p);
        p = with;
    }
    DocumentAdvice advice = document_advise(t, p);
    SplitPlan *split = params_new(&split_spec);
    split->by = (int)advice.by;
    d->pipeline = pipeline_with_split(p, split);
    params_free(&split_spec, split);
    pipeline_unref(p);
    char *train = text_format("{\"net\":[],\"epochs\":30,\"batch\":128,\"early_stop\":{\"metric\":\"%s\",\"patience\":8}}", advice.metric);
    char *tune = text_format("{\"metric\":\"%s\"}", advice.metric);
    set_plan(d, &train_spec, train);
    set_plan(d, &tune_spec, tune);
    set_net(&d->train.net, "{\"widths\":[64,32],\"dropout\":0.2}");
    set_net(&d->distill.base.net, "{\"widths\":[8]}");
    document_follow_train(d, NULL);
    mem_free(train);
    mem_free(tune);
    return d;
}
