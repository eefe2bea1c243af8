/* How the file was read: what the reader decided, the rows it could not read, and its options as a form. */
#include <string.h>

#include "base/number.h"
#include "spec/params.h"
#include "spec/registry.h"
#include "table/reader.h"
#include "views/commands.h"

enum { SHOWN_REJECTS = 500 };

static const Table *source_of(const Workbench *w)
{
    const Document *d = app_document(w->app);
    return d && d->pipeline ? d->pipeline->source : NULL;
}

static bool need_source(const Workbench *w, Text *why)
{
    if (!need_table(w, why))
        return false;
    if (!source_of(w))
        text_add(why, "no table open; o opens one");
    return source_of(w) != NULL;
}

static bool run_rejects(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    const Table *t = source_of(w);
    char number[NUMBER_ROOM];
    Text out = {0};
    text_addf(&out, "%s rows read\n", number_format_count((int64_t)t->rows, number));
    for (size_t i = 0; i < t->notes.count; i++)
        text_addf(&out, "%s\n", t->notes.items[i]);
    for (size_t i = 0; i < t->rejects_count && i < SHOWN_REJECTS; i++)
        text_addf(&out, "%sline %llu\t%s\n  %s\n", i ? "" : "\n", (unsigned long long)t->rejects[i].line, t->rejects[i].reason,
                  t->rejects[i].excerpt);
    if (t->rejects_count > SHOWN_REJECTS)
        text_addf(&out, "and %zu more; `limbeck profile --json` lists them all\n", t->rejects_count - SHOWN_REJECTS);
    text_add(&out, "\n:read changes how the file is read");
    popup_message(w, "how the file was read", text_get(&out));
    text_done(&out);
    return true;
}

/* The file that is read again; NULL: none can be. Also one whose reading failed: its options may mend that. */
static const char *file_of(const Workbench *w)
{
    const Document *d = app_document(w->app);
    const char *file = d && d->pipeline ? d->pipeline->file : app_file(w->app);
    return file && !text_equal(file, "-") ? file : NULL;
}

static const Value *options_of(const Workbench *w)
{
    const Document *d = app_document(w->app);
    return d && d->pipeline ? d->pipeline->read_options : NULL;
}

static bool need_file(const Workbench *w, Text *why)
{
    if (!file_of(w))
        text_add(why, app_file(w->app) ? "standard input can be read only once" : "no table open; o opens one");
    return file_of(w) != NULL;
}

/* What the first part of the file is with these options. */
static bool preview_read(Workbench *w, void *self, const void *params, Text *lines, Error *e)
{
    const Spec *const *spec = self;
    bool complete;
    Value *options = fields_to_value((*spec)->params, params, false);
    value_set(options, "reader", value_text((*spec)->name));
    Table *t = table_read_head(file_of(w), options, &complete, e);
    value_free(options);
    if (!t)
        return false;
    for (size_t i = 0; i < t->notes.count; i++)
        text_addf(lines, "%s\n", t->notes.items[i]);
    text_addf(lines, "%zu rows%s, %zu columns:", t->rows, complete ? "" : " in the first part", t->columns_count);
    for (size_t i = 0; i < t->columns_count && lines->size < 600; i++)
        text_addf(lines, "%s %s %s", i ? "," : "", t->names[i], column_type_name(t->columns[i]->type));
    text_add_char(lines, '\n');
    table_unref(t);
    return true;
}

static bool apply_read(Workbench *w, void *self, const Value *params, Error *e)
{
    const char *reader = value_get_text(options_of(w), "reader", NULL);
    (void)self;
    Value *options = value_copy(params);
    if (reader)
        value_set(options, "reader", value_text(reader));
    bool ok = app_read_with(w->app, options, e);
    value_free(options);
    return ok;
}

static bool run_read(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    const Spec *spec = table_find_reader(file_of(w), options_of(w), e);
    if (!spec)
        return false;
    const Spec **self = MEM_NEW(const Spec *);
    *self = spec;
    Value *params = options_of(w) ? value_copy(options_of(w)) : value_map();
    value_remove(params, "reader");
    popup_form(w, &(FormUse){.spec = spec,
                             .params = params,
                             .remark = "how the file is read",
                             .lua_prefix = "options of lb.read:",
                             .preview = preview_read,
                             .apply = apply_read,
                             .self = self});
    value_free(params);
    return true;
}

EVERYWHERE(read, "options of the reader: delimiter, header, encoding ...", NULL, 0, NULL, run_read, need_file);
EVERYWHERE(rejects, "how the file was read, and the rows that could not be", NULL, 0, NULL, run_rejects, need_source);
