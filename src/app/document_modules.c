/* Modules of a document: what its script must carry, so that it means the same elsewhere. */
#include "app/document.h"
#include "spec/module.h"

static void add_hash(TextList *hashes, const char *hash)
{
    if (!text_list_has(hashes, hash))
        text_list_add(hashes, hash);
}

static void add_member(TextList *hashes, const Spec *spec)
{
    const Module *m = spec ? module_of(spec) : NULL;
    if (m)
        add_hash(hashes, m->hash);
}

/* Members that parameters name: uses of a family, and metrics by the names of their figures. */
static void add_uses(TextList *hashes, const Field *fields, const void *params)
{
    for (const Field *f = fields; f && f->name; f++) {
        const void *at = (const char *)params + f->offset;
        const SpecUse *use = at;
        const SpecList *list = at;
        const char *text = f->type == FIELD_TEXT ? *(char *const *)at : NULL;
        const Metric *metric = text && text_equal(f->name, "metric") ? metric_of_series(text) : NULL;
        if (f->type == FIELD_SPEC && use->spec) {
            add_member(hashes, use->spec);
            add_uses(hashes, use->spec->params, use->params);
        }
        for (size_t i = 0; f->type == FIELD_SPECS && i < list->count; i++)
            add_member(hashes, list->items[i].spec);
        add_member(hashes, metric ? &metric->spec : NULL);
    }
}

TextList document_modules(const Document *d)
{
    TextList hashes = text_list_copy(&d->modules);
    const Recipe *r = d->pipeline ? d->pipeline->recipe : NULL;
    for (size_t i = 0; r && i < r->count; i++)
        add_member(&hashes, &r->uses[i].step->spec);
    add_uses(&hashes, train_spec.params, &d->train);
    add_uses(&hashes, tune_spec.params, &d->tune);
    add_uses(&hashes, distill_spec.params, &d->distill);
    return hashes;
}

void document_add_module(Document *d, const char *text, size_t size)
{
    char hash[HASH_ROOM];
    sha256_hex(text, size, hash);
    add_hash(&d->modules, hash);
}
