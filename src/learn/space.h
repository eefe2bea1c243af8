/* The space that a study searches: named dimensions with ranges or choices, and how settings drawn from it change a plan. */
#ifndef LEARN_SPACE_H
#define LEARN_SPACE_H

#include "learn/learn.h"

typedef struct Dimension {
    char *name;
    Value *choices; /* a list; NULL: a range */
    bool is_int, is_log;
    double low, high;
} Dimension;

typedef struct Space {
    Dimension *items;
    size_t count, room;
} Space;

bool space_make(const TunePlan *plan, bool has_function, Space *out, Error *e);
void space_done(Space *s);
Value *space_to_value(const Space *s);
/* part: 0 .. 1 of the way from low to high, or through the choices. */
Value *dimension_point(const Dimension *d, double part);
Value *dimension_draw(const Dimension *d, Rng *rng); /* uniform on its scale; one draw each */
/* Changes a plan by settings; layers (may be NULL) replace its net. */
bool space_apply(TrainPlan *plan, const Value *settings, SpecList *layers, Error *e);

#endif
