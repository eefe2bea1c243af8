/* Run directories: everything that ran is one. Layout in DESIGN section 6; here are its parts: directory, lock, events, control,
 * checkpoint, journal, and the tail by which any number of viewers follow it. Nothing in this room knows nets or tables. */
#ifndef RUN_RUN_DIR_H
#define RUN_RUN_DIR_H

#include "base/value.h"

typedef struct RunDir RunDir;
/* Why a request cannot be taken here, in words for the caller to free; NULL: it can. */
typedef char *RunCheck(void *self, const Value *request);

struct RunDir {
    char *path;
    char *kind;         /* script train tune trial distill crossval fold regularize seeds seed */
    int lock;           /* fd; -1: not the writer */
    int events;         /* fd; -1 */
    int64_t generation; /* 0, then one more with each resume */
    int64_t step;       /* where the run is now: of the last event, or newer when the training loop keeps it; control events carry it */
    char *full;         /* absolute path */
    RunDir *next;       /* of the directories this process writes */
    long owner;         /* process that opened it */
    double looked;      /* when control/ was last listed */
    bool torn;          /* the log does not end with a whole line */
    bool stopping;      /* a stop was taken here: everything below stops too */
    bool told;          /* and this one has been told */
    bool sealed;        /* its manifest is written */
    bool asked;         /* requests were looked for once */
    bool waited;        /* for room on the disk; the next event says so */
    double place;       /* of the training loop: epochs done with their fraction; control events carry it too */
    RunCheck *check;    /* NULL: nothing here can be changed */
    void *check_self;
};

/* From here on this process only looks at runs: whatever would start, steer or change one fails and says so. */
void run_watch_only(void);
bool run_may_write(Error *e); /* false: it only looks */

/* runs/20261123T101530Z-NAME-7f3a; makes the directory. The caller owns the path. */
char *run_make_path(const char *runs, const char *name, Error *e);
/* A new directory with run.json {"format":1,"kind":...,"name":...}, locked, events open. */
RunDir *run_create(const char *path, const char *kind, const char *name, Error *e);
/* Becomes the writer of an existing one (resume): lock, close a torn last line, next generation, "resume" event from `step`. */
RunDir *run_reopen(const char *path, int64_t step, Error *e);
/* The same for a directory that may not have begun: no generation more then. begun: whether it had. */
RunDir *run_open_writer(const char *path, bool *begun, Error *e);
/* Writes the manifest; by run_close at the latest. Before the last event, so that whoever waits for that finds the run whole. */
void run_seal(RunDir *run);
void run_close(RunDir *run);   /* accepts NULL */
void run_wait_when_full(void); /* from here on writes below the runs of this process wait for room on a full disk; a stop ends the wait */
bool run_prepare(const char *path, const char *kind, const char *name,
                 Error *e);                          /* the directory and run.json only; a writer comes later */
bool run_is_directory(const char *path);             /* it holds a run.json */
char *run_file(const RunDir *run, const char *name); /* path inside; the caller owns it */
/* Calls, trials, folds and seeds lie below the run of the script that began them: path of the file of that name in a run, else in the
 * nearest directory above, up to the one that holds script.lua; the caller owns it. NULL: none. */
char *run_file_above(const char *path, const char *name);
char *run_script_text(const char *path); /* of its script.lua; the caller owns it. NULL: none, or over 1 MiB */
RunDir *run_create_child(const RunDir *parent, const char *name, const char *kind, Error *e); /* or reopens it at step 0 when there */

/* Events: one write, one line, with "g", "t" and "crc" added. Takes fields (a map without "e"). sync: fdatasync = acknowledged. */
bool run_event(RunDir *run, const char *event, Value *fields, bool sync, Error *e); /* run NULL: nothing is recorded */

/* Control requests: files <n>-<verb>.json renamed into control/; taken between steps. */
bool run_request(const char *path, const char *verb, const Value *arguments, Error *e); /* by viewers */
const char *run_requester(void); /* as which this process asks, in "by" of its requests and of the events that answer them: 4711@host */
/* What a "set" may change, with its range; whole: no fractions. NULL at the end. */
typedef struct RunSetting {
    const char *name;
    double least, most;
    bool is_whole;
} RunSetting;
const RunSetting *run_setting(size_t i);
const char *run_verb_taken(const char *verb); /* in words, as a list of events says it: "stopped by hand" */
/* {"verb": "stop", ...arguments} or NULL; emits the "control" event; reaches children by itself: a run of this process takes requests of
 * the runs above it, runs of other processes get a copy. One that cannot be taken comes back, and is written down, with "refused": why.
 * Looks at the disk at most every few milliseconds. */
Value *run_take_request(RunDir *run);
bool run_is_stopping(const char *path); /* a stop was taken by this process for the run or one above it */
bool run_stop_waits(const char *path);  /* a stop lies in control/ and nobody has taken it; safe in any thread */
/* The "set" control events of all generations that were not refused, by step: a resumed run applies them again. New. */
Value *run_control_history(const char *path);

/* Checkpoints: one atomic file of named blobs with a JSON header and a hash of all; the last two and the best are kept. */
typedef struct Blob {
    const char *name;
    void *bytes;
    size_t size;
} Blob;
bool run_checkpoint_save(RunDir *run, const char *name, const Value *meta, const Blob *blobs, size_t count,
                         Error *e); /* name: "00000120" or "best" */
/* Reads the named blobs into memory the caller gives (sizes must agree). *meta: new. name NULL: the newest one that is whole;
 * damaged newer ones are then named in the list "damaged" of *meta, also when none is whole (false; *meta is then that list alone).
 * count 0: only *meta. */
bool run_checkpoint_load(const char *path, const char *name, Value **meta, Blob *blobs, size_t count, Error *e);
bool run_checkpoint_exists(const char *path);           /* a numbered one, whole or not */
bool run_checkpoint_verify(const char *file, Error *e); /* one file: magic, sizes, hash */

/* The journal of a script run: calls in order, with the hash of their plan; finished ones hold their result. */
typedef struct Journal {
    char *path;   /* of the script run */
    Value *calls; /* as read: [{"n":1,"kind":"train","plan":"sha","result":{...}}] */
    size_t next;  /* number of the next call, from 0 */
} Journal;
Journal *journal_open(const char *path, Error *e);
/* ERROR_CANCELED when the run is stopping. Begins a call: *directory is calls/001-train (made when new, the caller owns it); *result is a
 * stored result when it had finished (borrowed), else NULL; *resumes: it had begun. Another plan hash at the same number fails: "the script
 * no longer does the same thing". */
bool journal_begin(Journal *j, const char *kind, const char *plan_hash, char **directory, const Value **result, bool *resumes, Error *e);
bool journal_end(Journal *j, const Value *result, Error *e);
void journal_free(Journal *j);

#endif
