/* The list of families, filled once at start, and the way in for members that come later. */
#include "spec/registry.h"

enum { REGISTRY_ROOM = 32 };

static const Family *families[REGISTRY_ROOM];
static size_t families_count;

void registry_add(const Family *family)
{
    for (size_t i = 0; i < families_count; i++)
        if (text_equal(families[i]->name, family->name)) {
            families[i] = family;
            return;
        }
    if (families_count < REGISTRY_ROOM)
        families[families_count++] = family;
}

size_t registry_families(void)
{
    return families_count;
}

const Family *registry_family(size_t index)
{
    return families[index];
}

const Family *registry_find_family(const char *name)
{
    for (size_t i = 0; i < families_count; i++)
        if (text_equal(families[i]->name, name))
            return families[i];
    return NULL;
}

const Spec *family_find(const Family *family, const char *name)
{
    for (size_t i = 0; family && i < family->count; i++)
        if (text_equal(family->members[i]->name, name))
            return family->members[i];
    return NULL;
}

bool family_add(Family *family, const Spec **members, size_t most, const Spec *spec, Error *e)
{
    if (family->count == most)
        return error_set(e, ERROR_FAILED, "there are %zu %s, and that is the most", most, family->title);
    members[family->count] = spec;
    __atomic_add_fetch(&family->count, 1, __ATOMIC_RELEASE);
    return true;
}

const Spec *registry_find(const char *family, const char *name)
{
    return family_find(registry_find_family(family), name);
}

const Spec *registry_find_any(const char *name, const Family **family)
{
    for (size_t i = 0; i < families_count; i++) {
        const Spec *spec = family_find(families[i], name);
        if (spec) {
            if (family)
                *family = families[i];
            return spec;
        }
    }
    return NULL;
}

static const char *family_name_at(const void *self, size_t i)
{
    const Family *family = self;
    return i < family->count ? family->members[i]->name : NULL;
}

const Spec *registry_get(const char *family_name, const char *name, Error *e)
{
    const Family *family = registry_find_family(family_name);
    const Spec *spec = family_find(family, name);
    if (spec)
        return spec;
    const char *near = family ? text_nearest(name, family_name_at, family) : NULL;
    if (near)
        error_set(e, ERROR_USAGE, "no %s \"%s\"; did you mean \"%s\"?", family_name, name, near);
    else
        error_set(e, ERROR_USAGE, "no %s \"%s\"; `limbeck help` lists them", family_name, name);
    return NULL;
}

bool registry_is_constructed(const Family *family)
{
    static const char *const others[] = {"step", "metric", "reader", "writer", "verb", "command"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (text_equal(family->name, others[i]))
            return false;
    return true;
}
