/* What every declared thing promises: names, docs, ranges, round trips. Steps also keep their inputs, their state survives saving,
 * and every example gives what it says. */
#include "spec/registry.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/number.h"
#include "cli/cli.h"
#include "steps/recipe.h"
#include "table/sound.h"
#include "tests/unit/csv_help.h"

static bool is_snake(const char *name)
{
    if (!(name[0] >= 'a' && name[0] <= 'z'))
        return false;
    for (; *name; name++)
        if (!((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9') || *name == '_'))
            return false;
    return true;
}

static void check_doc(const Spec *s, const char *what, const char *doc)
{
    test_check(doc && *doc && strlen(doc) <= 72 && !strchr(doc, '\n'), __FILE__, __LINE__,
               "%s: the doc of %s is not one line of 1 to 72: %s", s->name, what, doc ? doc : "NULL");
}

static void check_number(const Spec *s, const Field *f)
{
    double def = 0;
    bool hard = f->min != 0 || f->max != 0, soft = f->soft_min != 0 || f->soft_max != 0;
    bool known = f->def && number_parse_real(f->def, strlen(f->def), &def);
    if (f->def)
        test_check(known, __FILE__, __LINE__, "%s.%s: default %s is no number", s->name, f->name, f->def);
    if (hard && known)
        test_check(def >= f->min && def <= f->max, __FILE__, __LINE__, "%s.%s: default %g outside %g to %g", s->name, f->name, def, f->min,
                   f->max);
    if (hard && soft)
        test_check(f->soft_min >= f->min && f->soft_max <= f->max && f->soft_min <= f->soft_max, __FILE__, __LINE__,
                   "%s.%s: sensible range leaves the hard range", s->name, f->name);
    if (f->scale == SCALE_LOG && soft)
        test_check(f->soft_min > 0, __FILE__, __LINE__, "%s.%s: a log scale from %g", s->name, f->name, f->soft_min);
}

/* What a study searches by default is written in the row: each value is one that the row takes. */
static void check_search(const Spec *s, const Field *f)
{
    Error e = {0};
    if (text_equal(f->search, "range")) {
        test_check(f->soft_max > f->soft_min, __FILE__, __LINE__, "%s.%s: searched, and no sensible range", s->name, f->name);
        return;
    }
    Value *list = json_parse(f->search, strlen(f->search), &e);
    test_check(list && list->type == VALUE_LIST && list->size > 1, __FILE__, __LINE__, "%s.%s: search is no list", s->name, f->name);
    void *params = params_new(s);
    for (size_t i = 0; list && i < list->size; i++)
        test_check(field_set(f, params, list->items[i], s->name, &e), __FILE__, __LINE__, "%s.%s: search: %s", s->name, f->name, e.message);
    params_free(s, params);
    value_free(list);
}

static void check_fields(const Spec *s, const Field *fields)
{
    for (const Field *f = fields; f && f->name; f++) {
        test_check(is_snake(f->name), __FILE__, __LINE__, "%s.%s is not snake_case", s->name, f->name);
        test_check(fields_find(fields, f->name) == f, __FILE__, __LINE__, "%s.%s is there twice", s->name, f->name);
        check_doc(s, f->name, f->doc);
        if (f->type == FIELD_INT || f->type == FIELD_REAL)
            check_number(s, f);
        if (f->search)
            check_search(s, f);
        if (f->type == FIELD_CHOICE)
            test_check(f->choices && f->choices[0], __FILE__, __LINE__, "%s.%s has no choices", s->name, f->name);
        if (f->when) {
            char *other = mem_strndup(f->when, strcspn(f->when, "="));
            test_check(fields_find(fields, other) != NULL, __FILE__, __LINE__, "%s.%s: when names no field: %s", s->name, f->name, f->when);
            mem_free(other);
        }
    }
}

static Value *through_json(const Value *v)
{
    Error e = {0};
    char *text = json_format(v, JSON_CANONICAL);
    Value *back = json_parse(text, strlen(text), &e);
    test_check(back != NULL, __FILE__, __LINE__, "%s: %s", text, e.message);
    mem_free(text);
    return back;
}

static char *canonical(const Field *fields, const void *data)
{
    Value *v = fields_to_value(fields, data, true);
    char *text = json_format(v, JSON_CANONICAL);
    value_free(v);
    return text;
}

static bool needs_something(const Spec *s)
{
    for (const Field *f = s->params; f && f->name; f++)
        if (!f->def)
            return true;
    return false;
}

static void check_round_trip(const Spec *s, const Value *args)
{
    Error e = {0};
    void *params = params_from_value(s, args, &e);
    test_check(params != NULL, __FILE__, __LINE__, "%s: its own arguments are refused: %s", s->name, e.message);
    if (!params)
        return;
    Value *saved = fields_to_value(s->params, params, false), *read = through_json(saved);
    void *again = params_from_value(s, read, &e);
    test_check(again && params_equal(s, params, again), __FILE__, __LINE__, "%s: parameters change on their way through JSON: %s", s->name,
               e.message);
    params_free(s, params);
    params_free(s, again);
    value_free(saved);
    value_free(read);
}

static void check_spec(const Family *family, const Spec *s)
{
    /* Verbs are words of the command line and may hold a hyphen. */
    bool verb = text_equal(family->name, "verb");
    test_check(verb || is_snake(s->name), __FILE__, __LINE__, "%s is not snake_case", s->name);
    test_check(registry_find(family->name, s->name) == s, __FILE__, __LINE__, "%s %s is there twice", family->name, s->name);
    check_doc(s, "itself", s->doc);
    check_fields(s, s->params);
    if (!needs_something(s))
        check_round_trip(s, NULL);
}

/* Steps by their examples. */

/* No text holds a sound or an array: a column "sound" of cells like 8000: 1 -2 3 becomes sounds, and one "frames" of lists arrays. */
static Column *example_sounds(const Column *text)
{
    Error e = {0};
    Column *c = sound_column_new(text->rows, &e);
    for (size_t i = 0; i < text->rows; i++) {
        int16_t samples[100];
        size_t count = 0;
        char *at = NULL;
        uint32_t rate = (uint32_t)strtol(column_text(text, i, NULL), &at, 10);
        for (char *next = at + 1; count < 100; count++) {
            samples[count] = (int16_t)strtol(next, &at, 10);
            if (at == next)
                break;
            next = at;
        }
        CHECK_OK(sound_put(c, i, &(Sound){rate, 1, count, (const char *)samples}, &e), e);
    }
    return c;
}

static Column *example_frames(const Column *text)
{
    Error e = {0};
    Column *c = NULL;
    for (size_t i = 0; i < text->rows; i++) {
        Value *v = json_parse(column_text(text, i, NULL), strlen(column_text(text, i, NULL)), &e);
        size_t width = v->items[0]->size;
        c = c ? c : column_new_array(text->rows, &(CellShape){2, {v->size, width}}, &e);
        for (size_t k = 0; k < c->width; k++)
            c->data.array[i * c->width + k] = (float)value_number(v->items[k / width]->items[k % width]);
        value_free(v);
    }
    return c;
}

static Table *example_table(const char *csv)
{
    Error e = {0};
    Table *t = csv_table(csv), *wide = NULL;
    const Column *sounds = t ? table_column(t, "sound") : NULL, *frames = t ? table_column(t, "frames") : NULL;
    if (sounds)
        wide = table_with(t, "sound", example_sounds(sounds), &e);
    else if (frames)
        wide = table_with(t, "frames", example_frames(frames), &e);
    if (!wide)
        return t;
    table_unref(t);
    return wide;
}

static void check_state(const Recipe *fitted, const Table *input, const Roles *roles)
{
    Error e = {0};
    char is[HASH_ROOM], was[HASH_ROOM];
    const char *name = fitted->uses[0].step->spec.name;
    Value *saved = recipe_to_value(fitted, true), *read = through_json(saved);
    Recipe *again = recipe_from_value(read, &e);
    Table *t = again ? recipe_apply(NULL, again, input, roles, &e) : NULL, *direct = recipe_apply(NULL, fitted, input, roles, &e);
    test_check(t && direct, __FILE__, __LINE__, "%s: a saved recipe fails: %s", name, e.message);
    if (t && direct) {
        table_hash(direct, was);
        table_hash(t, is);
        test_check(text_equal(is, was), __FILE__, __LINE__, "%s: a saved recipe gives another table", name);
    }
    if (again && fitted->uses[0].state && again->uses[0].state) {
        char *a = canonical(fitted->uses[0].step->learns, fitted->uses[0].state);
        char *b = canonical(again->uses[0].step->learns, again->uses[0].state);
        CHECK_TEXT(b, a);
        mem_free(a);
        mem_free(b);
    }
    table_unref(t);
    table_unref(direct);
    recipe_unref(again);
    value_free(saved);
    value_free(read);
}

/* What is learned serves other rows as it served these; only a step that says so treats training rows otherwise. */
static void check_training_rows(const Recipe *fitted, const Table *input, const Roles *roles, const Table *output)
{
    Error e = {0};
    const Step *step = fitted->uses[0].step;
    Table *applied = step->apply_train ? NULL : recipe_apply(NULL, fitted, input, roles, &e);
    test_check(step->apply_train || (applied && table_equal(applied, output)), __FILE__, __LINE__,
               "%s: training rows become something else when the recipe is applied to them again", step->spec.name);
    table_unref(applied);
}

/* apply cannot read the target: rows without one become the same. */
static void check_blind(const Recipe *fitted, const Table *input, const Roles *roles)
{
    Error e = {0};
    int at = roles->target ? table_find(input, roles->target) : TABLE_NONE;
    if (at == TABLE_NONE)
        return;
    Table *bare = table_without(input, &at, 1, &e), *blind = recipe_apply(NULL, fitted, bare, roles, &e);
    Table *seeing = recipe_apply(NULL, fitted, input, roles, &e);
    int there = seeing ? table_find(seeing, roles->target) : TABLE_NONE;
    Table *same = there == TABLE_NONE ? NULL : table_without(seeing, &there, 1, &e);
    test_check(blind && same && table_equal(blind, same), __FILE__, __LINE__, "%s: rows without the target become others: %s",
               fitted->uses[0].step->spec.name, e.message);
    table_unref(bare);
    table_unref(blind);
    table_unref(seeing);
    table_unref(same);
}

/* A recipe from elsewhere whose learned state was tampered with: refused where it is read, and the list is named. */
static void check_refused(const Step *step, const Field *f, const Value *recipe, const char *how)
{
    Error e = {0};
    Recipe *r = recipe_from_value(recipe, &e);
    test_check(!r, __FILE__, __LINE__, "%s: a state whose \"%s\" %s is read", step->spec.name, f->name, how);
    test_check(r || (strstr(e.message, step->spec.name) && strstr(e.message, f->name)), __FILE__, __LINE__,
               "%s: \"%s\" %s: the message names neither: %s", step->spec.name, f->name, how, e.message);
    recipe_unref(r);
}

static Value *state_of(Value *recipe)
{
    return value_edit(recipe->items[0], "state");
}

static void check_with(const Step *step, const Field *f, const Value *recipe, Value *forged, const char *how)
{
    Value *copy = value_copy(recipe);
    value_set(state_of(copy), f->name, forged);
    check_refused(step, f, copy, how);
    value_free(copy);
}

static bool is_related(const Step *step, const Field *f)
{
    bool related = f->length_of != NULL;
    for (const Field *other = step->learns; other->name; other++)
        related = related || text_equal(other->length_of, f->name) || (other->element && text_equal(other->element->length_of, f->name));
    return related;
}

/* A copy of the list, one item shorter, one longer, or with its last item replaced. */
static Value *forged_list(const Value *list, int longer, Value *last)
{
    Value *v = value_list();
    size_t kept = list->size - (longer < 0 || last ? 1 : 0);
    for (size_t i = 0; i < kept; i++)
        value_add(v, value_copy(list->items[i]));
    if (longer > 0)
        value_add(v, value_copy(list->items[list->size - 1]));
    if (last)
        value_add(v, last);
    return v;
}

static void check_forged_numbers(const Step *step, const Field *f, const Value *recipe, const Value *list)
{
    test_check(f->min != 0 || f->max != 0, __FILE__, __LINE__, "%s: learned \"%s\" has no range", step->spec.name, f->name);
    check_with(step, f, recipe, forged_list(list, 0, value_text("nan")), "holds NaN");
    check_with(step, f, recipe, forged_list(list, 0, value_text("many")), "holds a word");
    if (isfinite(f->max))
        check_with(step, f, recipe, forged_list(list, 0, value_text("inf")), "is endless");
    if (f->min >= 0)
        check_with(step, f, recipe, forged_list(list, 0, value_real(-1)), "is negative");
}

static void check_forged_inner_numbers(const Step *step, const Field *f, const Value *recipe, const Value *list)
{
    const Field *element = f->element;
    const Value *inner = list->items[list->size - 1];
    test_check(element->min != 0 || element->max != 0, __FILE__, __LINE__, "%s: the numbers of learned \"%s\" have no range",
               step->spec.name, f->name);
    check_with(step, f, recipe, forged_list(list, 0, forged_list(inner, 0, value_text("nan"))), "holds a list with NaN");
    check_with(step, f, recipe, forged_list(list, 0, forged_list(inner, 0, value_text("many"))), "holds a list with a word");
    if (element->min >= 0)
        check_with(step, f, recipe, forged_list(list, 0, forged_list(inner, 0, value_real(-1))), "holds a list with a negative number");
}

static void check_forged_list(const Step *step, const Field *f, const Value *recipe, const Value *list)
{
    test_check(is_related(step, f), __FILE__, __LINE__, "%s: learned list \"%s\" says no length_of", step->spec.name, f->name);
    test_check(f->type != FIELD_VALUE || f->element, __FILE__, __LINE__, "%s: learned \"%s\" says nothing of its items", step->spec.name,
               f->name);
    check_with(step, f, recipe, value_map(), "is no list");
    check_with(step, f, recipe, forged_list(list, 0, value_map()), "holds a map");
    Value *again = forged_list(list, 1, NULL);
    check_with(step, f, recipe, again, "is longer");
    check_with(step, f, recipe, forged_list(list, -1, NULL), "is shorter");
    if (f->type == FIELD_NUMBERS)
        check_forged_numbers(step, f, recipe, list);
    else
        check_with(step, f, recipe, forged_list(list, 0, value_int(5)), "holds a number");
    const Value *inner = list->items[list->size - 1];
    if (f->type != FIELD_VALUE || !inner->size)
        return;
    if (f->element && f->element->type == FIELD_NUMBERS)
        check_forged_inner_numbers(step, f, recipe, list);
    else
        check_with(step, f, recipe, forged_list(list, 0, forged_list(inner, 0, value_int(7))), "holds a list with a number");
    if (f->element && f->element->length_of)
        check_with(step, f, recipe, forged_list(list, 0, forged_list(inner, -1, NULL)), "holds a shorter list");
}

static void check_forged(const Recipe *fitted)
{
    const Step *step = fitted->uses[0].step;
    Value *recipe = recipe_to_value(fitted, true);
    for (const Field *f = fitted->uses[0].state ? step->learns : NULL; f && f->name; f++) {
        const Value *learned = value_get(value_get(recipe->items[0], "state"), f->name);
        if (learned->type == VALUE_LIST && learned->size > 0)
            check_forged_list(step, f, recipe, learned);
        Value *without = value_copy(recipe);
        value_remove(state_of(without), f->name);
        check_refused(step, f, without, "is gone");
        value_free(without);
    }
    value_free(recipe);
}

static void check_output(const Step *step, const Example *x, const Table *output, const Error *e)
{
    if (text_starts(x->output, "error: ")) {
        test_check(!output && strstr(e->message, x->output + 7), __FILE__, __LINE__, "%s %s should fail with %s, says: %s", step->spec.name,
                   x->args, x->output + 7, output ? "nothing" : e->message);
        return;
    }
    test_check(output != NULL, __FILE__, __LINE__, "%s %s: %s", step->spec.name, x->args, e->message);
    if (!output)
        return;
    char *text = csv_text(output);
    test_check(text_equal(text, x->output), __FILE__, __LINE__, "%s %s\n  gives    %s\n  expected %s", step->spec.name, x->args, text,
               x->output);
    mem_free(text);
}

static void check_example(const Step *step, const Example *x)
{
    Error e = {0};
    char before[HASH_ROOM], after[HASH_ROOM];
    Value *args = json_parse(x->args, strlen(x->args), &e);
    test_check(args != NULL, __FILE__, __LINE__, "%s: %s: %s", step->spec.name, x->args, e.message);
    void *params = params_from_value(&step->spec, args, &e);
    Table *input = example_table(x->input), *output = NULL;
    Roles roles = {.target = step->spec.examples_target};
    Recipe *empty = recipe_new(), *recipe = params ? recipe_insert(empty, 0, step, params) : NULL, *fitted = NULL;
    if (recipe && input) {
        table_hash(input, before);
        fitted = recipe_fit(NULL, recipe, input, &roles, 7, &output, &e);
        table_hash(input, after);
        test_check(text_equal(before, after), __FILE__, __LINE__, "%s changes its input", step->spec.name);
    }
    if (params && args)
        check_round_trip(&step->spec, args);
    check_output(step, x, output, &e);
    if (fitted) {
        check_state(fitted, input, &roles);
        check_training_rows(fitted, input, &roles, output);
        check_blind(fitted, input, &roles);
        check_forged(fitted);
    }
    table_unref(input);
    table_unref(output);
    recipe_unref(empty);
    recipe_unref(recipe);
    recipe_unref(fitted);
    params_free(&step->spec, params);
    value_free(args);
}

static void check_step(const Step *step)
{
    size_t good = 0;
    check_fields(&step->spec, step->learns);
    test_check(step->apply && (!step->fit || (step->learns && step->state_size)), __FILE__, __LINE__, "%s: functions are missing",
               step->spec.name);
    for (size_t i = 0; i < step->spec.examples_count; i++) {
        check_example(step, &step->spec.examples[i]);
        good += !text_starts(step->spec.examples[i].output, "error: ");
    }
    test_check(good >= 2, __FILE__, __LINE__, "%s has %zu examples that work, at least 2 are due", step->spec.name, good);
    test_check(step->uses_target == (step->spec.examples_target != NULL), __FILE__, __LINE__,
               "%s: examples of a step that uses the target name it, those of others do not", step->spec.name);
}

extern const Step step_skeleton;

/* The skeleton is listed nowhere; here it joins the family, so that it cannot rot. */
static void check_steps(void)
{
    enum { ROOM = 200 };
    static const Spec *members[ROOM];
    static Family family;
    family = *step_family();
    CHECK(family.count < ROOM);
    memcpy(members, family.members, family.count * sizeof *members);
    members[family.count++] = &step_skeleton.spec;
    family.members = members;
    registry_add(&family);
    for (size_t i = 0; i < family.count; i++)
        check_step((const Step *)members[i]);
    registry_add(step_family());
}

void unit_registry(void)
{
    families_register();
    for (size_t i = 0; i < registry_families(); i++) {
        const Family *family = registry_family(i);
        TEST(family->name);
        test_check(family->doc && family->title && family->count > 0, __FILE__, __LINE__, "family %s is empty", family->name);
        for (size_t k = 0; k < family->count; k++)
            check_spec(family, family->members[k]);
    }
    TEST("steps keep their inputs, their state survives saving, examples hold");
    check_steps();
}
