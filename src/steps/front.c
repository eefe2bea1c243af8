/* One FrontEnd for all rows; each row runs a stream of its own from its first sample. */
#include "steps/front.h"

#include <float.h>
#include <string.h>

#include "steps/arrays.h"

const Field front_learns[] = {
    {INT_FIELD(FrontLearned, rate), .doc = "of the sounds, in Hz", .min = 0, .max = 1e9},
    {INT_FIELD(FrontLearned, samples), .doc = "of each sound", .min = 0, .max = 4e9},
    {0},
};

static bool find_column(const StepInput *in, ArrayMaking *m, const Column **c, Error *e)
{
    const Front *p = in->params;
    *m = (ArrayMaking){.in = in, .columns = &p->columns, .into = p->into};
    if (!tools_select(in, m->columns, &m->from, &m->from_count, e))
        return false;
    if (m->from_count != 1)
        return error_set(e, ERROR_USAGE,
                         m->from_count ? "%zu columns hold sounds; name one by columns ="
                                       : "%zu columns hold sounds; read a folder of WAV files first",
                         m->from_count);
    *c = in->rows->columns[m->from[0]];
    return (*c)->type == COLUMN_SOUND ||
           error_set(e, ERROR_USAGE, "%s is %s, not sounds", in->rows->names[m->from[0]], column_type_name((*c)->type));
}

static FrontPlan plan_of(const Front *p, int64_t rate)
{
    return (FrontPlan){.rate = rate,
                       .frame = p->frame,
                       .hop = p->hop,
                       .fft = p->fft,
                       .bands = p->bands,
                       .low = p->low,
                       .high = p->high,
                       .floor = p->floor,
                       .cepstra = p->cepstra,
                       .scale = p->scale,
                       .window = p->window,
                       .is_normalized = p->normalized};
}

/* What is wrong with a sound; NULL: nothing. For the caller. */
static char *why_other(const Sound *s, const FrontLearned *l)
{
    if (s->channels != 1)
        return text_format("has %u channels; mono before it makes them one", s->channels);
    if (s->rate != (uint64_t)l->rate)
        return text_format("has %u Hz and others %lld; resample_sound before it makes them one", s->rate, (long long)l->rate);
    if (s->frames != (uint64_t)l->samples)
        return text_format("lasts %.3f s and others %.3f; pad_or_cut before it gives all one length", sound_seconds(s),
                           (double)l->samples / (double)l->rate);
    return NULL;
}

bool front_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    (void)job;
    FrontLearned *l = state;
    ArrayMaking m;
    const Column *c;
    bool ok = find_column(in, &m, &c, e);
    for (size_t i = 0; ok && i < c->rows; i++) {
        Sound s;
        if (!sound_get(c, i, &s))
            continue;
        if (!l->rate)
            *l = (FrontLearned){s.rate, (int64_t)s.frames};
        char *why = why_other(&s, l);
        if (why)
            ok = error_set(e, ERROR_USAGE, "%s: row %llu %s", in->rows->names[m.from[0]], (unsigned long long)table_row_id(in->rows, i) + 1,
                           why);
        mem_free(why);
    }
    mem_free(m.from);
    return ok && (l->rate || error_set(e, ERROR_FAILED, "there is no sound to learn the rate and the length of"));
}

typedef struct Making {
    const FrontEnd *front;
    const Column *from;
    const FrontLearned *learned;
    Column *to;
    uint8_t *cells;
    bool failed;
} Making;

static void make_row(void *self, size_t row)
{
    Making *m = self;
    Sound s;
    char *why = sound_get(m->from, row, &s) ? why_other(&s, m->learned) : mem_strdup("");
    FrontStream *stream = why ? NULL : front_stream_new(m->front, NULL);
    float *x = stream ? mem_try_alloc(s.frames + 1, sizeof *x, NULL) : NULL;
    if (x) {
        sound_floats(&s, x);
        front_stream_push(stream, x, s.frames, m->to->data.array + row * m->to->width);
        m->cells[row] = ARRAY_WHOLE;
    } else if (!why) {
        __atomic_store_n(&m->failed, true, __ATOMIC_RELAXED);
    }
    mem_free(x);
    mem_free(why);
    front_stream_free(stream);
}

/* Rows that were left: while learning an error, while predicting their reason. */
static bool tell_others(const StepInput *in, const char *name, const Making *m, Error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < m->from->rows; i++) {
        Sound s;
        char *why = m->cells[i] != ARRAY_WHOLE && sound_get(m->from, i, &s) ? why_other(&s, m->learned) : NULL;
        char *text = why ? text_format("%s %s", name, why) : NULL;
        ok = !text || tools_fault_row(in, i, text, e);
        mem_free(text);
        mem_free(why);
    }
    return ok;
}

/* The sound and its companions: sound, sound_rate, sound_peak ... */
static bool drop_sources(const ArrayMaking *m, Table **t, Error *e)
{
    const char *name = m->in->rows->names[m->from[0]];
    int *gone = mem_alloc(((*t)->columns_count + 1) * sizeof *gone);
    size_t count = 0, size = strlen(name);
    for (size_t i = 0; i < (*t)->columns_count; i++) {
        const char *other = (*t)->names[i];
        bool has_role = m->in->roles && roles_have(m->in->roles, other), is_made = text_equal(other, m->into);
        if (!has_role && !is_made && text_starts(other, name) && (other[size] == '\0' || other[size] == '_'))
            gone[count++] = (int)i;
    }
    Table *less = table_without(*t, gone, count, e);
    mem_free(gone);
    table_unref(*t);
    *t = less;
    return less != NULL;
}

static bool make_array(Job *job, const ArrayMaking *m, Making *x, Table **out, Error *e)
{
    const Front *p = m->in->params;
    size_t rows = x->from->rows, frames = front_end_frames(x->front, (size_t)x->learned->samples), width = front_end_width(x->front);
    if (!frames)
        return error_set(e, ERROR_USAGE, "sounds of %lld samples are shorter than a frame of %g ms at %lld Hz",
                         (long long)x->learned->samples, p->frame, (long long)x->learned->rate);
    x->cells = mem_try_alloc(rows + 1, 1, e);
    x->to = x->cells ? column_new_array(rows, &(CellShape){p->picture ? 3 : 2, {frames, width, 1}}, e) : NULL;
    bool ok = x->to && sounds_rows(job, rows, make_row, x, e) &&
              (!x->failed || error_set(e, ERROR_MEMORY, "out of memory for the frames of a sound")) &&
              tell_others(m->in, m->in->rows->names[m->from[0]], x, e);
    if (!ok)
        column_unref(x->to);
    *out = ok ? table_ref(m->in->rows) : NULL;
    ok = ok && arrays_put(m, x->to, x->cells, out, e) && (p->keep || drop_sources(m, out, e));
    mem_free(x->cells);
    return ok;
}

bool front_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const FrontLearned *l = state;
    ArrayMaking m;
    Making x = {.learned = l};
    FrontPlan plan = plan_of(in->params, l->rate);
    bool ok = find_column(in, &m, &x.from, e);
    FrontEnd *front = ok ? front_end_new(&plan, e) : NULL;
    x.front = front;
    ok = front && make_array(job, &m, &x, out, e);
    front_end_free(front);
    mem_free(m.from);
    return ok;
}
