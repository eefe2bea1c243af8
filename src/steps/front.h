/* What log_mel and mfcc share: sounds of one rate and one length become arrays of frames. */
#ifndef STEPS_FRONT_H
#define STEPS_FRONT_H

#include "audio/front_end.h"
#include "steps/sounds.h"

typedef struct Front { /* parameters of both */
    TextList columns;
    char *into;
    double frame, hop, low, high, floor;
    int64_t bands, fft, cepstra; /* cepstra: of mfcc; log_mel has 0 */
    int scale, window;
    bool normalized, picture, keep;
} Front;

typedef struct FrontLearned {
    int64_t rate, samples; /* of every sound */
} FrontLearned;
extern const Field front_learns[];

bool front_fit(Job *job, const StepInput *in, void *state, Error *e);
bool front_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e);

/* The rows of fields that they have in common. */
#define FRONT_INTO(name) \
    { \
        TEXT_FIELD(Front, into), .doc = "name of the array", .def = name \
    }
#define FRONT_FIELDS \
    {REAL_FIELD(Front, frame), \
     .doc = "length of a frame", \
     .unit = "ms", \
     .def = "32", \
     .min = 1, \
     .max = 1000, \
     .soft_min = 16, \
     .soft_max = 64}, \
        {REAL_FIELD(Front, hop), .doc = "from frame to frame", .unit = "ms", .def = "16", .min = 0.5, .max = 1000, .soft_min = 8, \
         .soft_max = 32}, \
        {INT_FIELD(Front, bands), .doc = "mel bands", .def = "40", .min = 1, .max = 512, .soft_min = 20, .soft_max = 80}, \
        {REAL_FIELD(Front, low), .doc = "lower edge of the first band", .unit = "Hz", .def = "20", .min = 0, .max = 384000, \
         .soft_max = 300}, \
        {REAL_FIELD(Front, high), \
         .doc = "upper edge of the last band; 0: half the rate", \
         .unit = "Hz", \
         .def = "0", \
         .min = 0, \
         .max = 384000, \
         .soft_min = 3000, \
         .soft_max = 16000}, \
        {INT_FIELD(Front, fft), .doc = "length of the transform; 0: least power of two", .def = "0", .min = 0, .max = 1048576}, \
        {CHOICE_FIELD(Front, window), .doc = "shape of a frame", .def = "hann", .choices = front_window_choices}, \
        {CHOICE_FIELD(Front, scale), .doc = "mel scale", .def = "htk", .choices = mel_scale_choices}, \
        {FLAG_FIELD(Front, normalized), .doc = "bands of equal area, else of equal height", .def = "false"}, \
        {REAL_FIELD(Front, floor), .doc = "least energy", .def = "1e-6", .min = 1e-30, .max = 1, .scale = SCALE_LOG}, \
        {FLAG_FIELD(Front, picture), .doc = "frames x bands x 1, as conv2d reads it; else frames x bands", .def = "true"}, \
    { \
        FLAG_FIELD(Front, keep), .doc = "keep the sound and what is known of it beside the array", .def = "false" \
    }

#endif
