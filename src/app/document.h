/* The document that the workbench edits: source -> steps -> split -> net -> training plan (-> tuning, distillation). It is data; shown
 * and saved as a generated Lua script. Snapshots are immutable: undo and redo move between them. */
#ifndef APP_DOCUMENT_H
#define APP_DOCUMENT_H

#include "learn/learn.h"
#include "table/profile.h"

typedef struct Document {
    int references;
    Pipeline *pipeline; /* NULL: no table open */
    TrainPlan train;    /* params of train_spec; always initialized */
    TunePlan tune;
    DistillPlan distill;
    bool has_train, has_tune, has_distill; /* the script makes that call */
    TextList modules;                      /* hashes of the modules that came with it (spec/module.h) */
    char *change;                          /* what the last edit was: "fill_missing on total_charges" */
    char *place;                           /* where and by which key: "Data f" */
} Document;

Document *document_new(void);
Document *document_ref(const Document *d);
void document_unref(Document *d);
Document *document_edit(const Document *d, const char *change, const char *place); /* a copy to be changed before it is shared */
/* The generated script: "-- limbeck document v1", straight-line, one call a line. Equal documents give equal bytes. */
void document_to_script(const Document *d, Text *out);
/* As it runs: when `teacher` names a model that this very training has left, it is loaded instead of trained again. */
void document_to_run(const Document *d, const char *teacher, Text *out);
/* The same up to its training, which is left out, and then a question: `p:price { ... }`; spec and params of a plan. */
void document_to_ask(const Document *d, const Spec *spec, const void *params, Text *out);
/* Both trained on the rows of a, by their plans, and compared on the validation part, which is not the last word: test is. */
void document_to_contest(const Document *a, const Document *b, Text *out);
/* What decides the weights of the model: all up to the call that trains it. The caller owns the text. */
char *document_training(const Document *d);
bool document_has_header(const char *script);
/* Line by line what the writer writes, and nothing else: the header alone proves nothing. */
bool document_is_generated(const char *script);
/* The document of a generated script, without running anything; reads its table. NULL: it is none, or a line of it cannot be done. */
Document *document_read(Job *job, const char *path, const char *script, Error *e);
/* Opens a table with good defaults: target guessed (a last or only two-valued column named churn, target, label, class ...),
 * split, net, plan. */
Document *document_from_table(const Table *t, const char *file, const Value *read_options);

void document_add_module(Document *d, const char *text, size_t size); /* one that is loaded, by its text */
TextList document_modules(const Document *d); /* hashes: those that came with it, and those whose members it uses; for the caller */

bool document_equal(const Document *a, const Document *b); /* tables by content; change and place do not count */
/* spec: split, train, tune or distill; params is copied. Others are ignored. */
void document_set_plan(Document *d, const Spec *spec, const void *params);
/* Tuning and distillation go on training as the train plan says (the student keeps its net), where they did so before the edit.
 * before NULL: they begin to. */
void document_follow_train(Document *d, const Document *before);

typedef struct DocumentAdvice {
    size_t classes;  /* 0: a number, or no target */
    char metric[48]; /* worth watching: "valid.auc" */
    SplitBy by;
} DocumentAdvice;
DocumentAdvice document_advise(const Table *t, const Pipeline *p); /* its target: a column of t, or none */
/* With the target of p (taken), a column of t; the plans and the split follow where they were only advised or could not stay. */
Document *document_with_target(const Document *d, const Table *t, Pipeline *p, const char *change, const char *place);

/* The net for tables (layer tabular) with the plan that it is trained by; standardize in the recipe becomes a normal distribution. */
Document *document_with_tabular(const Document *d, const char *place);
bool document_is_tabular(const Document *d);
Recipe *document_recipe_for_tabular(const Recipe *before);

/* Adds the repairs of the findings that are taken (one flag each), and with `encode` what a net needs (one_hot, standardize). */
Document *document_with_repairs(const Document *d, const Profile *profile, const bool *taken, bool encode);
/* What a repair of the recipe left is only told, not offered again. */
void document_mark_repaired(const Document *d, Profile *profile);
bool document_encodes(const Step *step); /* makes of the cells what only a net reads; stands at the end */

typedef struct History {
    Document **items;
    size_t count, room, now; /* items[now] is current */
    size_t saved;            /* index that was last saved; SIZE_MAX: never */
} History;
void history_init(History *h, Document *first); /* takes */
void history_push(History *h, Document *next);  /* takes; drops what could be redone */
bool history_is_saved(const History *h);        /* or as it was opened */
bool history_undo(History *h);
bool history_redo(History *h);
const Document *history_now(const History *h);
void history_done(History *h);

#endif
