/* limbeck label RUN...: what people say of runs. */
#include <string.h>

#include "base/io.h"
#include "cli/cli.h"
#include "run/labels.h"

typedef struct LabelParams {
    char *name, *tags, *notes;
    bool archive, restore;
} LabelParams;

static const Field fields[] = {
    {TEXT_FIELD(LabelParams, name), .doc = "what it is called; - takes the name away again", .def = ""},
    {TEXT_FIELD(LabelParams, tags), .doc = "words to find it by: \"baseline, paper\"; - takes them away", .def = ""},
    {TEXT_FIELD(LabelParams, notes), .doc = "what is to be known of it; - takes them away", .def = ""},
    {FLAG_FIELD(LabelParams, archive), .doc = "put it away: lists leave it out", .def = "false"},
    {FLAG_FIELD(LabelParams, restore), .doc = "list it again", .def = "false"},
    {0},
};

static bool is_given(const char *text)
{
    return text && *text;
}

/* A dash stands for nothing: the label goes. */
static const char *meant(const char *text)
{
    return text_equal(text, "-") ? "" : text;
}

static Value *changes_of(const LabelParams *p)
{
    Value *v = value_map();
    if (is_given(p->name))
        value_set(v, "name", value_text(meant(p->name)));
    if (is_given(p->tags))
        value_set(v, "tags", labels_split_tags(meant(p->tags)));
    if (is_given(p->notes))
        value_set(v, "notes", value_text(meant(p->notes)));
    if (p->archive || p->restore)
        value_set(v, "archived", value_flag(p->archive));
    return v;
}

static int label_run(const CliCall *call, Error *e)
{
    Value *changes = changes_of(call->params);
    bool ok = true;
    if (!call->words->count)
        ok = error_set(e, ERROR_USAGE, "label: which run? limbeck runs lists them");
    else if (!changes->size)
        ok = error_set(e, ERROR_USAGE, "label: nothing to change; --name, --tags, --notes, --archive or --restore");
    for (size_t i = 0; ok && i < call->words->count; i++)
        ok = labels_change(call->words->items[i], changes, e);
    value_free(changes);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_label = {
    .spec = {.name = "label",
             .doc = "name, tag, annotate or archive runs",
             .group = "runs",
             .params = fields,
             .params_size = sizeof(LabelParams)},
    .usage = "RUN... [--name=TEXT] [--tags=WORDS] [--notes=TEXT] [--archive|--restore]",
    .run = label_run,
};
