/* The pipeline as a value: edits make new ones that share the rest. */
#include "learn/pipeline.h"

#include "base/json.h"
#include "steps/side.h"

static Pipeline *pipeline_alloc(void)
{
    Pipeline *p = MEM_NEW(Pipeline);
    p->references = 1;
    p->split_at = SIZE_MAX;
    return p;
}

Pipeline *pipeline_new(const Table *source, const char *file, const Value *read_options)
{
    Error ignored = {0};
    Pipeline *p = pipeline_alloc();
    p->source = source ? table_ref(source) : NULL;
    p->file = mem_strdup(file);
    p->read_options = read_options ? value_copy(read_options) : NULL;
    p->recipe = recipe_new();
    fields_init(split_spec.params, &p->split, &ignored);
    return p;
}

Pipeline *pipeline_ref(const Pipeline *p)
{
    Pipeline *own = (Pipeline *)(uintptr_t)p;
    __atomic_add_fetch(&own->references, 1, __ATOMIC_RELAXED);
    return own;
}

void pipeline_unref(Pipeline *p)
{
    if (!p || __atomic_sub_fetch(&p->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    table_unref(p->source);
    recipe_unref(p->recipe);
    value_free(p->read_options);
    fields_done(split_spec.params, &p->split);
    mem_free(p->file);
    mem_free(p->target);
    mem_free(p->positive);
    mem_free(p->key);
    mem_free(p);
}

static void split_copy(SplitPlan *to, const SplitPlan *from)
{
    *to = *from;
    to->column = mem_strdup(from->column);
    to->where = mem_strdup(from->where);
}

Pipeline *pipeline_copy(const Pipeline *p)
{
    Pipeline *copy = pipeline_alloc();
    copy->source = p->source ? table_ref(p->source) : NULL;
    copy->file = mem_strdup(p->file);
    copy->read_options = p->read_options ? value_copy(p->read_options) : NULL;
    copy->target = mem_strdup(p->target);
    copy->positive = mem_strdup(p->positive);
    copy->key = mem_strdup(p->key);
    copy->target_type = p->target_type;
    copy->seed = p->seed;
    copy->recipe = recipe_ref(p->recipe);
    copy->split_at = p->split_at;
    split_copy(&copy->split, &p->split);
    return copy;
}

Pipeline *pipeline_with_step(const Pipeline *p, const Step *step, const void *params)
{
    Pipeline *next = pipeline_copy(p);
    recipe_unref(next->recipe);
    next->recipe = recipe_insert(p->recipe, p->recipe->count, step, params);
    return next;
}

Pipeline *pipeline_with_split(const Pipeline *p, const SplitPlan *plan)
{
    Pipeline *next = pipeline_copy(p);
    fields_done(split_spec.params, &next->split);
    split_copy(&next->split, plan);
    next->split_at = p->recipe->count;
    return next;
}

Pipeline *pipeline_with_recipe(const Pipeline *p, Recipe *recipe, size_t split_at)
{
    Pipeline *next = pipeline_copy(p);
    recipe_unref(next->recipe);
    next->recipe = recipe_ref(recipe);
    next->split_at = split_at;
    return next;
}

Pipeline *pipeline_with_target(const Pipeline *p, const char *target, const char *positive)
{
    Pipeline *next = pipeline_copy(p);
    mem_free(next->target);
    mem_free(next->positive);
    next->target = mem_strdup(target);
    next->positive = mem_strdup(positive);
    next->target_type = TARGET_AUTO;
    return next;
}

static Value *text_or_null(const char *text)
{
    return text ? value_text(text) : value_null();
}

Value *pipeline_to_value(const Pipeline *p)
{
    Value *v = value_map();
    char hash[HASH_ROOM] = "";
    if (p->source)
        table_hash(p->source, hash);
    value_set(v, "data", value_text(hash));
    value_set(v, "target", text_or_null(p->target));
    value_set(v, "positive", text_or_null(p->positive));
    value_set(v, "key", text_or_null(p->key));
    if (p->target_type != TARGET_AUTO)
        value_set(v, "target_type", value_text(target_type_choices[p->target_type]));
    value_set(v, "seed", value_int((int64_t)p->seed));
    value_set(v, "split_at", value_int(p->split_at == SIZE_MAX ? -1 : (int64_t)p->split_at));
    value_set(v, "split", fields_to_value(split_spec.params, &p->split, true));
    value_set(v, "recipe", recipe_to_value(p->recipe, false));
    Value *sides = side_digests(p->recipe);
    if (sides)
        value_set(v, "sides", sides);
    return v;
}

const char *pipeline_target_column(const Pipeline *p)
{
    bool is_input = p->target && text_equal(p->target, "input") && p->source && table_find(p->source, p->target) == TABLE_NONE;
    return is_input ? NULL : p->target;
}

Unit pipeline_unit(const Pipeline *p)
{
    const char *column = p->split.column && *p->split.column ? p->split.column : NULL;
    if (p->split.by == SPLIT_GROUP && column)
        return (Unit){.kind = UNIT_GROUP, .column = column, .key = p->key};
    return (Unit){
        .kind = p->key ? UNIT_KEY : UNIT_ROW, .column = p->key, .order = p->split.by == SPLIT_TIME ? column : NULL, .gap = p->split.gap};
}

Roles pipeline_roles(const Pipeline *p)
{
    Unit unit = pipeline_unit(p);
    return (Roles){.target = p->target,
                   .positive = p->positive,
                   .key = p->key,
                   .group = unit.kind == UNIT_GROUP ? unit.column : NULL,
                   .time = unit.order,
                   .target_type = p->target_type,
                   .source = p->source};
}
