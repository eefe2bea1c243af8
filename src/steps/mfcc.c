/* mfcc: the cosine transform of log-mel energies, of which the first few say most. */
#include "steps/front.h"

static const Field params[] = {
    SOUNDS_COLUMNS(Front),
    FRONT_INTO("mfcc"),
    {INT_FIELD(Front, cepstra), .doc = "numbers of a frame", .def = "13", .min = 1, .max = 512, .soft_min = 10, .soft_max = 40},
    FRONT_FIELDS,
    {0},
};

static const Example examples[] = {
    {"{\"cepstra\": 1, \"frame\": 4, \"hop\": 2, \"bands\": 1, \"low\": 0, \"floor\": 1}", "sound,y\n1000: 0 0 0 0 0 0,a\n",
     "y,mfcc\na,\"[[[0]], [[0]]]\"\n"},
    {"{\"cepstra\": 1, \"frame\": 4, \"hop\": 2, \"bands\": 1, \"low\": 0, \"floor\": 1, \"picture\": false, \"into\": \"m\"}",
     "sound,y\n1000: 0 0 0 0 0 0,a\n1000: 0 0 0 0 0 0,b\n", "y,m\na,\"[[0], [0]]\"\nb,\"[[0], [0]]\"\n"},
    {"{\"cepstra\": 1, \"frame\": 4, \"hop\": 2, \"bands\": 1, \"low\": 0}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n",
     "error: pad_or_cut before it"},
    {"{\"cepstra\": 1, \"high\": 600}", "sound,y\n1000: 0 0 0 0 0 0,a\n", "error: holds 500 at most"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: 0 columns hold sounds"},
};

static const char *const notes[] = {
    "As log_mel, and then the orthonormal cosine transform of type II over the bands, of natural logarithms; "
    "librosa's, of decibels, are 4.343 times as large.",
    NULL};

const Step step_mfcc = {
    .spec = {.name = "mfcc",
             .doc = "sounds as mel cepstra, frame by frame",
             .group = "sound",
             .params = params,
             .params_size = sizeof(Front),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = front_learns,
    .state_size = sizeof(FrontLearned),
    .effect = STEP_MAP,
    .fits_form_only = true,
    .mixes_columns = true,
    .fit = front_fit,
    .apply = front_apply,
};
