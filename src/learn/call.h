/* Calls: a plan with its pipeline, its number in a journal and its directory. Shared by train, cross_validate, tune and distill. */
#ifndef LEARN_CALL_H
#define LEARN_CALL_H

#include "learn/learn.h"

typedef struct Call {
    char *directory;     /* of the run */
    const Value *stored; /* the result of a finished call; NULL: go on */
    bool resumes;
    char plan_hash[HASH_ROOM];
    RunDir *run; /* open, when not stored */
    const char *kind;
} Call;

#define SOURCES_FILE "sources.json" /* of a script run: [{"file", "path", "data", "rows", "options"}], what its calls began with */

void call_hash(const Value *plan, char hex[HASH_ROOM]);
bool call_begin(const CallContext *c, Call *call, const char *kind, const char *name, Value *plan, Error *e); /* takes plan */
bool call_end(const CallContext *c, Call *call, const Value *result, Error *e);
void call_done(Call *call);
/* An alarm of the call, said once; text NULL: nothing. */
void call_say(const CallContext *c, const TextList *notes); /* what the program decided about the data */
bool call_note(const CallContext *c, const Call *call, const char *text, Error *e);
/* Gives a callback what it remembered in an earlier life; the note (new) that it may remember more, said once; NULL: it is exact. */
char *call_restore(const TrainHooks *hooks, const Value *state);
bool call_prepare(const CallContext *c, const Pipeline *p, Prepared **out, Error *e); /* a reference, to be freed; its notes are said */
/* The plan as it is hashed: pipeline and rows of the plan, without what cannot change the result. */
Value *call_plan(const Pipeline *p, const Spec *spec, const void *plan);
/* model.safetensors of a directory. */
Bundle *call_load_model(const char *directory, Error *e);
bool call_save_model(const Bundle *b, const char *directory, Error *e);
/* The models of all seeds beside simple ones on the validation part, into result "baselines"; a loss is said. */
bool call_baselines(const CallContext *c, const Prepared *d, Bundle *const *models, Value *result, Error *e);
uint64_t call_seed(const Pipeline *p, const TrainPlan *plan);
int call_threads(const CallContext *c);
bool call_write_json(const char *directory, const char *name, const Value *v, Error *e);
/* How far a call of several calls is: a file of the script run for whoever watches it, replaced as a whole. Without a journal nothing. */
bool call_show(const CallContext *c, const char *name, const Value *card, Error *e);
Value *call_read_json(const char *directory, const char *name);           /* NULL when absent or broken */
Value *call_need_json(const char *directory, const char *name, Error *e); /* NULL says why */

/* A child run below a parent: opened or resumed, trained, its result written to result.json. Runs in a process of its own. */
typedef struct ChildTask {
    const char *directory, *kind; /* whole path */
    TrainTask train;              /* run NULL: opened here, and resume is set; otherwise as child_open left them */
    const Dataset *judged;        /* evaluated after training into result "held"; NULL: none */
    const Table *shuffled; /* the judged rows behind their steps: how much each feature matters goes into "importance"; NULL: not asked */
    const char *outputs;   /* file for its finished outputs, beside, its hash in "outputs_hash"; NULL: none */
} ChildTask;
RunDir *child_open(const char *directory, const char *kind, bool *resumes, Error *e); /* the same before it is trained */
bool child_train(Job *job, const ChildTask *task, Value **result, Error *e);

#endif
