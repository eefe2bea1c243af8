/* Modules: texts in Lua that define members of families while the program runs. Each member is a Spec on the heap, for the rest of the
 * process: parameters, help, errors and what is stored treat it as one of limbeck's own. What it computes comes from a host, the room
 * that knows Lua. Whatever uses one carries the text of the module, so that it works where the module is not installed. */
#ifndef SPEC_MODULE_H
#define SPEC_MODULE_H

#include "base/hash.h"
#include "spec/declare.h"
#include "spec/registry.h"

enum { MODULE_BYTES = 1 << 20, MODULE_MEMBERS = 256 };

/* Never changed, and never freed once it has defined something. */
typedef struct Module {
    char *name; /* "my_steps.lua": for messages */
    char *text;
    size_t size;
    char hash[HASH_ROOM]; /* of the text */
} Module;

/* How a family takes what a module declares. */
typedef struct ModuleFamily {
    const Family *family;
    /* A member of what was declared: `own` is its Spec, which the member takes with all it points to. NULL: refused. */
    Spec *(*make)(const Spec *own, const Value *declared, Error *e);
    void (*free)(Spec *member); /* the member alone, not what its Spec points to */
    bool (*add)(Spec *member, Error *e);
    void (*complete)(const Value *declared, Value *params); /* adds parameters that every such member has; NULL: none */
} ModuleFamily;

void module_take(const ModuleFamily *family); /* static data; once for each family, at start */
/* Runs the text in a sandbox of its own and declares each member with module_declare. Once, at start. */
void module_set_host(bool (*load)(const Module *module, Error *e));

/* Runs a module, unless one of this text was run before. */
bool module_load(const char *name, const char *text, size_t size, Error *e);
/* A member of the module that is being loaded: {"name", "doc", "params", ...}. It is one once the whole module is loaded. Refused: a name
 * that is taken, rows that contradict themselves, what its family refuses. */
bool module_declare(const Module *module, const char *family, const Value *declared, Error *e);

const Module *module_find(const char *hash); /* NULL: none of this text was run */
const Module *module_of(const Spec *spec);   /* NULL: one of limbeck's own */
/* {"name", "sha256", "text"}; with_text false: the text stands elsewhere in what is stored. */
Value *module_to_value(const Module *module, bool with_text);
bool module_load_value(const Value *v, Error *e); /* runs its text, if it holds one */
/* The same, and then there is a member of this name, of this text. */
bool module_from_value(const Value *v, const char *family, const char *member, Error *e);

#endif
