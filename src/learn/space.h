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
Value *space_draw(const Space *s, uint64_t seed, size_t trial);         /* a function of (seed, trial) */
size_t space_grid_size(const Space *s, int64_t levels);
Value *space_grid_point(const Space *s, int64_t levels, size_t trial);
/* Changes a plan by settings; layers (may be NULL) replace its net. */
bool space_apply(TrainPlan *plan, const Value *settings, SpecList *layers, Error *e);

#endif
