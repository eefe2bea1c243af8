/* The curve card as a value: what JSON and Lua read. */
#include <math.h>

#include "learn/curve.h"

static Value *number(double x)
{
    return isfinite(x) ? value_real(x) : value_null();
}

static Value *figures(const Curve *c)
{
    Value *list = value_list();
    for (size_t i = 0; i < c->figures_count; i++) {
        const CurveFigure *f = &c->figures[i];
        Value *v = value_map();
        value_set(v, "name", value_text(f->series->name));
        value_set(v, "now", number(f->now));
        value_set(v, "best", number(f->best));
        value_set(v, "best_epoch", f->best_epoch ? value_int(f->best_epoch) : value_null());
        value_add(list, v);
    }
    return list;
}

static Value *marks(const Curve *c)
{
    Value *list = value_list();
    for (size_t i = 0; i < c->marks_count; i++) {
        const CurveMark *m = &c->marks[i];
        char *line = m->note ? tail_note_line(m->note) : mem_strdup(c->watched);
        Value *v = value_map();
        value_set(v, "kind", value_text(curve_mark_name(m->kind)));
        value_set(v, "epoch", number(m->epoch));
        value_set(v, "step", value_int(m->step));
        value_set(v, "text", value_text(line));
        value_add(list, v);
        mem_free(line);
    }
    return list;
}

Value *curve_value(const Curve *c)
{
    const struct {
        const char *name;
        double value;
    } reals[] = {{"now", c->now},
                 {"best", c->best},
                 {"share", c->share},
                 {"epoch_share", c->epoch_share},
                 {"seconds", c->seconds},
                 {"left", c->left >= 0 ? c->left : (double)NAN},
                 {"epoch_seconds", c->epoch_seconds},
                 {"rate", c->rate},
                 {"cpu", c->cpu},
                 {"memory", c->memory},
                 {"learning_rate", c->learning_rate},
                 {"gradient_norm", c->gradient_norm},
                 {"gap", c->gap}};
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {{"epoch", c->epoch},   {"epochs", c->epochs},         {"step", c->step},
                  {"steps", c->steps},   {"best_epoch", c->best_epoch}, {"patience", c->patience},
                  {"waited", c->waited}, {"stops_at", c->stops_at},     {"lowest_epoch", c->lowest_epoch}};
    Value *v = value_map();
    value_set(v, "path", value_text(c->run->path));
    value_set(v, "state", value_text(run_state_name(c->run->state)));
    value_set(v, "watched", value_text(c->watched));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        value_set(v, counts[i].name, value_int(counts[i].value));
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        value_set(v, reals[i].name, number(reals[i].value));
    value_set(v, "overfits", value_flag(c->overfits));
    value_set(v, "figures", figures(c));
    value_set(v, "marks", marks(c));
    return v;
}
