/* Forms as cells: mark, name, input, then what may be put there. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "spec/faces.h"
#include "spec/registry.h"
#include "tui/form.h"
#include "tui/form_field.h"

enum { HEAD = 2, SHORT_INPUT = 14, LONG_INPUT = 34, SLIDER = 14, GAP = 2 };

typedef struct Row {
    const Form *form;
    const Field *field;
    const void *data;
    bool is_current, is_enabled;
    int mark_x, name_x, input_x, input_width, note_x, end;
} Row;

int form_rows(const Form *f)
{
    return HEAD + (int)form_field_count(f);
}

static int name_width(const Form *f, int most)
{
    int width = 6;
    FormRow row;
    for (size_t i = 0; form_row(f, i, &row); i++) {
        int w = (int)strlen(row.field->name) + 2 * row.depth;
        width = w > width ? w : width;
    }
    return width < most ? width : most;
}

static Row place(const Form *f, size_t index, Rect area)
{
    FormRow of = {0};
    form_row(f, index, &of);
    Row r = {.form = f, .field = of.field, .data = of.data, .is_current = index == f->field, .end = area.x + area.width};
    r.is_enabled = field_is_enabled(of.fields, r.field, of.data);
    r.mark_x = area.x;
    r.name_x = area.x + 2 + 2 * of.depth;
    r.input_x = area.x + 2 + name_width(f, area.width / 3) + GAP;
    int room = r.end - r.input_x;
    bool is_long = form_field_is_typed(r.field) && !form_field_is_number(r.field);
    int wanted = is_long ? LONG_INPUT : SHORT_INPUT;
    r.input_width = wanted < room ? wanted : room;
    r.note_x = r.input_x + r.input_width + GAP;
    return r;
}

/* "method=iqr|z" is said as "method = iqr or z only". */
static void add_condition(const char *when, Text *out)
{
    for (const char *c = when; *c; c++) {
        if (*c == '=')
            text_add(out, " = ");
        else if (*c == '|')
            text_add(out, " or ");
        else
            text_add_char(out, *c);
    }
    text_add(out, " only");
}

static double slider_share(const Row *r, double low, double high)
{
    Value *v = field_get(r->field, r->data);
    double now = v && value_is_number(v) ? value_number(v) : NAN;
    value_free(v);
    double share = (now - low) / (high - low);
    if (r->field->scale == SCALE_LOG && low > 0 && now > 0)
        share = log(now / low) / log(high / low);
    return share > 0 ? fmin(share, 1) : 0;
}

/* "0 ━●──────── 0.5": where the value lies in what is sensible. Returns the column after it. */
static int paint_slider(Pen *pen, const Row *r, int y)
{
    double low, high;
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    if (!form_field_span(r->field, &low, &high))
        return r->note_x;
    number_format_real(low, a);
    number_format_real(high, b);
    int width = (int)(strlen(a) + strlen(b)) + 2 + SLIDER;
    if (r->note_x + width > r->end)
        return r->note_x;
    int x = r->note_x, at = (int)(slider_share(r, low, high) * (SLIDER - 1) + 0.5);
    x += pen_text(pen, x, y, ROLE_UI_DIM, a) + 1;
    pen_rule(pen, x, y, SLIDER, false, ROLE_UI_BORDER);
    pen_rule(pen, x, y, at, true, ROLE_UI_TITLE_FOCUS);
    pen_glyph(pen, x + at, y, ROLE_UI_TITLE_FOCUS, 0x25CF);
    x += SLIDER + 1;
    return x + pen_text(pen, x, y, ROLE_UI_DIM, b) + 3;
}

/* What the arrows choose from. */
static void add_members(const Field *f, Text *out)
{
    const Family *family = registry_find_family(f->family);
    if (f->def && !*f->def)
        text_add(out, "none");
    for (size_t i = 0; family && i < family->count; i++)
        text_addf(out, "%s%s", out->size ? " " : "", family->members[i]->name);
}

static void add_note(const Row *r, Text *out)
{
    const Field *f = r->field;
    if (!r->is_enabled) {
        add_condition(f->when, out);
        return;
    }
    face_range(f, out);
    if (f->type == FIELD_SPEC)
        add_members(f, out);
    if (f->unit)
        text_addf(out, "%s%s", out->size ? "   " : "", f->unit);
    if (!out->size && f->doc)
        text_add(out, f->doc);
}

static void paint_note(Pen *pen, const Row *r, int y)
{
    int x = r->note_x;
    Text note = {0};
    if (r->is_current && r->is_enabled && form_field_is_number(r->field))
        x = paint_slider(pen, r, y);
    add_note(r, &note);
    pen_text_fit(pen, x, y, r->end - x, ROLE_UI_DIM, text_get(&note));
    text_done(&note);
}

static void paint_value(Pen *pen, const Row *r, int y)
{
    char *text = field_text(r->field, r->data);
    Role role = r->is_enabled ? ROLE_UI_INPUT : ROLE_UI_INPUT_GHOST;
    bool missing = r->is_enabled && field_is_empty(r->field, r->data);
    pen_fill(pen, (Rect){r->input_x, y, r->input_width, 1}, role, ' ');
    pen_ground(pen, (Rect){r->input_x, y, r->input_width, 1}, GROUND_INPUT);
    pen_text_fit(pen, r->input_x, y, r->input_width, missing ? ROLE_STATE_WARN : role, missing ? "required" : text ? text : "");
    mem_free(text);
}

static void paint_row(Pen *pen, const Row *r, int y)
{
    if (r->is_current)
        pen_glyph(pen, r->mark_x, y, ROLE_UI_TITLE_FOCUS, 0x25B8);
    Role role = !r->is_enabled ? ROLE_UI_DIM : r->is_current ? ROLE_UI_TITLE_FOCUS : ROLE_UI_POPUP;
    pen_text_fit(pen, r->name_x, y, r->input_x - r->name_x - 1, role, r->field->name);
    if (r->is_current)
        input_paint(pen, r->input_x, y, r->input_width, &r->form->input, true, r->field->def ? NULL : "required");
    else
        paint_value(pen, r, y);
    if (r->note_x < r->end)
        paint_note(pen, r, y);
}

/* What the form is for; where rows are out of sight, which ones are shown. */
static void paint_head(Pen *pen, Rect area, const Form *f, size_t top, size_t rows)
{
    size_t count = form_field_count(f);
    char *part = rows < count ? text_format("fields %zu to %zu of %zu", top + 1, top + rows, count) : mem_strdup("");
    int room = area.width - (int)strlen(part) - 2;
    pen_text_fit(pen, area.x, area.y, *part ? room : area.width, ROLE_UI_POPUP, f->spec->doc);
    pen_text_right(pen, area.x, area.y, area.width, ROLE_UI_DIM, part);
    mem_free(part);
}

/* Low areas keep the fields: first the blank row goes, then the doc. */
void form_paint(Pen *pen, Rect area, const Form *f)
{
    size_t count = form_field_count(f);
    int head = area.height >= HEAD + (int)count || area.height > 6 ? HEAD : area.height > 3 ? 1 : 0, rows = area.height - head;
    size_t top = rows > 0 && f->field >= (size_t)rows ? f->field - (size_t)rows + 1 : 0;
    const Field *current = form_field(f);
    if (head > 0)
        paint_head(pen, area, f, top, (size_t)rows);
    if (head > 1 && current && current->doc) {
        int used = pen_text_fit(pen, area.x, area.y + 1, area.width, ROLE_UI_DIM, current->name);
        pen_text_fit(pen, area.x + used + 2, area.y + 1, area.width - used - 2, ROLE_UI_DIM, current->doc);
    }
    for (int i = 0; i < rows && top + (size_t)i < count; i++) {
        Row r = place(f, top + (size_t)i, area);
        paint_row(pen, &r, area.y + head + i);
    }
}
