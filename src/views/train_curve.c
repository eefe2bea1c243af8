/* The card of the watched run. */
#include <math.h>

#include "views/train.h"

bool train_curve(const Workbench *w, Curve *c)
{
    const Tail *run = app_run(w->app), *main = run ? tail_main(run) : NULL;
    if (!run)
        return false;
    curve_init(c, main ? main : run);
    if (app_is_headless(w->app)) {
        c->seconds = 0;
        c->left = -1;
        c->rate = c->cpu = c->memory = c->epoch_seconds = (double)NAN;
    }
    return true;
}
