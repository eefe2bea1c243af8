/* Labels of a run: one file, read and replaced as a whole. */
#include "run/labels.h"

#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "run/run_private.h"

const char labels_file[] = "labels.json";
enum { LABELS_BYTES = 1 << 20 };

static bool is_tags(const Value *v)
{
    if (v->type != VALUE_LIST)
        return false;
    for (size_t i = 0; i < v->size; i++)
        if (v->items[i]->type != VALUE_TEXT)
            return false;
    return true;
}

static bool check_label(const char *name, const Value *v, Error *e)
{
    static const struct {
        const char *name;
        ValueType type;
    } known[] = {{"name", VALUE_TEXT}, {"tags", VALUE_LIST}, {"notes", VALUE_TEXT}, {"archived", VALUE_FLAG}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal(known[i].name, name))
            return (v->type == known[i].type && (v->type != VALUE_LIST || is_tags(v))) ||
                   error_set(e, ERROR_FAILED, "the label %s of a run is a %s, not what was given", name, value_type_name(known[i].type));
    return error_set(e, ERROR_FAILED, "\"%s\" is no label of a run; name, tags, notes and archived are", name);
}

static bool check_labels(const Value *v, Error *e)
{
    if (v->type != VALUE_MAP)
        return error_set(e, ERROR_FAILED, "labels of a run are a map");
    for (size_t i = 0; i < v->size; i++)
        if (!check_label(v->keys[i], v->items[i], e))
            return false;
    return true;
}

Value *labels_read(const char *path, Error *e)
{
    char *file = io_join(path, labels_file), *bytes = NULL;
    size_t size = 0;
    IoInfo info;
    bool there = io_stat(file, &info);
    Value *v = !there ? value_map() : io_read_file(file, LABELS_BYTES, &bytes, &size, e) ? json_parse(bytes, size, e) : NULL;
    if (v && !check_labels(v, e)) {
        value_free(v);
        v = NULL;
    }
    if (!v)
        error_prefix(e, "%s: ", file);
    mem_free(bytes);
    mem_free(file);
    return v;
}

static bool is_nothing(const Value *v)
{
    return (v->type == VALUE_TEXT && !v->size) || (v->type == VALUE_LIST && !v->size) || (v->type == VALUE_FLAG && !v->flag);
}

bool labels_change(const char *path, const Value *changes, Error *e)
{
    Value *card = run_check_owner(path, e) ? run_read_card(path, e) : NULL, *labels = card ? labels_read(path, e) : NULL;
    bool ok = labels && check_labels(changes, e);
    for (size_t i = 0; ok && i < changes->size; i++)
        if (is_nothing(changes->items[i]))
            value_remove(labels, changes->keys[i]);
        else
            value_set(labels, changes->keys[i], value_copy(changes->items[i]));
    char *file = io_join(path, labels_file), *text = ok ? json_format(labels, JSON_PRETTY) : NULL;
    ok = ok && (labels->size ? io_replace(file, text, strlen(text), e) : io_remove(file, e));
    mem_free(text);
    mem_free(file);
    value_free(labels);
    value_free(card);
    return ok;
}

static bool has_tag(const Value *list, const char *tag)
{
    for (size_t i = 0; i < list->size; i++)
        if (text_equal(list->items[i]->text, tag))
            return true;
    return false;
}

Value *labels_split_tags(const char *text)
{
    static const char between[] = ", \t\r\n";
    Value *list = value_list();
    for (const char *at = text + strspn(text, between); *at; at += strspn(at, between)) {
        size_t size = strcspn(at, between);
        char *tag = mem_strndup(at, size);
        if (!has_tag(list, tag))
            value_add(list, value_text(tag));
        mem_free(tag);
        at += size;
    }
    return list;
}
