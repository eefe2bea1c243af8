/* Modules and what they define: kept for the life of the process, since recipes, plans and models point to them. */
#include "spec/module.h"

#include <string.h>

#include "base/thread.h"

enum { MODULES_MOST = 256, PENDING_MOST = 32, FAMILIES_MOST = 8 };

typedef struct Member {
    const ModuleFamily *family;
    const Module *module;
    Spec *spec;
} Member;

static bool (*host_load)(const Module *module, Error *e);
static Mutex *lock; /* over the lists below */
static const ModuleFamily *takers[FAMILIES_MOST];
static size_t takers_count;
static Module *modules[MODULES_MOST];
static size_t modules_count;
static Member members[MODULE_MEMBERS]; /* never moved: other threads read on while one is added */
static size_t members_count;
static Member pending[PENDING_MOST]; /* of the module that is being loaded */
static size_t pending_count;

void module_take(const ModuleFamily *family)
{
    for (size_t i = 0; i < takers_count; i++)
        if (takers[i] == family)
            return;
    if (takers_count < FAMILIES_MOST)
        takers[takers_count++] = family;
}

void module_set_host(bool (*load)(const Module *module, Error *e))
{
    host_load = load;
    if (!lock)
        lock = mutex_new();
}

const Module *module_of(const Spec *spec)
{
    size_t count = __atomic_load_n(&members_count, __ATOMIC_ACQUIRE);
    for (size_t i = 0; i < count; i++)
        if (members[i].spec == spec)
            return members[i].module;
    return NULL;
}

static void spec_release(const Spec *s)
{
    DeclaredFields fields = {.rows = (Field *)(uintptr_t)s->params};
    while (fields.rows && fields.rows[fields.count].name)
        fields.count++;
    declare_done(&fields);
    declare_examples_done(s);
    mem_free((void *)(uintptr_t)s->name);
    mem_free((void *)(uintptr_t)s->doc);
    mem_free((void *)(uintptr_t)s->notes[0]);
    mem_free((void *)(uintptr_t)s->notes);
}

/* A Spec that owns what it points to. */
static bool spec_make(const Module *m, const ModuleFamily *family, const Value *declared, Spec *out, Error *e)
{
    DeclaredFields fields;
    const Value *given = value_get(declared, "params");
    Value *params = given ? value_copy(given) : value_map();
    if (family->complete && params->type == VALUE_MAP)
        family->complete(declared, params);
    bool ok = declare_fields(params, &fields, e);
    value_free(params);
    if (!ok)
        return false;
    const char **notes = mem_alloc(2 * sizeof *notes);
    char *from = text_format("defined in %s", m->name);
    notes[0] = text_format("Defined in %s, whose text travels with what uses it.", m->name);
    *out = (Spec){.name = mem_strdup(value_get_text(declared, "name", "")),
                  .doc = declare_doc(value_get_text(declared, "doc", NULL), from),
                  .group = "defined",
                  .params = fields.rows,
                  .params_size = fields.size,
                  .notes = notes};
    mem_free(from);
    return declare_examples(value_get(declared, "examples"), out, e) || (spec_release(out), false);
}

static const Spec *find_other(const ModuleFamily *family, const char *name)
{
    const Spec *other = registry_find_any(name, NULL);
    return other ? other : family_find(family->family, name);
}

/* A name has one text for all that the process does. */
static bool check_free(const ModuleFamily *family, const char *name, Error *e)
{
    const char *kind = family->family->name;
    for (size_t i = 0; i < pending_count; i++)
        if (text_equal(pending[i].spec->name, name))
            return error_set(e, ERROR_USAGE, "%s \"%s\" is defined twice in this module", kind, name);
    const Spec *other = find_other(family, name);
    if (!other)
        return true;
    const Module *m = module_of(other);
    if (!m)
        return error_set(e, ERROR_USAGE, "\"%s\" is a name of limbeck's own; give the %s another", name, kind);
    return error_set(e, ERROR_USAGE, "%s \"%s\" is defined already, by another text of %s; give one of them another name, or begin anew",
                     kind, name, m->name);
}

static const ModuleFamily *taker_of(const char *family, Error *e)
{
    for (size_t i = 0; i < takers_count; i++)
        if (text_equal(takers[i]->family->name, family))
            return takers[i];
    error_set(e, ERROR_FAILED, "no %s is defined in Lua here", family);
    return NULL;
}

bool module_declare(const Module *module, const char *family, const Value *declared, Error *e)
{
    const char *name = value_get_text(declared, "name", NULL);
    const ModuleFamily *taker = taker_of(family, e);
    Spec own;
    if (!taker)
        return false;
    if (!declare_is_name(name))
        return error_set(e, ERROR_USAGE, "a %s needs a name of small letters, digits and _, found \"%s\"", family, name ? name : "");
    if (pending_count == PENDING_MOST)
        return error_set(e, ERROR_USAGE, "a module defines at most %d things", PENDING_MOST);
    if (!check_free(taker, name, e))
        return false;
    if (!spec_make(module, taker, declared, &own, e))
        return error_prefix(e, "%s \"%s\": ", family, name);
    Spec *made = taker->make(&own, declared, e);
    if (!made) {
        error_prefix(e, "%s \"%s\": ", family, name);
        spec_release(&own);
        return false;
    }
    pending[pending_count++] = (Member){taker, module, made};
    return true;
}

static void module_free(Module *m)
{
    mem_free(m->name);
    mem_free(m->text);
    mem_free(m);
}

/* Known here before its family shows it to other threads. */
static bool add_member(const Member *one, Error *e)
{
    if (members_count == MODULE_MEMBERS)
        return error_set(e, ERROR_FAILED, "modules have defined %d things, and that is the most", MODULE_MEMBERS);
    members[members_count] = *one;
    __atomic_add_fetch(&members_count, 1, __ATOMIC_RELEASE);
    if (one->family->add(one->spec, e))
        return true;
    __atomic_sub_fetch(&members_count, 1, __ATOMIC_RELEASE);
    return false;
}

static bool commit(Module *m, Error *e)
{
    if (!pending_count)
        return error_set(e, ERROR_USAGE, "it defines nothing; lb.define.step { name = ..., apply = ... } does, and so on");
    bool ok = modules_count < MODULES_MOST || error_set(e, ERROR_FAILED, "%d modules are loaded, and that is the most", MODULES_MOST);
    for (size_t i = 0; ok && i < pending_count; i++) {
        ok = add_member(&pending[i], e);
        if (ok)
            pending[i].spec = NULL;
    }
    if (ok || !pending[0].spec) {
        modules[modules_count] = m;
        __atomic_add_fetch(&modules_count, 1, __ATOMIC_RELEASE);
    }
    return ok;
}

static void drop_pending(void)
{
    for (size_t i = 0; i < pending_count; i++) {
        Spec *spec = pending[i].spec, own;
        if (!spec)
            continue;
        own = *spec;
        pending[i].family->free(spec);
        spec_release(&own);
    }
    pending_count = 0;
}

static bool load_new(Module *m, Error *e)
{
    bool ok = host_load(m, e) && commit(m, e);
    bool kept = modules_count && modules[modules_count - 1] == m;
    drop_pending();
    if (!ok)
        error_prefix(e, "module %s: ", m->name);
    if (!kept)
        module_free(m);
    return ok;
}

const Module *module_find(const char *hash)
{
    size_t count = __atomic_load_n(&modules_count, __ATOMIC_ACQUIRE);
    for (size_t i = 0; i < count; i++)
        if (text_equal(modules[i]->hash, hash))
            return modules[i];
    return NULL;
}

bool module_load(const char *name, const char *text, size_t size, Error *e)
{
    if (!host_load)
        return error_set(e, ERROR_FAILED, "what is defined in Lua is not taken here");
    if (size > MODULE_BYTES || strlen(text) != size)
        return error_set(e, ERROR_USAGE, "module %s: a module is a text of at most %d KiB", name, MODULE_BYTES >> 10);
    Module *m = MEM_NEW(Module);
    *m = (Module){.name = declare_doc(name, "module.lua"), .text = mem_strndup(text, size), .size = size};
    sha256_hex(text, size, m->hash);
    mutex_lock(lock);
    bool known = module_find(m->hash) != NULL, ok = known || load_new(m, e);
    mutex_unlock(lock);
    if (known)
        module_free(m);
    return ok;
}

Value *module_to_value(const Module *module, bool with_text)
{
    Value *v = value_map();
    value_set(v, "name", value_text(module->name));
    value_set(v, "sha256", value_text(module->hash));
    if (with_text)
        value_set(v, "text", value_bytes(module->text, module->size));
    return v;
}

static bool is_member_of(const char *family, const char *name, const char *hash)
{
    size_t count = __atomic_load_n(&members_count, __ATOMIC_ACQUIRE);
    for (size_t i = 0; i < count; i++)
        if (text_equal(members[i].family->family->name, family) && text_equal(members[i].spec->name, name))
            return text_equal(members[i].module->hash, hash);
    return false;
}

bool module_load_value(const Value *v, Error *e)
{
    const Value *text = value_get(v, "text");
    const char *name = value_get_text(v, "name", "module.lua");
    char is[HASH_ROOM] = "";
    if (!text || text->type != VALUE_TEXT)
        return true;
    sha256_hex(text->text, text->size, is);
    if (!text_equal(is, value_get_text(v, "sha256", "")))
        return error_set(e, ERROR_FAILED, "module %s: its text is not the one that its sha256 names", name);
    return module_load(name, text->text, text->size, e);
}

bool module_from_value(const Value *v, const char *family, const char *member, Error *e)
{
    const char *name = value_get_text(v, "name", "module.lua"), *hash = value_get_text(v, "sha256", "");
    if (!module_load_value(v, e))
        return false;
    return is_member_of(family, member, hash) ||
           error_set(e, ERROR_FAILED, "%s \"%s\" comes from module %s, whose text is not here", family, member, name);
}
