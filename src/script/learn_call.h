/* A call of the script that learns, with the functions that it may call back. */
#ifndef SCRIPT_LEARN_CALL_H
#define SCRIPT_LEARN_CALL_H

#include "learn/learn.h"
#include "script/objects.h"

/* Functions of the script that C calls while it learns. */
typedef struct Callbacks {
    ScriptState *script;
    const Pipeline *pipeline;
    char hash[HASH_ROOM];              /* of the pipeline; "": not needed yet */
    int64_t on_epoch, state, make_net; /* references; 0: none */
    char *memory;                      /* own; of on_epoch */
    TrainHooks hooks;
    CallContext context;
} Callbacks;

/* Last before the call: memory that cannot be had raises here. make_net may be NULL. */
CallContext *callbacks_begin(Callbacks *c, lua_State *L, const Pipeline *p, const TrainPlan *plan, const FunctionUse *make_net);
void callbacks_end(lua_State *L);
/* The plan at `index`; a function as net makes the net of each trial. */
void *learn_take_plan(lua_State *L, int index, const Spec *spec, Error *e);
bool learn_check_target(const Pipeline *p, const char *what, Error *e);
/* Trials, folds and seeds are trained in processes of their own, where the script does not run. */
bool learn_check_no_callback(const TrainPlan *plan, const char *what, Error *e);

#endif
