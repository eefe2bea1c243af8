/* From data to model and back. */
#include "app/run_lineage.h"

#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "learn/call.h"
#include "table/reader.h"

typedef struct Asked { /* about one file */
    Job *job;
    const char *file, *real;
    char model[HASH_ROOM], script[HASH_ROOM]; /* "": it is none */
    Value *tables;                            /* hash of the table by read options; "": it cannot be read so */
} Asked;

/* The hash of the table that a reader makes of the file with these options. */
static const char *table_hash_with(Asked *a, const char *options)
{
    const char *known = value_get_text(a->tables, options, NULL);
    if (known)
        return known;
    Error ignored = {0};
    char hex[HASH_ROOM] = "";
    Value *map = *options ? json_parse(options, strlen(options), &ignored) : NULL;
    Table *t = table_read(a->job, a->file, map, &ignored);
    if (t)
        table_hash(t, hex);
    table_unref(t);
    value_free(map);
    value_set(a->tables, options, value_text(hex));
    return value_get_text(a->tables, options, "");
}

static bool has_script(const Asked *a, const Value *card)
{
    char hex[HASH_ROOM], *script = io_join(value_get_text(card, "path", ""), "script.lua");
    uint64_t size;
    Error ignored = {0};
    IoInfo info;
    bool same = *a->script && io_stat(script, &info) && io_hash_file(script, hex, &size, &ignored) && text_equal(hex, a->script);
    mem_free(script);
    return same;
}

static bool is_from_path(const Asked *a, const Value *card)
{
    const char *path = value_get_text(card, "source_path", NULL);
    char *real = path ? io_real_path(path) : NULL;
    bool same = real && text_equal(real, a->real);
    mem_free(real);
    return same;
}

/* The place of the model below the run, in words: the highest one. NULL: it made none of that content. */
static char *use_as_model(const Asked *a, const Value *card)
{
    const Value *models = value_get(card, "models");
    const char *place = NULL;
    for (size_t i = 0; i < value_entries(models); i++)
        if (models->items[i]->type == VALUE_TEXT && text_equal(models->items[i]->text, a->model) &&
            (!place || strlen(models->keys[i]) < strlen(place)))
            place = models->keys[i];
    return place ? text_format("made this model: %s", place) : NULL;
}

/* NULL: it has nothing to do with the file. */
static char *use_of(Asked *a, const Value *card)
{
    const char *data = value_get_text(card, "data", NULL);
    if (*a->model)
        return use_as_model(a, card);
    if (*a->script)
        return has_script(a, card) ? mem_strdup("ran this script") : NULL;
    if (data && text_equal(table_hash_with(a, value_get_text(card, "read_options", "")), data))
        return mem_strdup("learned from this data");
    return is_from_path(a, card) ? mem_strdup("read this path; its content was another") : NULL;
}

static bool ask(Asked *a, Error *e)
{
    uint64_t size;
    if (text_ends(a->file, ".lua"))
        return io_hash_file(a->file, a->script, &size, e);
    if (!text_ends(a->file, ".safetensors"))
        return true;
    Bundle *b = bundle_load(a->file, e);
    if (b)
        bundle_hash(b, a->model);
    bundle_unref(b);
    return b != NULL;
}

Value *run_cards_uses(Job *job, const Value *cards, const char *named, Error *e)
{
    IoInfo info;
    char *file = io_find_data(named);
    if (!io_stat(file, &info) || !info.is_regular) {
        error_set(e, ERROR_IO, "%s is not a file that can be read", file);
        mem_free(file);
        return NULL;
    }
    char *real = io_real_path(file);
    Asked a = {.job = job, .file = file, .real = real, .tables = value_map()};
    Value *kept = ask(&a, e) ? value_list() : NULL;
    for (size_t i = 0; kept && i < cards->size; i++) {
        char *use = use_of(&a, cards->items[i]);
        if (!use)
            continue;
        Value *card = value_copy(cards->items[i]);
        value_set(card, "uses", value_text(use));
        value_add(kept, card);
        mem_free(use);
    }
    value_free(a.tables);
    mem_free(real);
    mem_free(file);
    return kept;
}

static void add_line(Value *list, const char *name, char *text)
{
    Value *line = value_map();
    value_set(line, "name", value_text(name));
    value_set(line, "text", value_text(text));
    value_add(list, line);
    mem_free(text);
}

static void add_steps(Value *lines, const Value *pipeline)
{
    const Value *steps = value_get(pipeline, "recipe"), *split = value_get(pipeline, "split");
    Text text = {0};
    size_t at = (size_t)value_get_int(pipeline, "split_at", -1);
    for (size_t i = 0; i < value_items(steps); i++) {
        const char *name = value_get_text(steps->items[i], "step", "?");
        text_addf(&text, "%s%s%s", i == at ? "split | " : "", name, i + 1 < steps->size ? " > " : "");
    }
    if (text.size)
        add_line(lines, "steps", text_take(&text));
    if (split)
        add_line(lines, "split",
                 text_format("%s, %.0f / %.0f / %.0f %%", value_get_text(split, "by", "?"), 100 * value_get_real(split, "train", 0),
                             100 * value_get_real(split, "valid", 0), 100 * value_get_real(split, "test", 0)));
    text_done(&text);
}

Value *run_lineage(const Value *card)
{
    Value *lines = value_list();
    const char *path = value_get_text(card, "path", ""), *model = value_get_text(card, "model", NULL);
    const char *data = value_get_text(card, "data", NULL), *source = value_get_text(card, "source", NULL);
    char *place = io_join(path, model ? model : "");
    char *directory = model ? io_directory(place) : mem_strdup(path);
    Value *plan = call_read_json(directory, "plan.json");
    if (data)
        add_line(lines, "data", text_format("%s %.8s", source ? source : "a table made by the script", data));
    if (value_get_text(card, "script", NULL))
        add_line(lines, "script", mem_strdup(value_get_text(card, "script", "")));
    add_steps(lines, value_get(plan, "pipeline"));
    add_line(lines, "run", text_format("%s, %s", value_get_text(card, "run", ""), value_get_text(card, "state", "")));
    if (model)
        add_line(lines, "model", text_format("%s %.8s", place, value_get_text(card, "model_hash", "")));
    value_free(plan);
    mem_free(directory);
    mem_free(place);
    return lines;
}
