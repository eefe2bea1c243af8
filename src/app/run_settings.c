/* Settings of runs, and where they differ. */
#include "app/run_settings.h"

#include <string.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "learn/call.h"

enum { LINES_MOST = 2000 };

static char *value_short(const Value *v)
{
    char number[NUMBER_ROOM];
    if (v->type == VALUE_TEXT)
        return mem_strdup(v->text);
    if (value_is_number(v))
        return mem_strdup(number_format_real(value_number(v), number));
    if (v->type == VALUE_NULL)
        return mem_strdup("none");
    return json_format(v, JSON_COMPACT);
}

static void set_setting(Value *out, const char *name, const Value *v)
{
    char *text = value_short(v);
    value_set(out, name, value_text(text));
    mem_free(text);
}

/* {"optimizer": {"optimizer": "adam", "beta1": 0.9}} is optimizer adam and optimizer.beta1 0.9. Lists are one text. */
static void add_flat(Value *out, const char *prefix, const Value *map, int levels)
{
    for (size_t i = 0; i < value_entries(map); i++) {
        const Value *v = map->items[i];
        bool is_own = *prefix && text_equal(map->keys[i], prefix);
        char *name = is_own ? mem_strdup(prefix) : text_format("%s%s%s", prefix, *prefix ? "." : "", map->keys[i]);
        if (v->type == VALUE_MAP && levels > 0)
            add_flat(out, name, v, levels - 1);
        else
            set_setting(out, name, v);
        mem_free(name);
    }
}

/* The arguments of a step beside its name; a step that is there twice is counted. */
static void add_step(Value *out, const Value *step)
{
    const char *name = value_get_text(step, "step", "?");
    Value *rest = value_copy(step);
    value_remove(rest, "step");
    char *key = text_format("step %s", name), *text = rest->size ? json_format(rest, JSON_CANONICAL) : mem_strdup("as usual");
    for (int i = 2; value_get(out, key); i++) {
        mem_free(key);
        key = text_format("step %s %d", name, i);
    }
    value_set(out, key, value_text(text));
    mem_free(text);
    mem_free(key);
    value_free(rest);
}

static void add_pipeline(Value *out, const Value *pipeline)
{
    static const char *const names[] = {"data", "target", "positive", "key", "seed"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const Value *v = value_get(pipeline, names[i]);
        if (v && v->type == VALUE_TEXT && text_equal(names[i], "data"))
            value_set(out, "data", value_bytes(v->text, v->size < 8 ? v->size : 8));
        else if (v && v->type != VALUE_NULL)
            set_setting(out, names[i], v);
    }
    const Value *split = value_get(pipeline, "split"), *steps = value_get(pipeline, "recipe");
    if (split)
        add_flat(out, "split", split, 1);
    for (size_t i = 0; i < value_items(steps); i++)
        add_step(out, steps->items[i]);
}

static void add_card(Value *out, const Value *card)
{
    static const char *const names[] = {"net",   "params", "optimizer", "learning_rate", "schedule", "loss",
                                        "batch", "epochs", "patience",  "rows",          "features", "target"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const Value *v = value_get(card, names[i]);
        if (v && v->type != VALUE_NULL)
            set_setting(out, names[i], v);
    }
}

/* plan.json of the training that the card is of, else of what is above it. */
static Value *read_plan(const char *path, const char *model)
{
    char *file = io_join(path, model), *directory = io_directory(file), *found = run_file_above(directory, "plan.json");
    mem_free(directory);
    directory = found ? io_directory(found) : NULL;
    Value *plan = directory ? call_read_json(directory, "plan.json") : NULL;
    mem_free(directory);
    mem_free(found);
    mem_free(file);
    return plan;
}

/* A run that is a call, a trial or a seed has no script of its own: it is that of the run above. */
static void add_script(Value *out, const char *path)
{
    char hex[HASH_ROOM], *script = io_join(path, "script.lua");
    uint64_t size;
    IoInfo info;
    Error ignored = {0};
    if (io_stat(script, &info) && io_hash_file(script, hex, &size, &ignored))
        value_set(out, "script", value_bytes(hex, 8));
    mem_free(script);
}

Value *run_settings(const Value *card)
{
    const char *path = value_get_text(card, "path", "");
    Value *out = value_map(), *plan = read_plan(path, value_get_text(card, "model", "none"));
    add_card(out, card);
    add_pipeline(out, value_get(plan, "pipeline"));
    const Value *own = value_get(plan, "plan");
    for (size_t i = 0; i < value_entries(own); i++)
        if (!value_get(out, own->keys[i]) && !text_equal(own->keys[i], "name")) {
            Value *one = value_map();
            value_set(one, own->keys[i], value_copy(own->items[i]));
            add_flat(out, "", one, 2);
            value_free(one);
        }
    add_script(out, path);
    value_free(plan);
    return out;
}

static bool is_same(const Value *const *settings, size_t count, const char *name)
{
    const char *first = value_get_text(settings[0], name, NULL);
    for (size_t i = 1; i < count; i++)
        if (!text_equal(value_get_text(settings[i], name, NULL), first))
            return false;
    return true;
}

Value *run_differences(const Value *const *settings, size_t count)
{
    Value *names = value_list(), *seen = value_map();
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < value_entries(settings[i]); k++) {
            const char *name = settings[i]->keys[k];
            if (value_get(seen, name))
                continue;
            value_set(seen, name, value_flag(true));
            if (!is_same(settings, count, name))
                value_add(names, value_text(name));
        }
    value_free(seen);
    return names;
}

static TextList split_lines(const char *text)
{
    TextList lines = {0};
    while (*text && lines.count < LINES_MOST) {
        size_t size = strcspn(text, "\n");
        char *line = mem_strndup(text, size);
        text_list_add(&lines, line);
        mem_free(line);
        text += size + (text[size] == '\n');
    }
    return lines;
}

/* Length of the longest common subsequence of what follows i and j: (a + 1) * (b + 1). */
static uint32_t *common_lengths(const TextList *a, const TextList *b)
{
    size_t width = b->count + 1;
    uint32_t *common = mem_alloc((a->count + 1) * width * sizeof *common);
    for (size_t i = a->count + 1; i-- > 0;)
        for (size_t j = b->count + 1; j-- > 0;) {
            uint32_t *here = &common[i * width + j];
            if (i == a->count || j == b->count)
                *here = 0;
            else if (text_equal(a->items[i], b->items[j]))
                *here = common[(i + 1) * width + j + 1] + 1;
            else
                *here = common[(i + 1) * width + j] > common[i * width + j + 1] ? common[(i + 1) * width + j] : common[i * width + j + 1];
        }
    return common;
}

char *run_script_changes(const char *before, const char *after, size_t most)
{
    TextList a = split_lines(before), b = split_lines(after);
    uint32_t *common = common_lengths(&a, &b);
    Text out = {0};
    size_t i = 0, j = 0, width = b.count + 1, changes = 0;
    while (i < a.count || j < b.count) {
        if (i < a.count && j < b.count && text_equal(a.items[i], b.items[j])) {
            i++;
            j++;
            continue;
        }
        bool is_gone = j == b.count || (i < a.count && common[(i + 1) * width + j] >= common[i * width + j + 1]);
        if (changes++ < most)
            text_addf(&out, "%s%c %zu  %s", out.size ? "\n" : "", is_gone ? '-' : '+', (is_gone ? i : j) + 1,
                      is_gone ? a.items[i] : b.items[j]);
        i += is_gone;
        j += !is_gone;
    }
    if (changes > most)
        text_addf(&out, "\n%zu more lines differ", changes - most);
    mem_free(common);
    text_list_done(&a);
    text_list_done(&b);
    return text_take(&out);
}
