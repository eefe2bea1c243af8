/* Comparing runs. */
#include "app/run_compare.h"

#include <string.h>

#include "app/run_card.h"
#include "app/run_settings.h"
#include "base/io.h"
#include "base/json.h"
#include "learn/call.h"
#include "table/reader.h"

enum { CHANGES_MOST = 40 };

/* Where it was read, else what the script calls it from here. */
static const char *file_of(const Value *card, const char *data)
{
    const char *path = value_get_text(card, "source_path", NULL);
    IoInfo info;
    return data ? data : path && io_stat(path, &info) ? path : value_get_text(card, "source", NULL);
}

/* The pipeline of a run, put together again from its plan: the same rows in the same parts. */
static Pipeline *read_pipeline(Job *job, const Value *card, const char *data, Error *e)
{
    const char *path = value_get_text(card, "path", ""), *model = value_get_text(card, "model", "");
    const char *options = value_get_text(card, "read_options", ""), *file = file_of(card, data);
    char *place = io_join(path, model), *directory = io_directory(place);
    Value *plan = call_need_json(directory, "plan.json", e), *read = *options ? json_parse(options, strlen(options), e) : NULL;
    const Value *from = value_get(plan, "pipeline");
    if (plan && !file)
        error_set(e, ERROR_FAILED, "the run does not say which file it read; --data=FILE names it");
    Table *t = plan && file ? table_read(job, file, read, e) : NULL;
    Recipe *recipe = t ? recipe_from_value(value_get(from, "recipe"), e) : NULL;
    Pipeline *p = NULL, *made = NULL;
    if (recipe) {
        p = pipeline_new(t, file, read);
        mem_free(p->positive);
        mem_free(p->key);
        p->positive = value_get_text(from, "positive", NULL) ? mem_strdup(value_get_text(from, "positive", NULL)) : NULL;
        p->key = value_get_text(from, "key", NULL) ? mem_strdup(value_get_text(from, "key", NULL)) : NULL;
        p->target = value_get_text(from, "target", NULL) ? mem_strdup(value_get_text(from, "target", NULL)) : NULL;
        p->seed = (uint64_t)value_get_int(from, "seed", 0);
        int64_t split_at = value_get_int(from, "split_at", -1);
        made = pipeline_with_recipe(p, recipe, split_at < 0 ? SIZE_MAX : (size_t)split_at);
        const Value *split = value_get(from, "split");
        fields_done(split_spec.params, &made->split);
        if (split && !fields_from_value(split_spec.params, &made->split, split, "split", e)) {
            pipeline_unref(made);
            made = NULL;
        }
    }
    pipeline_unref(p);
    recipe_unref(recipe);
    table_unref(t);
    value_free(read);
    value_free(plan);
    mem_free(directory);
    mem_free(place);
    return made;
}

static Bundle *load_model(const Value *card, Error *e)
{
    const char *model = value_get_text(card, "model", NULL);
    if (!model) {
        error_set(e, ERROR_FAILED, "%s has no model", value_get_text(card, "run", ""));
        return NULL;
    }
    char *file = io_join(value_get_text(card, "path", ""), model);
    Bundle *b = bundle_load(file, e);
    mem_free(file);
    return b;
}

static Value *why_not(const Error *e)
{
    Value *v = value_map();
    value_set(v, "why_not", value_text(e->message));
    return v;
}

typedef struct Against {
    Job *job;
    const Pipeline *pipeline;
    const Bundle *base;
    Part part;
} Against;

/* The other minus the base. */
static Value *judge(const Against *a, const Value *card)
{
    Error e = {0};
    Bundle *b = load_model(card, &e);
    CompareTask task = {
        .pipeline = a->pipeline, .teacher = a->base, .students = &b, .seeds = 1, .part = a->part, .margin = 0, .runs = "runs"};
    Value *result = b ? compare_bundles(a->job, &task, &e) : NULL, *out = NULL;
    const Value *found = value_get(result, "against_teacher");
    if (found) {
        out = value_copy(found);
        value_set(out, "rows", value_copy(value_get(result, "rows")));
        value_set(out, "certificate", value_copy(value_get(result, "certificate")));
    } else {
        out = why_not(&e);
    }
    value_free(result);
    bundle_unref(b);
    return out;
}

static Value *judge_all(Job *job, const Value *cards, Part part, const char *data)
{
    Error e = {0};
    Value *list = value_list();
    Bundle *base = load_model(cards->items[0], &e);
    Pipeline *p = base ? read_pipeline(job, cards->items[0], data, &e) : NULL;
    Against a = {job, p, base, part};
    for (size_t i = 0; i < cards->size; i++)
        value_add(list, i == 0 ? value_null() : p ? judge(&a, cards->items[i]) : why_not(&e));
    pipeline_unref(p);
    bundle_unref(base);
    return list;
}

/* As text, also when it has none. */
static char *script_of(const Value *card)
{
    char *text = run_script_text(value_get_text(card, "path", ""));
    return text ? text : mem_strdup("");
}

static Value *differences_of(const Value *cards)
{
    const Value *settings[RUN_COMPARE_MOST];
    Value *all = value_map(), *kept = value_list();
    for (size_t i = 0; i < cards->size; i++) {
        value_add(kept, run_settings(cards->items[i]));
        settings[i] = kept->items[i];
    }
    Value *names = run_differences(settings, cards->size);
    for (size_t k = 0; k < names->size; k++) {
        Value *row = value_list();
        for (size_t i = 0; i < cards->size; i++) {
            const Value *v = value_get(settings[i], names->items[k]->text);
            value_add(row, v ? value_copy(v) : value_null());
        }
        value_set(all, names->items[k]->text, row);
    }
    value_free(names);
    value_free(kept);
    return all;
}

Value *run_compare(Job *job, const TextList *paths, Part part, const char *data, Error *e)
{
    Value *cards = value_list();
    for (size_t i = 0; cards && i < paths->count && i < RUN_COMPARE_MOST; i++) {
        Value *card = run_card_read(paths->items[i], e);
        if (card) {
            value_add(cards, card);
            continue;
        }
        value_free(cards);
        return NULL;
    }
    Value *out = value_map();
    char *first = script_of(cards->items[0]), *second = script_of(cards->items[cards->size > 1]);
    char *changes = run_script_changes(first, second, CHANGES_MOST);
    value_set(out, "on", value_text(part_name(part)));
    value_set(out, "differences", differences_of(cards));
    value_set(out, "script", value_text(changes));
    value_set(out, "against", judge_all(job, cards, part, data));
    value_set(out, "runs", cards);
    mem_free(first);
    mem_free(second);
    mem_free(changes);
    return out;
}
