/* Where functions of modules run: a Lua state that has run the module, without files and output, that ends when it takes too long. */
#ifndef SCRIPT_HOST_H
#define SCRIPT_HOST_H

#include "script/state.h"
#include "spec/module.h"

typedef struct Host Host; /* of one thread */

/* A call of a function that a member of a module declared. All that C owns while it runs lies in `own`, so that an error of Lua leaves
 * nothing behind. */
typedef struct HostCall {
    const Spec *member;
    const char *family, *function;
    Job *job;                  /* its cancel ends the call */
    int (*body)(lua_State *L); /* with this struct as light userdata: host_push_function, lua_call, host_raise */
    void *own;
    Error e;
} HostCall;

bool host_push_function(lua_State *L, const HostCall *c); /* false: it has none, and a nil is pushed */
/* What is wrong with a result, in c->e, is said with the place of the function that gave it; raises. */
int host_raise(lua_State *L, HostCall *c);

/* A fresh state for the one call, so that nothing is remembered from another. */
bool host_call(HostCall *c, Error *e);
/* The same with a state that lives on, for what is called often. Each call has the whole time. */
Host *host_open(const Module *m, Job *job, Error *e); /* NULL on failure */
bool host_call_in(Host *h, HostCall *c, Error *e);
void host_close(Host *h); /* accepts NULL */

/* What the rooms below ask of the host, each where its family is. */
void host_open_steps(void);
void host_open_metrics(void);
void host_open_losses(void);

#endif
