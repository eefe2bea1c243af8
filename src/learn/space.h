/* The space that a study searches: named dimensions with ranges or choices, and how settings drawn from it change a plan. */
#ifndef LEARN_SPACE_H
#define LEARN_SPACE_H

#include "learn/learn.h"

typedef struct Dimension {
    char *name;
    Value *choices; /* a list without repeats; NULL: a range */
    bool is_int, is_log;
    double low, high;
    bool is_usual; /* nobody asked for it: it is left out where nothing reads it */
    bool is_read;  /* by the plan, an optimizer that may be drawn, a layer, or the function that makes nets */
} Dimension;

typedef struct Space {
    Dimension *items;
    size_t count, room;
} Space;

enum { SPACE_ENDLESS = 0 };

bool space_make(const TunePlan *plan, bool has_function, Space *out, Error *e);
void space_done(Space *s);
Value *space_to_value(const Space *s);
void space_drop_unread(Space *s);             /* of the usual ones */
size_t space_size(const Space *s);            /* different settings; SPACE_ENDLESS: a real number is among them, or too many to count */
Value *space_point(const Space *s, size_t i); /* the settings number i of a space that is not endless */
/* part: 0 .. 1 of the way from low to high, or through the choices. Each whole number i has the share of [i - 0.5, i + 0.5), on a
 * log scale in the logarithm. */
Value *dimension_point(const Dimension *d, double part);
Value *dimension_level(const Dimension *d, size_t at, size_t count); /* one of `count` steps from low to high, both included */
Value *dimension_draw(const Dimension *d, Rng *rng);                 /* uniform on its scale; one draw each */
size_t dimension_size(const Dimension *d);

/* Changes a plan by settings; layers (may be NULL) replace its net. Marks in s (may be NULL) what the plan or a layer reads. */
bool space_apply(TrainPlan *plan, const Value *settings, SpecList *layers, Space *s, Error *e);
void space_mark_read(Space *s, const char *name); /* "optimizer" marks "optimizer.x" too */
/* Refuses a name that nothing reads: says what has it, or the nearest name that is read. */
bool space_check_read(const Space *s, const TunePlan *plan, bool has_function, const TextList *read, Error *e);

/* The row of an optimizer that may be drawn; NULL: none of them has it. */
const Field *space_optimizer_field(const TunePlan *plan, const char *name);
/* The row of a layer that is searched under this name; layer (may be NULL): which layer. */
const Field *space_layer_field(const char *name, const Spec **layer);
const Field *space_plan_field(const char *name); /* of train, if it can be searched */

#endif
