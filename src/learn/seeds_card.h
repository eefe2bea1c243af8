/* Several trainings of one plan as one thing, while they go on and after: what all of them say, with its spread. Plain figures. */
#ifndef LEARN_SEEDS_CARD_H
#define LEARN_SEEDS_CARD_H

#include "base/value.h"
#include "run/tail.h"

#define SEEDS_KIND "seeds" /* of the run; seeds/NN below it are trainings */
/* {"watched": "valid.auc", "planned": how many were asked for, "each": [{"n", "state", "epoch", "best_epoch", "best": of the watched
 * figure, and each recorded figure at the epoch whose weights are kept, or the newest}], the mean of each figure over those that have
 * begun, "sd", "low", "high": maps by figure, as seeds_add gives them, "lines": {figure: {"epoch", "mean", "low", "high"}}: lists by
 * epoch, the mean over seeds that reached it, and one sd on both sides}. New; seeds: a run of SEEDS_KIND, polled deep. */
Value *seeds_card(const Tail *seeds);

#endif
