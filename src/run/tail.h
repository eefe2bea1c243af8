/* The tail: what a viewer knows of a run, gathered by reading whole lines with a good CRC from an offset, again and again. Points of
 * older generations beyond the resume step are dropped. Never writes, never locks. */
#ifndef RUN_TAIL_H
#define RUN_TAIL_H

#include "run/run_log.h"

/* One figure over time. What an epoch event says of itself is a series too: learning_rate, gradient_norm, rate (rows a second), seconds
 * (of the epoch), cpu (cores in use), memory (bytes). Of batch events they begin with "batch.". */
typedef struct TailSeries {
    char *name; /* "train.loss" */
    double *x;  /* epoch */
    int64_t *steps;
    double *seconds; /* of training until then, over all generations and without pauses */
    double *y;       /* may be NAN */
    int64_t *generations;
    size_t count, room;
} TailSeries;

typedef struct TailNote { /* events worth a line: control, checkpoint, alarm, resume */
    double epoch;
    int64_t step, generation;
    char *event, *verb, *text; /* verb: of a control event, else "" */
    char *by;                  /* of a control event: who asked; "" where it does not say */
    Value *fields;             /* the whole event, as it was written */
} TailNote;
bool tail_note_is_set(const TailNote *n, const char *name, double *value); /* a change of this setting that the run has taken */
char *tail_note_line(const TailNote *n);                                   /* in words: "stopped by hand", "changed: patience 20" */

typedef enum RunState {
    RUN_UNKNOWN,
    RUN_QUEUED,
    RUN_RUNNING,
    RUN_PAUSED,
    RUN_FULL,
    RUN_DONE,
    RUN_STOPPED,
    RUN_DIVERGED,
    RUN_FAILED,
    RUN_LOST
} RunState;

typedef struct Tail Tail;
struct Tail {
    char *path, *kind, *name;
    uint64_t offset, inode;
    size_t damaged;          /* whole lines with a bad CRC */
    Value *start;            /* the fields of the "start" event: epochs, steps_per_epoch, net, params, batch, rows, early_stop ... */
    Value *end;              /* the fields of the "end" event; NULL while running */
    Value *epochs;           /* list of the epoch events that count */
    Value *layers;           /* list of the "layers" events that count: looks into the net */
    const Value *last_epoch; /* the newest of them, whole; NULL: none yet */
    RunState state;
    double started, updated; /* wall seconds of the first and newest event */
    int64_t step;            /* of the newest epoch or batch event */
    double place, trained;   /* there: epochs done with their fraction, and seconds as TailSeries counts them */
    TailSeries *series;
    size_t series_count;
    TailNote *notes;
    size_t notes_count;
    Value *trials;   /* of a study: list of newest "trial" events by number; NULL otherwise */
    Tail **children; /* runs below (calls, trials, seeds, folds), in order; refreshed by tail_poll when deep */
    size_t children_count;
    bool piece_waits; /* a piece below that is not a run yet waits for room on the disk */
    RunLines lines;   /* an unfinished last line is left for later */
    int64_t generation;
    bool paused, last_bad;
    bool skims; /* set before the first poll, for all below: steps between epochs are passed over, which are most of a log */
};

Tail *tail_open(const char *path, Error *e);  /* fails when it is not a run */
bool tail_poll(Tail *t, bool deep, Error *e); /* true when something new was read or the state changed */
/* The same, and every whole good line is handed on as it stands in the log, without its line feed. from: the run it belongs to. */
typedef void TailLine(void *self, const Tail *from, const char *line, size_t size, const Value *event);
bool tail_poll_lines(Tail *t, bool deep, TailLine *on_line, void *self, Error *e);
bool tail_is_alive(const Tail *t);  /* running, paused by hand or by a full disk */
bool tail_has_ended(const Tail *t); /* done, stopped, diverged, failed or lost */
void tail_free(Tail *t);
const TailSeries *tail_series(const Tail *t, const char *name); /* NULL when absent */
const Tail *tail_main(const Tail *t); /* the run worth showing: below a script run what runs now, else its newest train call, else the
                                         newest with curves; or itself */
const char *run_state_name(RunState s);
RunState run_state_of_name(const char *name);                                /* RUN_UNKNOWN: it is none */
bool run_list(const char *directory, Tail ***runs, size_t *count, Error *e); /* opened and polled once each, newest first */
void run_list_free(Tail **runs, size_t count);

#endif
