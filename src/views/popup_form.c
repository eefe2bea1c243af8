/* A form of a declared thing over the view: fields, what it would do to real rows, and the line of Lua it writes. */
#include <string.h>

#include "spec/faces.h"
#include "tui/form.h"
#include "views/frame.h"

typedef struct FormPopup {
    Form form;
    FormUse use;
    char *remark, *prefix;
    uint64_t previewed; /* changes at the time of the preview */
    bool has_preview, preview_failed;
    Text preview;
    Error problem;
} FormPopup;

static void make_preview(Workbench *w, FormPopup *p)
{
    const Spec *spec = p->use.spec;
    if (p->has_preview && p->previewed == p->form.changes)
        return;
    p->has_preview = true;
    p->previewed = p->form.changes;
    text_clear(&p->preview);
    error_clear(&p->problem);
    bool ok = fields_check_filled(spec->params, p->form.params, spec->name, &p->problem);
    if (ok && p->use.preview)
        ok = p->use.preview(w, p->use.self, p->form.params, &p->preview, &p->problem);
    p->preview_failed = !ok;
}

static void add_lua(const FormPopup *p, Text *out)
{
    Value *v = form_value(&p->form);
    text_addf(out, "%s ", p->prefix);
    face_lua_value(v, out);
    value_free(v);
}

static void paint_check(const FormPopup *p, Pen *pen, Rect row)
{
    char line[700];
    const Error *wrong = p->form.error.code != ERROR_NONE ? &p->form.error : p->preview_failed ? &p->problem : NULL;
    pen_glyph(pen, row.x, row.y, wrong ? ROLE_STATE_ERROR : ROLE_STATE_OK, wrong ? 0x2717 : 0x2713);
    if (wrong)
        error_format(wrong, line, sizeof line);
    frame_text(pen, (Rect){row.x + 2, row.y, row.width - 2, row.height}, wrong ? ROLE_STATE_ERROR : ROLE_UI,
               wrong ? line : "ready to apply");
}

/* Rows of the check line: what is wrong may need two. */
static int check_rows(const FormPopup *p, int width)
{
    char line[700];
    const Error *wrong = p->form.error.code != ERROR_NONE ? &p->form.error : p->preview_failed ? &p->problem : NULL;
    if (!wrong)
        return 1;
    error_format(wrong, line, sizeof line);
    return (int)utf8_width(line) > width - 2 ? 2 : 1;
}

/* The check line keeps its place above the keys; preview and Lua get what is left. */
static void paint_below(const FormPopup *p, Pen *pen, Rect area)
{
    int check = check_rows(p, area.width), y = area.y, end = area.y + area.height - check;
    if (check > area.height)
        return;
    paint_check(p, pen, (Rect){area.x, end, area.width, check});
    if (p->use.preview && y + 1 < end) {
        Rect in = frame_head(pen, (Rect){area.x, y, area.width, end - y}, false, "Preview",
                             p->use.preview_remark ? p->use.preview_remark : "on real rows");
        y = in.y + frame_text(pen, (Rect){in.x, in.y, in.width, end - in.y}, ROLE_UI, text_get(&p->preview)) + 1;
    }
    if (p->prefix && y < end) {
        Text lua = {0};
        add_lua(p, &lua);
        pen_text(pen, area.x, y, ROLE_UI_DIM, "Lua");
        frame_text(pen, (Rect){area.x + 6, y, area.width - 6, end - y}, ROLE_UI, text_get(&lua));
        text_done(&lua);
    }
}

static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const FormPopup *p = state;
    (void)w;
    int width = body.width >= 110 ? 100 : body.width >= 80 ? 76 : body.width, rows = form_rows(&p->form);
    int extra = (p->use.preview ? 7 : 0) + (p->prefix ? 3 : 0) + 3;
    Rect box = body.width < 80 && body.height < 20 ? body : frame_center(body, width, rows + extra + 2);
    Rect in = frame_popup(pen, box, p->use.spec->name, p->remark, "Enter apply  Tab next  \u25c0 \u25b6 change  F1 about  Esc cancel");
    Pen inner = pen_on(pen->cells, in);
    int kept = in.height < 9 ? 1 : p->use.preview ? 7 : 5, shown = rows > in.height - kept ? in.height - kept : rows;
    form_paint(&inner, (Rect){in.x, in.y, in.width, shown}, &p->form);
    int gap = in.height - shown > 1;
    paint_below(p, &inner, (Rect){in.x, in.y + shown + gap, in.width, in.height - shown - gap});
}

static PopupAnswer apply(Workbench *w, FormPopup *p)
{
    const Spec *spec = p->use.spec;
    Value *v = form_value(&p->form);
    error_clear(&p->form.error);
    bool ok =
        fields_check_filled(spec->params, p->form.params, spec->name, &p->form.error) && p->use.apply(w, p->use.self, v, &p->form.error);
    value_free(v);
    return ok ? POPUP_CLOSE : POPUP_STAY;
}

/* Plans belong to none. */
static const Family *family_of(const Spec *spec)
{
    for (size_t i = 0; i < registry_families(); i++)
        for (size_t k = 0; k < registry_family(i)->count; k++)
            if (registry_family(i)->members[k] == spec)
                return registry_family(i);
    return registry_find_family("step");
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    FormPopup *p = state;
    if (k.code == KEYS_PASTE) {
        form_paste(&p->form, w->pasted);
        make_preview(w, p);
        return POPUP_STAY;
    }
    switch (form_key(&p->form, k)) {
    case FORM_APPLY: return apply(w, p);
    case FORM_CANCEL: return POPUP_CLOSE;
    case FORM_ABOUT: {
        Text help = {0};
        face_help(family_of(p->use.spec), p->use.spec, &help);
        popup_message(w, p->use.spec->name, text_get(&help));
        text_done(&help);
        return POPUP_STAY;
    }
    case FORM_STAY: break;
    }
    make_preview(w, p);
    return POPUP_STAY;
}

static void done(void *state)
{
    FormPopup *p = state;
    form_done(&p->form);
    mem_free(p->remark);
    mem_free(p->prefix);
    mem_free(p->use.self);
    text_done(&p->preview);
    mem_free(p);
}

void popup_form(Workbench *w, const FormUse *use)
{
    FormPopup *p = MEM_NEW(FormPopup);
    Error e = {0};
    p->use = *use;
    p->remark = mem_strdup(use->remark ? use->remark : "");
    p->prefix = use->lua_prefix && !*use->lua_prefix ? NULL
                : use->lua_prefix                    ? mem_strdup(use->lua_prefix)
                                                     : text_format(":%s", use->spec->name);
    if (!form_init(&p->form, use->spec, use->params, &e)) {
        app_say_error(w->app, &e);
        done(p);
        return;
    }
    make_preview(w, p);
    workbench_push(w, &(Popup){.state = p, .paint = paint, .key = key, .done = done});
}
