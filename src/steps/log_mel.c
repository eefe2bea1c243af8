/* log_mel: the energies of a sound in bands of the mel scale, frame by frame. */
#include "steps/front.h"

static const Field params[] = {
    SOUNDS_COLUMNS(Front),
    FRONT_INTO("log_mel"),
    FRONT_FIELDS,
    {0},
};

static const Example examples[] = {
    {"{\"frame\": 4, \"hop\": 2, \"bands\": 1, \"low\": 0, \"floor\": 1}", "sound,y\n1000: 0 0 0 0 0 0,a\n",
     "y,log_mel\na,\"[[[0]], [[0]]]\"\n"},
    {"{\"frame\": 4, \"hop\": 2, \"bands\": 1, \"low\": 0, \"floor\": 1, \"picture\": false, \"into\": \"m\"}",
     "sound,y\n1000: 0 0 0 0 0 0,a\n1000: 0 0 0 0 0 0,b\n", "y,m\na,\"[[0], [0]]\"\nb,\"[[0], [0]]\"\n"},
    {"{\"frame\": 4, \"hop\": 2, \"bands\": 1, \"low\": 0}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n",
     "error: pad_or_cut before it"},
    {"{\"high\": 600}", "sound,y\n1000: 0 0 0 0 0 0,a\n", "error: holds 500 at most"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: 0 columns hold sounds"},
};

static const char *const notes[] = {
    "Frames begin every hop, the first with the sound (librosa: center = False); each is windowed (periodic windows), and the power of its "
    "Fourier transform is summed in triangles over the mel scale. The number is the natural logarithm; decibels are 4.343 times it. "
    "normalized = true with scale = \"slaney\" is what librosa does by default, false with \"htk\" what torchaudio does.",
    "All sounds must have one rate, one channel and one length: resample_sound, mono and pad_or_cut before it. The sound and the columns "
    "that are named after it (sound_rate ... sound_silence) go; keep = true leaves them.",
    NULL};

const Step step_log_mel = {
    .spec = {.name = "log_mel",
             .doc = "sounds as pictures: log energies in mel bands, frame by frame",
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
