/* A profile as JSON and as plain text. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "table/profile.h"

static Value *real_or_null(double x)
{
    return isnan(x) ? value_null() : value_real(x);
}

static Value *text_or_null(const char *text)
{
    return text ? value_text(text) : value_null();
}

/* A whole number beyond what a double holds stays one. */
static Value *figure(const ColumnProfile *c, int which, double x)
{
    return c->type == COLUMN_INT && fabs(x) >= 9e15 ? value_int(c->wholes[which]) : real_or_null(x);
}

static Value *top_value(const ColumnProfile *c, const ProfileTop *top)
{
    Value *pair = value_list();
    int64_t whole;
    double real;
    if (c->type == COLUMN_INT && number_parse_int(top->value, strlen(top->value), &whole))
        value_add(pair, value_int(whole));
    else if (c->type == COLUMN_REAL && number_parse_real(top->value, strlen(top->value), &real))
        value_add(pair, value_real(real));
    else if (c->type == COLUMN_BOOL)
        value_add(pair, value_flag(top->value[0] == 't'));
    else
        value_add(pair, value_text(top->value));
    value_add(pair, value_int((int64_t)top->count));
    return pair;
}

static Value *rates_to_value(const ColumnProfile *c)
{
    Value *list = value_list();
    for (size_t i = 0; i < c->rates_count; i++) {
        Value *row = value_map();
        value_set(row, "label", value_text(c->rates[i].label));
        value_set(row, "rows", value_int((int64_t)c->rates[i].rows));
        value_set(row, "positives", value_int((int64_t)c->rates[i].positives));
        value_add(list, row);
    }
    return list;
}

static Value *column_to_value(const ColumnProfile *c)
{
    Value *v = value_map(), *top = value_list();
    value_set(v, "name", value_text(c->name));
    value_set(v, "type", value_text(column_type_name(c->type)));
    value_set(v, "count", value_int((int64_t)c->count));
    value_set(v, "missing", value_int((int64_t)c->missing));
    value_set(v, "distinct", value_int((int64_t)c->distinct));
    value_set(v, "min", c->is_numeric ? figure(c, PROFILE_MIN, c->min) : text_or_null(c->min_text));
    value_set(v, "max", c->is_numeric ? figure(c, PROFILE_MAX, c->max) : text_or_null(c->max_text));
    value_set(v, "mean", real_or_null(c->is_numeric ? c->mean : NAN));
    value_set(v, "sd", real_or_null(c->is_numeric ? c->sd : NAN));
    value_set(v, "p25", figure(c, PROFILE_P25, c->is_numeric ? c->p25 : NAN));
    value_set(v, "p50", figure(c, PROFILE_P50, c->is_numeric ? c->p50 : NAN));
    value_set(v, "p75", figure(c, PROFILE_P75, c->is_numeric ? c->p75 : NAN));
    for (size_t i = 0; i < c->top_count; i++)
        value_add(top, top_value(c, &c->top[i]));
    value_set(v, "top", top);
    if (!isnan(c->correlation))
        value_set(v, "correlation", value_real(c->correlation));
    if (isnan(c->mutual_information))
        return v;
    value_set(v, "auc", real_or_null(c->auc));
    value_set(v, "mutual_information", value_real(c->mutual_information));
    value_set(v, "rates", rates_to_value(c));
    return v;
}

static Value *rejects_to_value(const Table *t)
{
    Value *list = value_list();
    for (size_t i = 0; i < t->rejects_count; i++) {
        Value *row = value_map();
        value_set(row, "line", value_int((int64_t)t->rejects[i].line));
        value_set(row, "column", value_int((int64_t)t->rejects[i].column));
        value_set(row, "reason", value_text(t->rejects[i].reason));
        value_set(row, "excerpt", text_or_null(t->rejects[i].excerpt));
        value_add(list, row);
    }
    return list;
}

static Value *findings_to_value(const Profile *p)
{
    Value *list = value_list();
    for (size_t i = 0; i < p->findings_count; i++) {
        const Finding *f = &p->findings[i];
        Value *row = value_map();
        value_set(row, "mark", value_text((char[]){f->mark, 0}));
        value_set(row, "column", text_or_null(f->column));
        value_set(row, "text", value_text(f->text));
        value_set(row, "step", text_or_null(f->step));
        value_set(row, "params", f->params ? value_copy(f->params) : value_null());
        value_set(row, "optional", value_flag(f->is_optional));
        value_add(list, row);
    }
    return list;
}

Value *profile_to_value(const Profile *p, const Table *t)
{
    Value *v = value_map(), *columns = value_list(), *notes = value_list();
    value_set(v, "rows", value_int((int64_t)p->rows));
    for (size_t i = 0; i < p->columns_count; i++)
        value_add(columns, column_to_value(&p->columns[i]));
    value_set(v, "columns", columns);
    value_set(v, "rejects", rejects_to_value(t));
    value_set(v, "findings", findings_to_value(p));
    for (size_t i = 0; i < t->notes.count; i++)
        value_add(notes, value_text(t->notes.items[i]));
    value_set(v, "notes", notes);
    return v;
}

/* At most `cells` cells, made harmless. */
static void add_cell(Text *out, const char *text, int cells, bool right)
{
    Text clean = {0};
    utf8_sanitize(&clean, text ? text : "", text ? strlen(text) : 0);
    size_t width = utf8_width(text_get(&clean)), room = (size_t)cells;
    size_t bytes = width <= room ? clean.size : utf8_fit(text_get(&clean), room - 1);
    size_t pad = width <= room ? room - width : 0;
    for (size_t i = 0; right && i < pad; i++)
        text_add_char(out, ' ');
    text_add_bytes(out, text_get(&clean), bytes);
    if (width > room)
        text_add(out, "…");
    for (size_t i = 0; !right && i < pad; i++)
        text_add_char(out, ' ');
    text_done(&clean);
}

static void add_figure(Text *out, const ColumnProfile *c, int which, int cells)
{
    char number[NUMBER_ROOM];
    double x = which == PROFILE_MIN ? c->min : which == PROFILE_MAX ? c->max : c->p50;
    text_add(out, "  ");
    if (c->type == COLUMN_INT && fabs(x) >= 9e15)
        add_cell(out, profile_format(c, which, 0, number), cells > 20 ? cells : 20, true);
    else if (!c->is_numeric || isnan(x))
        add_cell(out, "·", cells, true);
    else
        add_cell(out,
                 fabs(x) < 1e9 ? number_format_fixed(x, c->type == COLUMN_REAL ? 2 : x != floor(x), number) : number_format_real(x, number),
                 cells, true);
}

static void print_column(const ColumnProfile *c, Text *out)
{
    char number[NUMBER_ROOM];
    add_cell(out, c->name, 20, false);
    text_add(out, "  ");
    add_cell(out, c->is_id ? "id" : column_type_name(c->type), 5, false);
    text_add(out, "  ");
    add_cell(out, c->missing ? number_format_count((int64_t)c->missing, number) : "·", 7, true);
    text_add(out, "  ");
    add_cell(out, column_type_is_wide(c->type) ? "·" : number_format_count((int64_t)c->distinct, number), 9, true);
    add_figure(out, c, PROFILE_MIN, 11);
    add_figure(out, c, PROFILE_P50, 11);
    add_figure(out, c, PROFILE_MAX, 11);
    text_add(out, "  ");
    if (c->is_target)
        text_add(out, "target");
    else if (!isnan(c->auc))
        text_add(out, number_format_fixed(c->auc, 4, number));
    else if (c->top_count && !c->is_id && !c->is_numeric)
        add_cell(out, c->top[0].value, 24, false);
    while (out->size && out->bytes[out->size - 1] == ' ')
        out->bytes[--out->size] = 0;
    text_add_char(out, '\n');
}

void profile_print(const Profile *p, const Table *t, Text *out)
{
    char number[NUMBER_ROOM];
    bool related = false;
    for (size_t i = 0; i < p->columns_count; i++)
        related |= p->columns[i].is_target;
    text_addf(out, "%s rows, ", number_format_count((int64_t)p->rows, number));
    text_addf(out, "%zu columns%s\n", p->columns_count, p->of_training ? "; figures of the target are those of training rows" : "");
    for (size_t i = 0; i < t->notes.count; i++)
        text_addf(out, "%s\n", t->notes.items[i]);
    text_addf(out, "\n%-20s  %-5s  %7s  %9s  %11s  %11s  %11s  %s\n", "column", "type", "missing", "distinct", "min", "median", "max",
              related ? "AUC" : "most frequent");
    for (size_t i = 0; i < p->columns_count; i++)
        print_column(&p->columns[i], out);
    if (p->findings_count)
        text_add(out, "\nFindings\n");
    for (size_t i = 0; i < p->findings_count; i++) {
        const Finding *f = &p->findings[i];
        text_addf(out, "%c ", f->mark);
        add_cell(out, f->column ? f->column : "(rows)", 20, false);
        text_add(out, "  ");
        utf8_sanitize(out, f->text, strlen(f->text));
        if (f->step)
            text_addf(out, "  -> %s", f->step);
        text_add_char(out, '\n');
    }
}
