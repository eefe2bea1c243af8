/* Questions about the recipe and the net: what its steps are worth, how few features do, what regularizes best. A run answers, and leaves
 * what it has so far in a file of its own; what is done about the answer is an edit like any other. */
#include <stdint.h>
#include <string.h>

#include "app/app_state.h"
#include "base/io.h"
#include "base/json.h"
#include "learn/baselines.h"
#include "learn/keep.h"
#include "learn/price.h"
#include "learn/regularize.h"

enum { CARD_BYTES = 16 << 20 };

typedef struct Question {
    const Spec *spec;
    const char *card, *doing, *subject, *word, *key, *stop;
} Question;

static const Question questions[APP_QUESTIONS] = {
    {&price_spec, PRICE_CARD, "starting the pricing", "recipe", "priced", "p", "s in the recipe (3) stops it, and what is known stays"},
    {&select_features_spec, SELECT_FEATURES_CARD, "starting the curve of features", "recipe", "asked about", "c",
     "s in the recipe (3) stops it, and what is known stays"},
    {&regularize_spec, REGULARIZE_CARD, "starting the bench", "net", "regularized", "r",
     "r, then s in the net (4) stops it, and what is known stays"},
};

static size_t index_of(AppCall question)
{
    return (size_t)question - APP_PRICE;
}

static size_t steps_on(const Recipe *r)
{
    size_t on = 0;
    for (size_t i = 0; i < r->count; i++)
        on += !r->uses[i].off;
    return on;
}

/* As the document trains, as far as the question knows that, but for what the options say. */
static void *plan_of(const Document *d, const Question *q, const Value *options, Error *e)
{
    Value *map = fields_to_value(train_spec.params, &d->train, false);
    value_remove(map, "on_epoch");
    value_remove(map, "name");
    for (size_t i = map->size; i-- > 0;)
        if (!fields_find(q->spec->params, map->keys[i]))
            value_remove(map, map->keys[i]);
    value_set(map, "net", spec_list_to_value(&d->train.net, "layer", false));
    for (size_t i = 0; i < value_entries(options); i++)
        value_set(map, options->keys[i], value_copy(options->items[i]));
    void *plan = params_from_value(q->spec, map, e);
    value_free(map);
    return plan;
}

bool app_ask(App *a, AppCall question, const Value *options, Error *e)
{
    const Question *q = &questions[index_of(question)];
    if (!app_can_start(a, e))
        return false;
    if (question == APP_PRICE && !steps_on(app_document(a)->pipeline->recipe))
        return error_set(e, ERROR_FAILED, "nothing to price: no step is on; a adds one, A repairs");
    void *plan = plan_of(app_document(a), q, options, e);
    if (!plan)
        return false;
    app_start_question(a, &(AppQuestion){question, q->spec, plan, q->doing});
    return true;
}

static void card_done(AppCard *card)
{
    value_free(card->value);
    mem_free(card->run);
    *card = (AppCard){0};
}

void app_forget_cards(App *a)
{
    for (size_t i = 0; i < APP_QUESTIONS; i++) { /* of which file it was stays, so that it does not come back */
        value_free(a->cards[i].value);
        a->cards[i].value = NULL;
    }
}

void app_cards_done(App *a)
{
    for (size_t i = 0; i < APP_QUESTIONS; i++)
        card_done(&a->cards[i]);
    card_done(&a->baselines);
    mem_free(a->question);
}

static bool is_read(const AppCard *card, const char *run, const IoInfo *info)
{
    return text_equal(card->run, run) && card->modified == info->modified && card->size == info->size && card->inode == info->inode;
}

/* The file is replaced as a whole, so what is read is whole. */
static bool read_card(AppCard *card, const char *name, const char *run)
{
    char *path = io_join(run, name), *bytes = NULL;
    size_t size;
    IoInfo info;
    Error ignored = {0};
    bool is_new = io_stat(path, &info) && info.exists && !is_read(card, run, &info);
    Value *value = is_new && io_read_file(path, CARD_BYTES, &bytes, &size, &ignored) ? json_parse(bytes, size, &ignored) : NULL;
    if (value) {
        card_done(card);
        *card = (AppCard){value, mem_strdup(run), info.modified, info.size, info.inode};
    }
    mem_free(bytes);
    mem_free(path);
    return value != NULL;
}

bool app_is_question(const App *a, const char *run)
{
    bool is_one = text_equal(a->question, run);
    for (size_t i = 0; !is_one && i < APP_QUESTIONS; i++)
        is_one = text_equal(a->cards[i].run, run);
    return is_one;
}

const char *app_how_to_stop(const App *a)
{
    size_t at = index_of(a->question_call ? a->question_call : APP_PRICE);
    for (size_t i = 0; i < APP_QUESTIONS; i++)
        at = a->run && text_equal(a->cards[i].run, a->run->path) ? i : at;
    return questions[at].stop;
}

bool app_is_asking(const App *a)
{
    return a->run && !a->run->end && a->run->state != RUN_LOST && app_is_question(a, a->run->path);
}

bool app_read_cards(App *a)
{
    bool any = a->run && read_card(&a->baselines, BASELINES_CARD, a->run->path);
    for (size_t i = 0; a->run && i < APP_QUESTIONS; i++)
        any = read_card(&a->cards[i], questions[i].card, a->run->path) || any;
    return any;
}

const Value *app_baselines(const App *a)
{
    return a->run && text_equal(a->baselines.run, a->run->path) ? a->baselines.value : NULL;
}

const Value *app_answer(const App *a, AppCall question)
{
    return a->cards[index_of(question)].value;
}

RunState app_answer_state(const App *a, AppCall question)
{
    const AppCard *card = &a->cards[index_of(question)];
    if (!card->value)
        return RUN_UNKNOWN;
    if (text_equal(value_get_text(card->value, "status", ""), "done"))
        return RUN_DONE;
    bool is_watched = a->run && text_equal(a->run->path, card->run);
    return !is_watched || a->run->state == RUN_DONE ? RUN_STOPPED : a->run->state;
}

/* Steps that are on, as the answer was given for them: [{"step", "text"}]. */
static bool is_same_step(const Value *asked, const StepUse *use)
{
    Text text = {0};
    step_use_describe(use, &text);
    bool same = text_equal(value_get_text(asked, "step", ""), use->step->spec.name) &&
                text_equal(value_get_text(asked, "text", ""), text_get(&text));
    text_done(&text);
    return same;
}

/* Without what regularizes the net is another one. */
static bool has_other_net(const Document *d, const Value *answer)
{
    Error ignored = {0};
    RegularizePlan none = {0};
    TrainPlan *plain = params_copy(&train_spec, &d->train);
    bool is_one = variant_apply(plain, VARIANT_NONE, &none, &ignored);
    Value *net = spec_list_to_value(&plain->net, "layer", false);
    bool other = !is_one || !value_equal(net, value_get(answer, "net"));
    value_free(net);
    params_free(&train_spec, plain);
    return other;
}

bool app_answer_is_stale(const App *a, AppCall question)
{
    const Value *asked = value_get(app_answer(a, question), "recipe");
    const Document *d = app_document(a);
    if (asked && d && question == APP_REGULARIZE && has_other_net(d, app_answer(a, question)))
        return true;
    size_t next = 0;
    if (!asked || !d || !d->pipeline)
        return true;
    const Recipe *r = d->pipeline->recipe;
    for (size_t i = 0; i < r->count; i++)
        if (!r->uses[i].off && (next >= value_items(asked) || !is_same_step(asked->items[next++], &r->uses[i])))
            return true;
    return next != value_items(asked);
}

/* Steps keep their order, so each price belongs to the first step that it fits behind those before; one that has been struck since still
 * shows why. */
const Value *app_price_of(const App *a, size_t step)
{
    const Value *steps = value_get(app_answer(a, APP_PRICE), "steps");
    const Document *d = app_document(a);
    const Recipe *r = d && d->pipeline ? d->pipeline->recipe : NULL;
    size_t next = 0;
    for (size_t i = 0; r && i <= step && i < r->count; i++)
        for (size_t k = next; k < value_items(steps); k++)
            if (is_same_step(steps->items[k], &r->uses[i])) {
                if (i == step)
                    return steps->items[k];
                next = k + 1;
                break;
            }
    return NULL;
}

bool app_check_answer(const App *a, AppCall question, Error *e)
{
    const Question *q = &questions[index_of(question)];
    RunState state = app_answer_state(a, question);
    if (state == RUN_UNKNOWN)
        return error_set(e, ERROR_FAILED, "the %s has not been %s yet; %s does it", q->subject, q->word, q->key);
    if (state == RUN_RUNNING || state == RUN_PAUSED || state == RUN_FULL || state == RUN_QUEUED)
        return error_set(e, ERROR_FAILED, "the %s is still being %s; wait for the answer, or s stops it", q->subject, q->word);
    if (state != RUN_DONE)
        return error_set(e, ERROR_FAILED, "the %s was not %s to the end; %s does it again", q->subject, q->word, q->key);
    return !app_answer_is_stale(a, question) ||
           error_set(e, ERROR_FAILED, "the %s has changed since it was %s; %s does it again", q->subject, q->word, q->key);
}

/* All that buy nothing may buy something together. */
static bool may_strike(const Value *price, Error *e)
{
    const Value *together = value_get(price, "together");
    if (!together || price_buys_nothing(together))
        return true;
    return error_set(
        e, ERROR_FAILED,
        "the steps that buy nothing alone cannot all go: together the verdict is \"%s\"; x switches one off, then p prices again",
        value_get_text(together, "verdict", ""));
}

bool app_strike(App *a, const char *place, Error *e)
{
    const Value *price = app_answer(a, APP_PRICE);
    if (!app_check_answer(a, APP_PRICE, e) || !may_strike(price, e))
        return false;
    Recipe *rest = recipe_ref(app_document(a)->pipeline->recipe);
    Text change = {0};
    for (size_t i = 0; i < rest->count; i++) {
        if (rest->uses[i].off || !price_buys_nothing(app_price_of(a, i)))
            continue;
        text_addf(&change, "%s %zu %s", change.size ? "," : "struck", i + 1, rest->uses[i].step->spec.name);
        Recipe *less = recipe_switch(rest, i, true);
        recipe_unref(rest);
        rest = less;
    }
    bool ok = change.size || error_set(e, ERROR_FAILED, "nothing to strike: of no step the folds say that it buys nothing");
    if (ok)
        ok = app_put_recipe(a, &(RecipeEdit){recipe_ref(rest), app_document(a)->pipeline->split_at, text_get(&change), place}, e);
    recipe_unref(rest);
    text_done(&change);
    return ok;
}

bool app_keep_features(App *a, size_t k, const char *place, Error *e)
{
    const Value *answer = app_answer(a, APP_SELECT);
    if (!app_check_answer(a, APP_SELECT, e))
        return false;
    size_t keep = k ? k : (size_t)value_get_int(answer, "keep", 0);
    Value *map = NULL;
    const Step *step = select_features_step(answer, keep, &map);
    if (!step)
        return error_set(e, ERROR_FAILED, "all %lld features are needed: there is nothing to leave out",
                         (long long)value_get_int(answer, "of", 0));
    void *params = params_from_value(&step->spec, map, e);
    const Pipeline *p = app_document(a)->pipeline;
    bool ok = params != NULL;
    if (ok) {
        char *change = text_format("keep %zu of %lld features by %s", keep, (long long)value_get_int(answer, "of", 0),
                                   value_get_text(answer, "by", ""));
        Recipe *longer = recipe_insert(p->recipe, p->recipe->count, step, params);
        ok = app_put_recipe(a, &(RecipeEdit){longer, p->split_at, change, place}, e);
        mem_free(change);
        params_free(&step->spec, params);
    }
    value_free(map);
    return ok;
}

bool app_take_variant(App *a, const char *variant, const char *place, Error *e)
{
    const Value *answer = app_answer(a, APP_REGULARIZE);
    const Document *d = app_document(a);
    Variant v = variant_find(variant);
    if (!answer || !d || v == VARIANTS)
        return error_set(e, ERROR_FAILED, "no bench of ways to regularize yet; r asks for one");
    RegularizePlan *by = plan_of(d, &questions[index_of(APP_REGULARIZE)], value_get(answer, "strengths"), e);
    if (!by)
        return false;
    char *settings = variant_text(v, by), *change = text_format("regularized by %s", *settings ? settings : "nothing");
    Document *next = document_edit(d, change, place);
    bool ok = variant_apply(&next->train, v, by, e);
    if (ok)
        ok = app_edit(a, next, e);
    else
        document_unref(next);
    params_free(&regularize_spec, by);
    mem_free(settings);
    mem_free(change);
    return ok;
}
