/* lb.runs: what ran, as tables of figures: the cards that `limbeck runs` prints. */
#include "app/run_card.h"
#include "app/run_index.h"
#include "run/run_dir.h"
#include "script/bind.h"
#include "script/objects.h"
#include "script/value.h"

typedef struct RunsOptions {
    char *directory, *filter, *sort;
    bool descending;
} RunsOptions;

static const Field fields[] = {
    {TEXT_FIELD(RunsOptions, directory), .doc = "of the runs; or a run: what it consists of", .def = "runs", .positional = true},
    {TEXT_FIELD(RunsOptions, filter), .doc = "only runs for which this is true: best > 0.8", .def = ""},
    {TEXT_FIELD(RunsOptions, sort), .doc = "by this figure, instead of newest first", .def = ""},
    {FLAG_FIELD(RunsOptions, descending), .doc = "the highest first", .def = "false"},
    {0},
};
static const Spec runs_spec = {.name = "runs", .params = fields, .params_size = sizeof(RunsOptions)};

static Value *cards_of(const char *directory, Error *e)
{
    if (run_is_directory(directory))
        return run_cards_below(directory, e);
    RunIndex *index = run_index_open(directory, false);
    Value *cards = run_index_cards(index, e);
    run_index_close(index);
    return cards;
}

/* Takes the list. */
static Value *choose(Value *cards, const RunsOptions *o, Error *e)
{
    Value *kept = cards && o->filter && *o->filter ? run_cards_filter(cards, o->filter, e) : NULL;
    if (cards && o->filter && *o->filter) {
        value_free(cards);
        cards = kept;
    }
    Value *sorted = cards && o->sort && *o->sort ? run_cards_sort(cards, o->sort, o->descending, e) : NULL;
    if (cards && o->sort && *o->sort) {
        value_free(cards);
        cards = sorted;
    }
    return cards;
}

int runs_lua(lua_State *L)
{
    Error e = {0};
    RunsOptions *o = bind_params(L, 1, &runs_spec, &e);
    bool may = o && access_may(state_of(L), o->directory, ACCESS_READ, &e);
    Value *cards = may ? choose(cards_of(o->directory, &e), o, &e) : NULL;
    params_free(&runs_spec, o);
    if (!cards)
        return state_raise(L, &e);
    value_push(L, cards);
    value_free(cards);
    return 1;
}
