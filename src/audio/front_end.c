/* The bands are triangles over the lines of the spectrum: a run of weights each. */
#include "audio/front_end.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "num/fft.h"

const char *const mel_scale_choices[] = {"htk", "slaney", NULL};
const char *const front_window_choices[] = {"hann", "hamming", "blackman", "none", NULL};

typedef struct Band {
    size_t first, count; /* lines of the spectrum */
    float *weights;
} Band;

struct FrontEnd {
    FrontPlan plan;
    size_t frame, hop, length, width;
    float *window; /* frame */
    Band *bands;
    float *cosines; /* cepstra * bands */
    Fft *fft;
};

struct FrontStream {
    const FrontEnd *of;
    float *held, *windowed, *room, *power, *energies; /* held: samples of the frame that is not whole yet */
    size_t count, skip;                               /* held; to be passed over, where the hop is longer than the frame */
};

/* Slaney's is straight up to 1000 Hz and logarithmic above (Auditory Toolbox, 1998). */
double mel_from_hertz(double hertz, int scale)
{
    if (scale == MEL_HTK)
        return 2595 * log10(1 + hertz / 700);
    return hertz < 1000 ? hertz * 3 / 200 : 15 + 27 * log(hertz / 1000) / log(6.4);
}

double mel_to_hertz(double mel, int scale)
{
    if (scale == MEL_HTK)
        return 700 * (pow(10, mel / 2595) - 1);
    return mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27);
}

static double window_at(int window, double part)
{
    switch (window) {
    case WINDOW_HANN: return 0.5 - 0.5 * cos(2 * M_PI * part);
    case WINDOW_HAMMING: return 0.54 - 0.46 * cos(2 * M_PI * part);
    case WINDOW_BLACKMAN: return 0.42 - 0.5 * cos(2 * M_PI * part) + 0.08 * cos(4 * M_PI * part);
    default: return 1;
    }
}

/* edges: lower, middle and upper, in Hz. */
static bool make_band(FrontEnd *f, Band *b, const double edges[3], Error *e)
{
    double line = (double)f->plan.rate / (double)f->length, height = f->plan.is_normalized ? 2 / (edges[2] - edges[0]) : 1;
    size_t first = (size_t)ceil(edges[0] / line), last = (size_t)floor(edges[2] / line);
    last = last < f->length / 2 ? last : f->length / 2;
    b->first = first;
    b->weights = mem_try_alloc(last >= first ? last - first + 1 : 1, sizeof *b->weights, e);
    for (size_t k = first; b->weights && k <= last; k++) {
        double at = (double)k * line, up = (at - edges[0]) / (edges[1] - edges[0]), down = (edges[2] - at) / (edges[2] - edges[1]);
        b->weights[b->count++] = (float)(height * fmax(0, fmin(up, down)));
    }
    float sum = 0;
    for (size_t k = 0; k < b->count; k++)
        sum += b->weights[k];
    return b->weights &&
           (sum > 0 || error_set(e, ERROR_USAGE,
                                 "the mel band from %.0f to %.0f Hz holds no line of the spectrum, which are %.1f Hz apart; take "
                                 "fewer bands, a longer fft or a higher low",
                                 edges[0], edges[2], line));
}

static bool make_bands(FrontEnd *f, Error *e)
{
    const FrontPlan *p = &f->plan;
    double from = mel_from_hertz(p->low, p->scale), to = mel_from_hertz(p->high, p->scale);
    f->bands = mem_alloc((size_t)p->bands * sizeof *f->bands);
    for (int64_t i = 0; i < p->bands; i++) {
        double edges[3];
        for (int k = 0; k < 3; k++)
            edges[k] = mel_to_hertz(from + (to - from) * (double)(i + k) / (double)(p->bands + 1), p->scale);
        if (!make_band(f, &f->bands[i], edges, e))
            return false;
    }
    return true;
}

/* The cosine transform of type II whose rows have length 1. */
static void make_cosines(FrontEnd *f)
{
    size_t bands = (size_t)f->plan.bands, cepstra = (size_t)f->plan.cepstra;
    f->cosines = mem_alloc((cepstra * bands + 1) * sizeof *f->cosines);
    for (size_t c = 0; c < cepstra; c++)
        for (size_t b = 0; b < bands; b++)
            f->cosines[c * bands + b] =
                (float)(sqrt((c ? 2.0 : 1.0) / (double)bands) * cos(M_PI * (double)c * ((double)b + 0.5) / (double)bands));
}

static bool check_plan(FrontEnd *f, Error *e)
{
    FrontPlan *p = &f->plan;
    p->high = p->high > 0 ? p->high : (double)p->rate / 2;
    f->frame = (size_t)llround(p->frame * (double)p->rate / 1000);
    f->hop = (size_t)llround(p->hop * (double)p->rate / 1000);
    if (f->frame < 2 || f->hop < 1 || f->frame > FFT_MOST)
        return error_set(e, ERROR_USAGE, "frames of %g ms every %g ms are %zu and %zu samples at %lld Hz; take longer ones", p->frame,
                         p->hop, f->frame, f->hop, (long long)p->rate);
    if (p->high > (double)p->rate / 2)
        return error_set(e, ERROR_USAGE,
                         "the bands reach %.0f Hz, and a sound of %lld Hz holds %.0f at most; lower high = or resample_sound", p->high,
                         (long long)p->rate, (double)p->rate / 2);
    if (p->low >= p->high)
        return error_set(e, ERROR_USAGE, "the bands begin at %.0f Hz, which is not below their end at %.0f", p->low, p->high);
    if (p->cepstra > p->bands)
        return error_set(e, ERROR_USAGE, "%lld cepstra cannot be made of %lld bands", (long long)p->cepstra, (long long)p->bands);
    for (f->length = FFT_LEAST; f->length < f->frame; f->length *= 2)
        continue;
    if (p->fft && (size_t)p->fft < f->frame)
        return error_set(e, ERROR_USAGE, "fft %lld is shorter than the frame of %zu samples", (long long)p->fft, f->frame);
    f->length = p->fft ? (size_t)p->fft : f->length;
    return true;
}

FrontEnd *front_end_new(const FrontPlan *plan, Error *e)
{
    FrontEnd *f = MEM_NEW(FrontEnd);
    f->plan = *plan;
    bool ok = check_plan(f, e);
    f->fft = ok ? fft_new(f->length, e) : NULL;
    ok = f->fft && make_bands(f, e);
    if (!ok) {
        front_end_free(f);
        return NULL;
    }
    f->window = mem_alloc(f->frame * sizeof *f->window);
    for (size_t i = 0; i < f->frame; i++)
        f->window[i] = (float)window_at(plan->window, (double)i / (double)f->frame);
    make_cosines(f);
    f->width = (size_t)(plan->cepstra ? plan->cepstra : plan->bands);
    return f;
}

void front_end_free(FrontEnd *f)
{
    if (!f)
        return;
    for (int64_t i = 0; f->bands && i < f->plan.bands; i++)
        mem_free(f->bands[i].weights);
    mem_free(f->bands);
    mem_free(f->cosines);
    mem_free(f->window);
    fft_free(f->fft);
    mem_free(f);
}

size_t front_end_frames(const FrontEnd *f, size_t samples)
{
    return samples < f->frame ? 0 : (samples - f->frame) / f->hop + 1;
}

size_t front_end_width(const FrontEnd *f)
{
    return f->width;
}

FrontStream *front_stream_new(const FrontEnd *f, Error *e)
{
    FrontStream *s = MEM_NEW(FrontStream);
    size_t bands = (size_t)f->plan.bands;
    s->of = f;
    s->held = mem_try_alloc(f->frame + 2 * f->length + f->length / 2 + 1 + bands, sizeof *s->held, e);
    if (!s->held) {
        mem_free(s);
        return NULL;
    }
    s->windowed = s->held + f->frame;
    s->room = s->windowed + f->length;
    s->power = s->room + f->length;
    s->energies = s->power + f->length / 2 + 1;
    return s;
}

void front_stream_free(FrontStream *s)
{
    if (s)
        mem_free(s->held);
    mem_free(s);
}

void front_stream_reset(FrontStream *s)
{
    s->count = s->skip = 0;
}

static void make_frame(FrontStream *s, const float *x, float *out)
{
    const FrontEnd *f = s->of;
    size_t bands = (size_t)f->plan.bands;
    float *energies = f->plan.cepstra ? s->energies : out, least = (float)f->plan.floor;
    for (size_t i = 0; i < f->frame; i++)
        s->windowed[i] = x[i] * f->window[i];
    fft_power(f->fft, s->windowed, s->room, s->power);
    for (size_t b = 0; b < bands; b++) {
        float sum = 0;
        for (size_t k = 0; k < f->bands[b].count; k++)
            sum += f->bands[b].weights[k] * s->power[f->bands[b].first + k];
        energies[b] = logf(sum > least ? sum : least);
    }
    for (size_t c = 0; c < (size_t)f->plan.cepstra; c++) {
        out[c] = 0;
        for (size_t b = 0; b < bands; b++)
            out[c] += f->cosines[c * bands + b] * energies[b];
    }
}

/* The frame is whole: what the next one shares with it stays. */
static void keep_shared(FrontStream *s)
{
    const FrontEnd *f = s->of;
    size_t kept = f->hop < f->frame ? f->frame - f->hop : 0;
    memmove(s->held, s->held + f->frame - kept, kept * sizeof *s->held);
    s->count = kept;
    s->skip = f->hop > f->frame ? f->hop - f->frame : 0;
}

size_t front_stream_push(FrontStream *s, const float *samples, size_t count, float *out)
{
    const FrontEnd *f = s->of;
    size_t frames = 0;
    while (count) {
        size_t passed = s->skip < count ? s->skip : count, wanted = f->frame - s->count;
        s->skip -= passed;
        samples += passed;
        count -= passed;
        size_t taken = wanted < count ? wanted : count;
        memcpy(s->held + s->count, samples, taken * sizeof *samples);
        s->count += taken;
        samples += taken;
        count -= taken;
        if (s->count < f->frame)
            break;
        make_frame(s, s->held, out + frames++ * f->width);
        keep_shared(s);
    }
    return frames;
}
