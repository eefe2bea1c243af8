/* The registry: families of Specs. Each family's own .def file lists its members; a family is announced once, at start, by the
 * rooms above (see cli/families.c). What modules define (spec/module.h) joins at the end. */
#ifndef SPEC_REGISTRY_H
#define SPEC_REGISTRY_H

#include "spec/spec.h"

typedef struct Family {
    const char *name;  /* "step", "layer", "loss", "metric", "optimizer", "schedule", "sampler", "reader", "writer", "plan", "command" */
    const char *title; /* "Steps" */
    const char *doc;   /* one line */
    const Spec *const *members; /* each the first member of its own struct */
    size_t count;
} Family;

/* A member that comes while the program runs, behind the others. `members` are those of the family, `most` its room: nobody moves them,
 * since other threads read on. By one thread at a time. */
bool family_add(Family *family, const Spec **members, size_t most, const Spec *spec, Error *e);

void registry_add(const Family *family); /* static data; the same name twice replaces */
size_t registry_families(void);
const Family *registry_family(size_t index);
bool registry_is_constructed(const Family *family);                     /* scripts write its members as lb.NAME {...} */
const Family *registry_find_family(const char *name);                   /* may be NULL */
const Spec *family_find(const Family *family, const char *name);        /* may be NULL */
const Spec *registry_find(const char *family, const char *name);        /* may be NULL */
const Spec *registry_find_any(const char *name, const Family **family); /* over all families, in order */
/* With the nearest match in the message: `no step "fil_missing"; did you mean "fill_missing"?` */
const Spec *registry_get(const char *family, const char *name, Error *e);

#endif
