/* mdoc from declarations: the generated parts of the man pages. */
#include "spec/faces.h"

/* mdoc reads a leading dot or quote as a macro and a backslash as an escape. */
static void add_mdoc(const char *text, Text *out)
{
    for (const char *p = text; *p; p++) {
        if (*p == '\\')
            text_add(out, "\\e");
        else if ((*p == '.' || *p == '\'') && p == text)
            text_addf(out, "\\&%c", *p);
        else
            text_add_char(out, *p == '\n' ? ' ' : *p);
    }
}

static void man_field(const Field *f, Text *out)
{
    Text range = {0};
    face_range(f, &range);
    text_addf(out, ".It Cm %s Pq %s", f->name, face_type(f));
    if (!f->def)
        text_add(out, " required");
    text_add(out, "\n");
    add_mdoc(f->doc ? f->doc : f->name, out);
    text_add(out, ".\n");
    if (f->def && *f->def) {
        text_add(out, "Default: ");
        add_mdoc(f->def, out);
        text_add(out, ".\n");
    }
    if (range.size)
        text_addf(out, "Range: %s.\n", text_get(&range));
    if (f->when)
        text_addf(out, "Only with %s.\n", f->when);
    text_done(&range);
}

static void man_plan(const Spec *spec, Text *out)
{
    Text plan = {0};
    if (!spec->plan)
        return;
    face_plan(spec, &plan);
    text_add(out, ".Pp\nWhat is not given of its training is\n");
    add_mdoc(text_get(&plan), out);
    text_add(out, ".\n");
    text_done(&plan);
}

void face_man(const Family *family, Text *out)
{
    for (size_t i = 0; i < family->count; i++) {
        const Spec *spec = family->members[i];
        text_addf(out, ".Ss %s\n", spec->name);
        add_mdoc(spec->doc, out);
        text_add(out, ".\n");
        if (!spec->params || !spec->params->name)
            continue;
        text_add(out, ".Bl -tag -width Ds\n");
        for (const Field *f = spec->params; f->name; f++)
            man_field(f, out);
        text_add(out, ".El\n");
        man_plan(spec, out);
    }
}
