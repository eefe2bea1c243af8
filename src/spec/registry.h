/* The registry: families of Specs. Each family's own .def file lists its members; a family is announced once, at start, by the
 * rooms above (see cli/families.c). Runtime members from Lua join at the end. */
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
