/* Steps that a module in Lua defines while the program runs. Each is a Step on the heap, for the rest of the process: parameters,
 * help, errors and recipes treat it as one of limbeck's own. What it computes comes from a host, the room that knows Lua. A recipe
 * that uses one carries the text of the module, so that a model works where the module is not installed. */
#ifndef STEPS_DEFINED_H
#define STEPS_DEFINED_H

#include "base/hash.h"
#include "steps/step.h"

enum { MODULE_BYTES = 1 << 20 };

/* A text in Lua that defines steps. Never changed, and never freed once it has defined one. */
typedef struct StepModule {
    char *name; /* "my_steps.lua": for messages */
    char *text;
    size_t size;
    char hash[HASH_ROOM]; /* of the text */
} StepModule;

typedef struct DefinedStep {
    Step step; /* first member: it is one */
    const StepModule *module;
} DefinedStep;

/* What a function of a step is called with: its columns, by name, and its parameters, columns as resolved names. */
typedef struct DefinedCall {
    Job *job;
    const DefinedStep *step;
    const Table *columns;
    const Value *params;
    const Value *learned; /* of apply; NULL: fit has learned nothing */
} DefinedCall;

/* All three run in a sandbox of their own, within limits, and may run on any thread. */
typedef struct ModuleHost {
    bool (*load)(const StepModule *module, Error *e);                /* runs the text and declares each step with defined_declare */
    bool (*fit)(const DefinedCall *call, Value **learned, Error *e); /* *learned NULL: there is no fit, or it learned nothing */
    bool (*apply)(const DefinedCall *call, Table **made, Error *e);  /* the columns it made, as many rows as given */
} ModuleHost;

void defined_set_host(const ModuleHost *host); /* static data; once, at start */
/* Runs a module, unless one of this text was run before. */
bool defined_load(const char *name, const char *text, size_t size, Error *e);
/* A step of the module that is being loaded: {"name", "doc", "params"}. It is a step once the whole module is loaded. Refused: a name
 * that is taken, rows that contradict themselves. */
bool defined_declare(const StepModule *module, const Value *declared, Error *e);

const DefinedStep *defined_step(const Step *step); /* NULL: one of limbeck's own */
/* In recipes: {"name", "sha256", "text"}. with_text false: the text stands in an earlier step of the recipe. */
Value *defined_module_value(const DefinedStep *step, bool with_text);
bool defined_module_read(const Value *v, const char *step, Error *e); /* loads it */

#endif
