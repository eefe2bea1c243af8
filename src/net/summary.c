/* What a net is called in one line. */
#include <string.h>

#include "net/address.h"
#include "net/layer.h"

static void add_width(const SpecUse *use, Text *t)
{
    for (const Field *f = use->spec->params; f && f->name; f++)
        if (f->type == FIELD_INT && (text_equal(f->name, "width") || text_equal(f->name, "filters"))) {
            char *width = field_text(f, use->params);
            text_addf(t, "-%s%s", text_equal(f->name, "filters") ? "c" : "", width);
            mem_free(width);
        }
}

static void summarize(const SpecList *layers, Text *t);

/* Without the line in front. */
static void add_inner(const SpecList *layers, Text *t)
{
    Text own = {0};
    summarize(layers, &own);
    text_add(t, own.size ? text_get(&own) + 1 : "");
    text_done(&own);
}

/* "-2x(32)", "-(8|)": what a block is made of; branches side by side. */
static void add_block_summary(const SpecUse *use, Text *t)
{
    const Field *f = block_field(use->spec), *n = fields_find(use->spec->params, "n");
    const SpecList *inner = block_layers(use);
    if (!inner) {
        text_addf(t, "-%s", use->spec->name);
        add_width(use, t);
        return;
    }
    char *times = n ? field_text(n, use->params) : NULL;
    text_addf(t, "-%s%s(", times ? times : "", times ? "x" : "");
    for (size_t i = 0; f->lists_as && i < inner->count; i++) {
        const SpecUse *branch = &inner->items[i];
        text_add(t, i ? "|" : "");
        if (text_equal(branch->spec->name, f->lists_as))
            add_inner(block_layers(branch), t);
        else
            add_inner(&(SpecList){&inner->items[i], 1}, t);
    }
    if (!f->lists_as)
        add_inner(inner, t);
    text_add_char(t, ')');
    mem_free(times);
}

static void summarize(const SpecList *layers, Text *t)
{
    for (size_t i = 0; i < layers->count; i++)
        if (((const Layer *)layers->items[i].spec)->expand)
            add_block_summary(&layers->items[i], t);
        else
            add_width(&layers->items[i], t);
}

char *net_summary(const SpecList *layers, Shape input, int64_t outputs)
{
    Text t = {0};
    char *shape = shape_text(input);
    text_add(&t, shape + strlen("Nx"));
    mem_free(shape);
    summarize(layers, &t);
    text_addf(&t, "-%lld", (long long)outputs);
    return text_take(&t);
}
