/* The net for tables, proposed where there are rows enough for it: what it costs, and the key that takes it. */
#include "base/number.h"
#include "views/commands.h"
#include "views/net.h"

enum { ROWS_LEAST = 500, EPOCHS = 35 }; /* with its patience of 16 */
static const double RATE = 1e11;        /* floating-point operations in a second that two processors do */

static Model *model_of(const AppReady *r)
{
    Error ignored = {0};
    SpecList layers = {0};
    const Spec *spec = registry_find("layer", "tabular");
    spec_list_add(&layers, spec, params_new(spec));
    Model *m = model_new(&layers, &r->as_tabular, r->outputs ? r->outputs : 1, 1, &ignored);
    spec_list_done(&layers);
    return m;
}

char *net_tabular_proposal(const Document *d, const AppReady *r)
{
    if (!r || *r->problem || !r->features || r->input.shape.rank != 1 || r->rows[PART_TRAIN] <= ROWS_LEAST || document_is_tabular(d))
        return NULL;
    Model *m = model_of(r);
    if (!m)
        return NULL;
    char params[NUMBER_ROOM], bytes[NUMBER_ROOM];
    double seconds = 6.0 * (double)model_macs(m) * (double)r->rows[PART_TRAIN] * EPOCHS / RATE;
    char *text =
        text_format("T takes the net for tables: %s params, %s, about %.0f s a fit", number_format_large((double)model_params(m), params),
                    number_format_size((double)model_bytes(m), bytes), seconds < 1 ? 1 : seconds);
    model_free(m);
    return text;
}

static bool run_tabular(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    if (!app_edit(w->app, document_with_tabular(app_document(w->app), "Net T"), e))
        return false;
    app_say(w->app, false, "the net for tables, with the plan that it is trained by   undo takes it back");
    return true;
}

const Command command_net_tabular = {
    .spec = {.name = "net_tabular", .doc = "take the net for tables, and the plan that it is trained by", .group = "n net"},
    .key = "T",
    .views = IN(VIEW_NET),
    .can_run = need_table,
    .run = run_tabular};
