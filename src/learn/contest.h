/* Any number of predictors on the same rows: figures over seeds, and each one's difference from one of them with its interval. */
#ifndef LEARN_CONTEST_H
#define LEARN_CONTEST_H

#include "learn/compare.h"

#define CONTEST_FILE "contest.json" /* in the directory of a script run: the newest one */

/* One that stands for the contest: finished outputs for the rows of a Judging, of one seed or of several. */
typedef struct Contestant {
    const char *name;
    Judged *judged; /* outputs are filled in before; figures are made here */
    size_t count;
} Contestant;

typedef struct ContestRules {
    const char *on;      /* "valid", "test", "given table" */
    const char *against; /* name of the one that the others are measured by; NULL: the best of all */
    double margin;       /* what still counts as as good */
} ContestRules;

/* {"on", "rows", "metric", "margin", "against", "best", "models": {NAME: {"auc": ..., as seeds_add has it}}, "differences": {NAME: {"mean",
 * "low", "high", "conclusion"}}, "verdict"}. j->truth has the rows. */
Value *contest_judge(const Judging *j, const TargetInfo *target, const Contestant *items, size_t count, const ContestRules *rules,
                     Error *e);
void contest_print(const Value *contest, Text *out); /* the verdict and a line for each model */
void contest_done(Contestant *items, size_t count);  /* what was judged; items are the caller's */

/* Models by name, each on the rows of the part of its own pipeline or of a table, as far as all of them know the rows and none was trained
 * on them. */
typedef struct Entrant {
    const char *name;
    Bundle *const *bundles;
    size_t count;
    const Pipeline *pipeline; /* NULL: loaded from a file */
} Entrant;
typedef struct ContestTask {
    const Entrant *entrants;
    size_t count;
    const Table *table; /* NULL: the part */
    Part part;
    const char *runs;
    ContestRules rules;
} ContestTask;
Value *contest_run(Job *job, const ContestTask *task, Error *e);

#endif
