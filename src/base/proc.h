/* Processes: a detached worker of our own program, plain children, waiting, signals as flags. */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"

/* fork -> setsid -> fork -> exec of this program with `arguments` (without argv[0]); stdout and stderr appended to the two files; stdin
 * as it is here, unless it is a terminal or passes_input is false: then /dev/null; SIGHUP ignored; the environment as it is here, with
 * OPENBLAS_NUM_THREADS=1. */
bool proc_spawn_detached(const TextList *arguments, const char *output, const char *errors, bool passes_input, Error *e);
void proc_exit(int code);            /* at once: nothing is tidied up; never returns */
long proc_self(void);                /* process id */
uint64_t proc_memory(void);          /* bytes this process may have: of the machine, or the limit of its address space; 0: unknown */
uint64_t proc_resident_memory(void); /* bytes this process has now */
uint64_t proc_peak_memory(void);     /* bytes this process had at most */
pid_t proc_fork(Error *e);           /* -1 on failure; the child is killed when its parent dies */
/* A forked child that runs work and ends; its error comes back when it is collected. */
typedef struct ProcChild {
    pid_t pid; /* 0: none */
    int pipe;
} ProcChild;
bool proc_child_start(bool (*work)(void *self, Error *e), void *self, ProcChild *child, Error *e);
void proc_child_kill(const ProcChild *child); /* it still has to be waited for */
/* After the child has ended with status: false with what it failed of; ERROR_LOST when it could not say. */
bool proc_child_end(ProcChild *child, int status, Error *e);
/* This program again with other arguments, without a terminal: reads `input`, and what it prints comes back. */
typedef struct ProcRun {
    const TextList *arguments; /* without argv[0] */
    const char *input;
    size_t input_size;
    double seconds;            /* then it is killed */
    size_t output_most;        /* bytes */
    const atomic_bool *cancel; /* whoever wants it killed sets it; may be NULL */
} ProcRun;
/* *status: exit code, or 128 + signal. false: it could not begin, or was killed: by a limit, or ERROR_CANCELED. */
bool proc_run_self(const ProcRun *run, Text *output, int *status, Error *e);
bool proc_wait(pid_t pid, int *status, Error *e); /* blocks; *status: exit code, or 128 + signal */
pid_t proc_wait_any(int *status);                 /* 0: none ended yet, -1: no children; never blocks */
void proc_end_on_signals(void);    /* SIGINT, SIGTERM end the process at once, with 128 + signal; files being replaced are left whole */
void proc_hold_signals(bool hold); /* they wait meanwhile; nests not */
void proc_catch_signals(void);     /* SIGINT, SIGTERM: flags; SIGPIPE, SIGXFSZ ignored; fds 0-2 made sure */
int proc_signal(void);             /* the signal that asked us to end, or 0 */
void proc_signal_clear(void);      /* the next one counts again */
void proc_reexec_with_single_blas(char **argv); /* sets OPENBLAS_NUM_THREADS=1 and re-executes once */

#endif
