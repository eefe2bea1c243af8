/* The inside of the script room: one ScriptState behind each lua_State, and how C errors become Lua errors and back. */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include <lauxlib.h>
#include <lua.h>

#include "script/script.h"

typedef struct Warden Warden;

typedef struct ScriptState {
    lua_State *lua;
    ScriptRun run;
    Job *job; /* of whoever waits for the script; else own_job */
    Job own_job;
    char *name;            /* of the script in messages and plans: its base name */
    char *directory;       /* where require looks first */
    Document *document;    /* what a described script has built so far */
    Pipeline *prepared_of; /* whose data are kept in `prepared`; NULL: none */
    Prepared *prepared;
    TextList said;           /* notes, each after the hash of its pipeline: said once, whichever call comes upon it */
    Text *capture;           /* prints go here; NULL: to stdout */
    Value *environment;      /* of a worker: the variables that the script has read, as it read them; NULL: not a worker */
    double time;             /* what os.time answers; fixed while a script runs in a worker */
    bool is_interpreter;     /* limbeck lua: the whole of Lua's libraries */
    atomic_bool is_stopping; /* somebody asked the script to end: nothing more of it runs, pcall or not */
    atomic_bool is_learning; /* inside a call that takes requests itself */
    atomic_uint callbacks;   /* one more at the begin and at the end of each: odd while one runs */
    Warden *warden;
    bool is_exiting; /* os.exit was called */
    int exit_code;
    Error stopped; /* why it is stopping */
    Error raised;  /* the last C error that became a Lua error, to keep its code */
    char *raised_text;
    Text warning; /* of warn, as far as it came */
    bool warns;   /* they are printed */
} ScriptState;

ScriptState *state_new(const ScriptRun *run, Error *e); /* copies the struct, borrows what it points to */
void state_free(ScriptState *s);                        /* accepts NULL */
ScriptState *state_of(lua_State *L);

/* Loads text (never bytecode) as a function on the stack. */
bool state_load(ScriptState *s, const char *text, size_t size, const char *chunk, Error *e);
/* Calls the function below `arguments` values; with a traceback in the message when it fails. */
bool state_call(ScriptState *s, int arguments, int results, Error *e);
/* Raises a Lua error with the script's place before the message; never returns. */
int state_raise(lua_State *L, const Error *e);
void state_print(ScriptState *s, const char *bytes, size_t size);
void state_stop(ScriptState *s); /* from any thread: the next instruction of the script raises, and each one after it */

void state_go_on(ScriptState *s); /* a console's next line runs again */

/* Watches in a thread of its own whether a script is asked to end while its own code runs, and ends the process when it does not. */
Warden *warden_start(ScriptState *s, Error *e);
void warden_end(Warden *w); /* accepts NULL */

void sandbox_open(ScriptState *s); /* libraries, print, require, time, random numbers, strict globals */
void stream_open(ScriptState *s);  /* io.stdout, io.stderr, warnings */
void module_open(ScriptState *s);  /* leaves the table `limbeck` on the stack */

#endif
