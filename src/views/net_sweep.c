/* A command of the Net view: a sweep over depth, width and kernel of the net as it is. It becomes the tuning plan, and its study is
 * shown in Tune. */
#include "net/stages.h"
#include "spec/faces.h"
#include "views/commands.h"
#include "views/net.h"

typedef struct Sweep {
    NumberList values[3]; /* of net_settings, in their order */
    int64_t seeds, epochs, jobs;
    char *metric;
} Sweep;

enum { TRIALS_MOST = 100000 };

#define SWEPT(NAME, PLACE, LOW, HIGH) \
    .name = NAME, .type = FIELD_NUMBERS, .offset = offsetof(Sweep, values) + (PLACE) * sizeof(NumberList), .def = "", .min = 1, \
    .max = 65536, .soft_min = (LOW), .soft_max = (HIGH)

static const Field fields[] = {
    {SWEPT("depth", 0, 1, 6), .doc = "stages, each a layer and what follows it; empty: as it is"},
    {SWEPT("width", 1, 8, 128), .doc = "of the first layer, the others in proportion; empty: as it is"},
    {SWEPT("kernel", 2, 3, 9), .doc = "places that a filter sees; empty: as it is"},
    {INT_FIELD(Sweep, seeds), .doc = "trainings of each net; their mean decides", .def = "3", .min = 1, .max = 100, .soft_min = 1,
     .soft_max = 5},
    {INT_FIELD(Sweep, epochs), .doc = "passes over the training rows", .def = "40", .min = 1, .max = 100000, .soft_min = 5, .soft_max = 200,
     .scale = SCALE_LOG},
    {TEXT_FIELD(Sweep, metric), .doc = "what makes a net the best", .def = "valid.auc"},
    {INT_FIELD(Sweep, jobs), .doc = "worker processes; 0: all cores", .def = "2", .min = 0, .max = 64, .soft_min = 1, .soft_max = 8},
    {.name = NULL},
};

static const Spec sweep_spec = {.name = "sweep",
                                .doc = "every depth with every width and every kernel, each trained over the same seeds",
                                .params = fields,
                                .params_size = sizeof(Sweep)};

static int64_t count_nets(const Sweep *s)
{
    int64_t count = 1;
    for (size_t i = 0; i < 3 && count <= TRIALS_MOST; i++)
        count *= s->values[i].count ? (int64_t)s->values[i].count : 1;
    return count;
}

static Value *space_of(const Sweep *s)
{
    Value *space = value_map();
    for (size_t i = 0; i < 3; i++) {
        Value *list = value_list();
        for (size_t k = 0; k < s->values[i].count; k++)
            value_add(list, value_int((int64_t)s->values[i].items[k]));
        if (list->size)
            value_set(space, net_settings[i].name, list);
        else
            value_free(list);
    }
    return space;
}

static bool check_sweep(const Workbench *w, const Sweep *s, Error *e)
{
    size_t given = 0;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < s->values[i].count; k++, given++) {
            SpecList net;
            double value = s->values[i].items[k];
            spec_list_copy(&net, &app_document(w->app)->train.net);
            bool ok = (value == (double)(int64_t)value || error_set(e, ERROR_USAGE, "%s: %g is no whole number", fields[i].name, value)) &&
                      net_setting_apply(&net, net_settings[i].name, (int64_t)value, e);
            spec_list_done(&net);
            if (!ok)
                return false;
        }
    if (!given)
        return error_set(e, ERROR_USAGE, "nothing to sweep: give depth, width or kernel some values");
    return count_nets(s) <= TRIALS_MOST || error_set(e, ERROR_USAGE, "these are more than %d nets; give fewer values", TRIALS_MOST);
}

static bool preview(Workbench *w, void *self, const void *params, Text *lines, Error *e)
{
    const Sweep *s = params;
    (void)self;
    if (!check_sweep(w, s, e))
        return false;
    long long nets = (long long)count_nets(s), all = nets * (long long)s->seeds;
    text_addf(lines, "%lld net%s, %lld training%s of %lld epochs\np:tune { sampler = \"grid\", trials = %lld, seeds = %lld, space = ", nets,
              nets == 1 ? "" : "s", all, all == 1 ? "" : "s", (long long)s->epochs, nets, (long long)s->seeds);
    Value *space = space_of(s);
    face_lua_value(space, lines);
    value_free(space);
    text_add(lines, " ... }");
    return true;
}

/* As the document trains, but for what is swept. */
static TunePlan *plan_of(const Document *d, const Sweep *s, Error *e)
{
    Value *map = fields_to_value(train_spec.params, &d->train, false);
    value_remove(map, "on_epoch");
    value_remove(map, "baselines");
    value_set(map, "space", space_of(s));
    value_set(map, "sampler", value_text("grid"));
    value_set(map, "trials", value_int(count_nets(s)));
    value_set(map, "seeds", value_int(s->seeds));
    value_set(map, "epochs", value_int(s->epochs));
    value_set(map, "jobs", value_int(s->jobs));
    value_set(map, "metric", value_text(s->metric));
    TunePlan *plan = params_from_value(&tune_spec, map, e);
    value_free(map);
    return plan;
}

static bool apply(Workbench *w, void *self, const Value *params, Error *e)
{
    (void)self;
    Sweep *s = params_from_value(&sweep_spec, params, e);
    TunePlan *plan = s && check_sweep(w, s, e) ? plan_of(app_document(w->app), s, e) : NULL;
    if (s)
        params_free(&sweep_spec, s);
    if (!plan)
        return false;
    Document *next = document_edit(app_document(w->app), "sweep over nets", "Net s");
    fields_done(tune_spec.params, &next->tune);
    next->tune = *plan;
    next->has_tune = true;
    mem_free(plan);
    return app_edit(w->app, next, e) && start_run(w, APP_TUNE, e);
}

static void propose(Value *params, const SpecList *net, size_t setting)
{
    int64_t now = net_setting_now(net, net_settings[setting].name);
    Value *list = value_list();
    for (int i = -1; i <= 1 && now; i++) {
        int64_t value = setting == 1 ? (i < 0 ? now / 2 : now << i) : now + (setting == 2 ? 2 : 1) * i;
        if ((double)value >= net_settings[setting].min)
            value_add(list, value_int(value));
    }
    value_set(params, fields[setting].name, list);
}

static bool run_sweep(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    const Document *d = app_document(w->app);
    Value *params = value_map();
    for (size_t i = 0; i < 3; i++)
        propose(params, &d->train.net, i);
    value_set(params, "seeds", value_int(d->tune.seeds > 1 ? d->tune.seeds : 3));
    value_set(params, "epochs", value_int(d->train.epochs));
    value_set(params, "metric", value_text(d->tune.metric ? d->tune.metric : ""));
    popup_form(w, &(FormUse){.spec = &sweep_spec,
                             .params = params,
                             .remark = "depth, width, kernel",
                             .lua_prefix = "",
                             .preview_remark = "what is run",
                             .preview = preview,
                             .apply = apply});
    value_free(params);
    return true;
}

extern const Command command_net_sweep;
const Command command_net_sweep = {
    .spec = {.name = "net_sweep", .doc = "sweep over depth, width and kernel, in the background", .group = "n net"},
    .key = "s",
    .views = IN(VIEW_NET),
    .hint = 9,
    .word = "sweep",
    .can_run = need_table,
    .run = run_sweep,
};
