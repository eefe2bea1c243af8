/* The inside of the script room: one ScriptState behind each lua_State, and how C errors become Lua errors and back. */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include <lauxlib.h>
#include <lua.h>

#include "script/script.h"

typedef struct Warden Warden;
typedef struct Access Access;

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
    Job *awaited_by;         /* its cancel ends the script too; NULL: no other job */
    double deadline;         /* processor seconds of this thread at which the script ends; 0: none */
    double time;             /* what os.time answers; fixed while a script runs in a worker */
    bool is_interpreter;     /* limbeck lua: the whole of Lua's libraries */
    atomic_bool is_stopping; /* somebody asked the script to end: nothing more of it runs, pcall or not */
    atomic_bool is_learning; /* inside a call that takes requests itself */
    atomic_uint callbacks;   /* one more at the begin and at the end of each: odd while one runs */
    Warden *warden;
    bool is_exiting; /* os.exit was called */
    int exit_code;
    Error stopped;                    /* why it is stopping */
    Error limit_hit;                  /* of the warden, set before it stops the script: a limit, not a request; ERROR_NONE: a request */
    Access *access;                   /* which files are open to it */
    size_t memory_used, memory_limit; /* bytes of Lua's values; limit 0: none */
    bool memory_hit;                  /* the limit has refused some */
    Error raised;                     /* the last C error that became a Lua error, to keep its code */
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
void state_stop(ScriptState *s); /* from any thread: the script raises soon, and then at each instruction */
bool state_is_stopping(lua_State *L);
int state_halt(lua_State *L); /* of a script that is stopping: raises, and so does each further instruction of this coroutine */
/* function(L) with `argument` as its light userdata, protected: what C code calls from below C code that must end in order. */
bool state_protect(ScriptState *s, lua_CFunction function, void *argument, Error *e);

void state_go_on(ScriptState *s); /* a console's next line runs again */

/* Watches in a thread of its own whether a script is asked to end while its own code runs, and ends the process when it does not. */
Warden *warden_start(ScriptState *s, Error *e);
void warden_end(Warden *w); /* accepts NULL */

/* library.name becomes `function`, which has the one before as its upvalue. */
void sandbox_replace(lua_State *L, const char *library, const char *name, lua_CFunction function);
void sandbox_open(ScriptState *s); /* libraries, print, require, time, random numbers, strict globals */
void stream_open(ScriptState *s);  /* io.stdout, io.stderr, warnings */
void halt_open(ScriptState *s);    /* functions through which code would go on past a stop */
void files_open(ScriptState *s);   /* io and os: files that are open to the script */

/* The limits of a script, by its run or by its trust. */
int64_t access_memory(const ScriptRun *run);  /* MiB */
int64_t access_seconds(const ScriptRun *run); /* 0: none */
bool access_is_sandboxed(ScriptTrust trust);
void access_open(ScriptState *s);
void access_close(ScriptState *s);
typedef enum AccessKind { ACCESS_READ, ACCESS_WRITE, ACCESS_FILE_READ, ACCESS_FILE_WRITE } AccessKind; /* FILE: Lua's own io and os */
bool access_may(ScriptState *s, const char *path, AccessKind kind, Error *e);
void access_check(lua_State *L, const char *path, AccessKind kind); /* raises */
void access_folder(ScriptState *s, const char *path);               /* opens what lies below it */
void access_own(ScriptState *s, const char *path);                  /* a file that the program made for the script */
void module_open(ScriptState *s);                                   /* leaves the table `limbeck` on the stack */

#endif
