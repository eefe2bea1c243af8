/* Value <-> JSON through cJSON, which this file alone knows. cJSON accepts what JSON forbids and keeps numbers as doubles, so a strict
 * scan goes first and hands on each number as it stands; and what cJSON prints is hardened and laid out by json_layout. */
#include "base/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_layout.h"
#include "base/json_scan.h"
#include "base/number.h"

static void *json_alloc(size_t size)
{
    return mem_alloc(size);
}

static void json_set_hooks(void)
{
    cJSON_Hooks hooks = {.malloc_fn = json_alloc, .free_fn = mem_free};
    cJSON_InitHooks(&hooks);
}

static void json_begin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, json_set_hooks);
}

/* The numbers of the text come in the order in which the tree is walked. */
typedef struct Numbers {
    const JsonScan *scan;
    size_t next;
} Numbers;

static Value *json_take_number(Numbers *numbers)
{
    const JsonNumber *n = &numbers->scan->numbers[numbers->next++];
    const char *text = numbers->scan->bytes + n->at;
    int64_t integer;
    double real = 0;
    if (!n->is_real && number_parse_int(text, n->size, &integer))
        return value_int(integer);
    number_parse_real(text, n->size, &real);
    return value_real(real);
}

static Value *json_take(const cJSON *node, Numbers *numbers)
{
    if (cJSON_IsNull(node))
        return value_null();
    if (cJSON_IsBool(node))
        return value_flag(cJSON_IsTrue(node));
    if (cJSON_IsNumber(node))
        return json_take_number(numbers);
    if (cJSON_IsString(node))
        return value_text(node->valuestring);
    Value *v = cJSON_IsArray(node) ? value_list() : value_map();
    for (const cJSON *child = node->child; child; child = child->next) {
        Value *item = json_take(child, numbers);
        if (v->type == VALUE_LIST)
            value_add(v, item);
        else
            value_append(v, child->string, item);
    }
    return v;
}

static bool json_check(JsonScan *scan, Error *e)
{
    json_scan_blanks(scan);
    bool ok = json_scan_value(scan);
    json_scan_blanks(scan);
    if (ok && scan->at < scan->size)
        ok = json_scan_fail(scan, scan->at, "there is more text behind the value");
    if (!ok) {
        size_t column, line = json_scan_line(scan, scan->problem_at, &column);
        error_at(e, ERROR_FAILED, "", (long)line, (long)column, "JSON: %s", scan->problem);
    }
    return ok;
}

Value *json_parse(const char *bytes, size_t size, Error *e)
{
    JsonScan scan = {.bytes = bytes, .size = size, .keeps_numbers = true};
    Value *v = NULL;
    json_begin();
    if (json_check(&scan, e)) {
        cJSON *tree = cJSON_ParseWithLength(bytes, size);
        v = tree ? json_take(tree, &(Numbers){.scan = &scan}) : NULL;
        cJSON_Delete(tree);
        if (!v)
            error_set(e, ERROR_FAILED, "JSON: cJSON refuses this text");
    }
    json_scan_done(&scan);
    return v;
}

bool json_can_hold(const Value *v, Error *e)
{
    if (v->type == VALUE_TEXT && memchr(v->text, 0, v->size))
        return error_set(e, ERROR_FAILED, "\"%.40s...\" holds a NUL character, which no plan or model can keep; clean that column first",
                         v->text);
    for (size_t i = 0; v->type >= VALUE_LIST && i < v->size; i++)
        if (!json_can_hold(v->items[i], e))
            return false;
    return true;
}

static cJSON *json_raw(Text *t)
{
    cJSON *node = cJSON_CreateRaw(text_get(t));
    text_done(t);
    return node;
}

/* Text with NUL is more than a C string holds. */
static cJSON *json_make_text(const char *bytes, size_t size)
{
    Text t = {0};
    if (!memchr(bytes, 0, size))
        return cJSON_CreateString(bytes);
    json_write_text(bytes, size, &t);
    return json_raw(&t);
}

/* A real keeps a sign of being one, so that it is read back as a real. */
static cJSON *json_make_real(double x)
{
    char text[NUMBER_ROOM];
    Text t = {0};
    number_format_real(x, text);
    if (!isfinite(x))
        return cJSON_CreateString(text);
    text_addf(&t, "%s%s", text, strpbrk(text, ".e") ? "" : ".0");
    return json_raw(&t);
}

static cJSON *json_make_int(int64_t n)
{
    char text[NUMBER_ROOM];
    Text t = {0};
    text_addf(&t, "%lld", (long long)n);
    if (n <= VALUE_EXACT_MOST && n >= -VALUE_EXACT_MOST)
        return json_raw(&t);
    memcpy(text, text_get(&t), t.size + 1);
    text_done(&t);
    return cJSON_CreateString(text);
}

static int json_compare_keys(const void *a, const void *b)
{
    return strcmp(**(char **const *)a, **(char **const *)b);
}

/* Where the keys stand, in their order. The caller frees it. */
static char ***json_sort_keys(const Value *map)
{
    char ***keys = mem_alloc((map->size + 1) * sizeof *keys);
    for (size_t i = 0; i < map->size; i++)
        keys[i] = &map->keys[i];
    if (map->size > 1)
        qsort(keys, map->size, sizeof *keys, json_compare_keys);
    return keys;
}

static cJSON *json_make(const Value *v, bool sorted);

static cJSON *json_make_list(const Value *v, bool sorted)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < v->size; i++)
        cJSON_AddItemToArray(list, json_make(v->items[i], sorted));
    return list;
}

static cJSON *json_make_map(const Value *v, bool sorted)
{
    char ***order = sorted ? json_sort_keys(v) : NULL;
    cJSON *map = cJSON_CreateObject();
    for (size_t i = 0; i < v->size; i++) {
        size_t k = order ? (size_t)(order[i] - v->keys) : i;
        cJSON_AddItemToObject(map, v->keys[k], json_make(v->items[k], sorted));
    }
    mem_free(order);
    return map;
}

static cJSON *json_make_plain(const Value *object, bool sorted)
{
    Value *plain = value_plain(object);
    cJSON *made = json_make(plain, sorted);
    value_free(plain);
    return made;
}

static cJSON *json_make(const Value *v, bool sorted)
{
    switch (v->type) {
    case VALUE_NULL: break;
    case VALUE_FLAG: return cJSON_CreateBool(v->flag);
    case VALUE_INT: return json_make_int(v->integer);
    case VALUE_REAL: return json_make_real(v->real);
    case VALUE_TEXT: return json_make_text(v->text, v->size);
    case VALUE_LIST: return json_make_list(v, sorted);
    case VALUE_MAP: return json_make_map(v, sorted);
    case VALUE_OBJECT: return json_make_plain(v, sorted);
    }
    return cJSON_CreateNull();
}

void json_write(const Value *v, JsonForm form, Text *out)
{
    json_begin();
    cJSON *tree = json_make(v, form == JSON_CANONICAL);
    char *text = cJSON_PrintUnformatted(tree);
    Text plain = {0};
    json_layout(text ? text : "null", form == JSON_PRETTY, form == JSON_PRETTY ? &plain : out);
    if (form == JSON_PRETTY) /* people look at it on terminals */
        json_escape_hidden(text_get(&plain), out);
    text_done(&plain);
    cJSON_free(text);
    cJSON_Delete(tree);
}

char *json_format(const Value *v, JsonForm form)
{
    Text t = {0};
    json_write(v, form, &t);
    return text_take(&t);
}
