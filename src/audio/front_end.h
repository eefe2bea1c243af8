/* From samples to log-mel energies or mel cepstra, frame by frame: window, power of the Fourier transform, bands of the mel scale, log,
 * and where asked for a cosine transform. A FrontEnd is what never changes and serves many threads; a FrontStream takes samples in pieces
 * of any size and gives each frame when its last sample has come: the whole sound in one piece gives the same numbers. Frames are not
 * centered: frame i begins at sample i * hop, and what does not fill a frame is left. */
#ifndef AUDIO_FRONT_END_H
#define AUDIO_FRONT_END_H

#include <stdint.h>

#include "base/error.h"

typedef enum MelScale { MEL_HTK, MEL_SLANEY } MelScale;
extern const char *const mel_scale_choices[];
typedef enum FrontWindow { WINDOW_HANN, WINDOW_HAMMING, WINDOW_BLACKMAN, WINDOW_NONE } FrontWindow; /* periodic ones */
extern const char *const front_window_choices[];

typedef struct FrontPlan {
    int64_t rate;       /* Hz */
    double frame, hop;  /* ms, rounded to samples */
    int64_t fft;        /* a power of two, at least the frame; 0: the least */
    int64_t bands;      /* mel */
    double low, high;   /* Hz: edges of the first and the last band; high 0: half the rate */
    double floor;       /* energies below it count as it */
    int64_t cepstra;    /* 0: log energies */
    int scale, window;  /* MelScale, FrontWindow */
    bool is_normalized; /* bands have area 1 (Slaney's), else height 1 */
} FrontPlan;

typedef struct FrontEnd FrontEnd;
FrontEnd *front_end_new(const FrontPlan *plan, Error *e); /* NULL with a sentence: edges beyond the rate, empty bands ... */
void front_end_free(FrontEnd *f);                         /* accepts NULL */
size_t front_end_frames(const FrontEnd *f, size_t samples);
size_t front_end_width(const FrontEnd *f); /* numbers of a frame: bands or cepstra */

typedef struct FrontStream FrontStream;
FrontStream *front_stream_new(const FrontEnd *f, Error *e);
void front_stream_free(FrontStream *s);
void front_stream_reset(FrontStream *s); /* a new sound begins */
/* Takes samples (-1 .. 1) and writes the frames that are whole with them, one behind the other: how many. out has room for
 * count / hop + 1 of them. Allocates nothing. */
size_t front_stream_push(FrontStream *s, const float *samples, size_t count, float *out);

double mel_from_hertz(double hertz, int scale);
double mel_to_hertz(double mel, int scale);

#endif
