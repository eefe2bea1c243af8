/* Presets: nets that are lists of layers made from a few settings. What they make is a plain list, which goes on living by itself. */
#ifndef NET_PRESET_H
#define NET_PRESET_H

#include "net/layer.h"

typedef struct Preset {
    Spec spec;
    bool (*make)(const void *params, SpecList *layers, Error *e); /* adds to layers */
} Preset;

/* Adds a list of layers, written as JSON by a format. */
bool preset_add(SpecList *layers, Error *e, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool preset_add_activation(SpecList *layers, const SpecUse *activation, const char *preset, Error *e); /* refuses other layers */

enum { PRESET_NORM_NONE, PRESET_NORM_BATCH };
extern const char *const preset_norms[]; /* "none", and layers that norm */
bool preset_add_norm(SpecList *layers, int norm, Error *e);
bool preset_add_dropout(SpecList *layers, double rate, Error *e); /* 0: none */

#define PRESET_ACTIVATION(T) \
    { \
        SPEC_FIELD(T, activation), .doc = "behind each of them", .def = "relu", .family = "layer" \
    }
#define PRESET_NORM(T) \
    { \
        CHOICE_FIELD(T, norm), .doc = "before each activation", .def = "none", .choices = preset_norms \
    }
#define PRESET_DROPOUT(T) \
    { \
        REAL_FIELD(T, dropout), .doc = "dropout behind each of them", .def = "0", .min = 0, .max = 0.95, .soft_min = 0, .soft_max = 0.5 \
    }

#endif
