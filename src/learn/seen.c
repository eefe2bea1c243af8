/* Sets of rows: made from a table, written once per run under their own digest, and told in a model file by a few numbers. */
#include "learn/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "base/rng.h"
#include "table/row_digest.h"

enum { SKETCH = 64, LEVELS = 6 };
static const uint64_t SET_BYTES_MOST = (uint64_t)4 << 30;
static const char magic[8] = "LBROWS1";

typedef struct Place {
    uint64_t id, digest;
} Place;

static int by_id(const void *a, const void *b)
{
    uint64_t x = ((const Place *)a)->id, y = ((const Place *)b)->id;
    return (x > y) - (x < y);
}

/* Digests of the source's rows, found by the ids that the rows of part carry. */
static bool follow_ids(const Table *source, const uint64_t *digests, const Table *part, uint64_t *out, Error *e)
{
    Place *places = source->row_ids ? mem_try_alloc(source->rows + 1, sizeof *places, e) : NULL;
    if (source->row_ids && !places)
        return false;
    for (size_t i = 0; places && i < source->rows; i++)
        places[i] = (Place){source->row_ids[i], digests[i]};
    if (places)
        qsort(places, source->rows, sizeof *places, by_id);
    for (size_t i = 0; i < part->rows; i++) {
        Place key = {table_row_id(part, i), 0};
        const Place *found = places ? bsearch(&key, places, source->rows, sizeof *places, by_id) : NULL;
        bool is_there = found || (!places && key.id < source->rows); /* else a step has put it in */
        out[i] = found ? found->digest : is_there ? digests[key.id] : ROW_PUT_IN;
    }
    mem_free(places);
    return true;
}

uint64_t *seen_digests(const Table *source, const Table *part, const TextList *columns, Error *e)
{
    uint64_t *digests = mem_try_alloc(source->rows + 1, sizeof *digests, e), *out = mem_try_alloc(part->rows + 1, sizeof *out, e);
    bool ok = digests && out && row_digests(source, columns, digests, e) && row_digests_number(digests, source->rows, e) &&
              follow_ids(source, digests, part, out, e);
    mem_free(digests);
    if (ok)
        return out;
    mem_free(out);
    return NULL;
}

static bool add_units(RowSet *s, const Table *part, const char *unit, Error *e)
{
    const Column *c = unit ? table_column(part, unit) : NULL;
    if (!c)
        return true;
    s->unit = mem_strdup(unit);
    s->units = mem_try_alloc(part->rows + 1, sizeof *s->units, e);
    for (size_t i = 0; s->units && i < part->rows; i++)
        if (column_is_valid(c, i))
            s->units[s->unit_count++] = row_digest_cell(unit, c, i);
    if (s->units)
        s->unit_count = row_digests_sort(s->units, s->unit_count);
    return s->units != NULL;
}

RowSet *row_set_make(const Table *source, const Table *part, const char *unit, Error *e)
{
    RowSet *s = MEM_NEW(RowSet);
    for (size_t i = 0; i < source->columns_count; i++)
        text_list_add(&s->columns, source->names[i]);
    s->rows = seen_digests(source, part, &s->columns, e);
    if (s->rows)
        s->row_count = row_digests_sort(s->rows, part->rows);
    if (s->rows && add_units(s, part, unit, e))
        return s;
    row_set_free(s);
    return NULL;
}

void row_set_free(RowSet *s)
{
    if (!s)
        return;
    text_list_done(&s->columns);
    mem_free(s->unit);
    mem_free(s->rows);
    mem_free(s->units);
    mem_free(s);
}

/* The file: magic, length of a JSON head, the head, the digests of rows and units as little-endian numbers. */
static Value *set_head(const RowSet *s)
{
    Value *head = value_map(), *columns = value_list();
    for (size_t i = 0; i < s->columns.count; i++)
        value_add(columns, value_text(s->columns.items[i]));
    value_set(head, "columns", columns);
    value_set(head, "unit", s->unit ? value_text(s->unit) : value_null());
    value_set(head, "rows", value_int((int64_t)s->row_count));
    value_set(head, "units", value_int((int64_t)s->unit_count));
    return head;
}

static void add_numbers(Text *out, const uint64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char bytes[8];
        for (int k = 0; k < 8; k++)
            bytes[k] = (unsigned char)(numbers[i] >> (8 * k));
        text_add_bytes(out, bytes, sizeof bytes);
    }
}

static void set_bytes(const RowSet *s, Text *out)
{
    Value *head = set_head(s);
    char *json = json_format(head, JSON_CANONICAL);
    uint64_t size = strlen(json);
    text_add_bytes(out, magic, sizeof magic);
    add_numbers(out, &size, 1);
    text_add_bytes(out, json, size);
    add_numbers(out, s->rows, s->row_count);
    add_numbers(out, s->units, s->unit_count);
    mem_free(json);
    value_free(head);
}

void row_set_digest(const RowSet *s, char hex[HASH_ROOM])
{
    Text bytes = {0};
    set_bytes(s, &bytes);
    sha256_hex(bytes.bytes, bytes.size, hex);
    text_done(&bytes);
}

/* The smallest digests: a sample of the rows by their contents, so that two sets can be compared by it (Broder 1997). */
static Value *sketch_of(const RowSet *s)
{
    Text text = {0};
    for (size_t i = 0; i < s->row_count && i < SKETCH; i++)
        text_addf(&text, "%016llx", (unsigned long long)s->rows[i]);
    Value *v = value_text(text_get(&text));
    text_done(&text);
    return v;
}

/* Of the names in any order. */
uint64_t seen_columns(const TextList *columns)
{
    uint64_t sum = columns->count;
    for (size_t i = 0; i < columns->count; i++)
        sum += rng_hash(0, columns->items[i], strlen(columns->items[i]));
    return sum;
}

static Value *number_text(uint64_t n)
{
    char *text = text_format("%016llx", (unsigned long long)n);
    Value *v = value_text(text);
    mem_free(text);
    return v;
}

Value *row_set_facts(const RowSet *s)
{
    char hex[HASH_ROOM];
    Value *v = value_map();
    row_set_digest(s, hex);
    value_set(v, "rows", value_int((int64_t)s->row_count));
    value_set(v, "units", value_int((int64_t)s->unit_count));
    value_set(v, "unit", s->unit ? value_text(s->unit) : value_null());
    value_set(v, "columns", number_text(seen_columns(&s->columns)));
    value_set(v, "digest", value_text(hex));
    value_set(v, "sketch", sketch_of(s));
    return v;
}

/* The directory "rows" of the topmost run around `run`. */
static char *set_directory(const char *run)
{
    char *top = mem_strdup(run), *at = io_absolute(run);
    for (int i = 0; i < LEVELS; i++) {
        char *up = io_directory(at);
        if (run_is_directory(at)) {
            mem_free(top);
            top = mem_strdup(at);
        }
        mem_free(at);
        at = up;
    }
    char *rows = io_join(top, "rows");
    mem_free(at);
    mem_free(top);
    return rows;
}

bool row_set_save(const RowSet *s, const char *run, Error *e)
{
    Text bytes = {0};
    char hex[HASH_ROOM];
    IoInfo info;
    set_bytes(s, &bytes);
    sha256_hex(bytes.bytes, bytes.size, hex);
    char *directory = set_directory(run), *name = text_format("%s.rows", hex), *path = io_join(directory, name);
    bool ok = (io_stat(path, &info) && info.size == bytes.size) ||
              (io_make_directory(directory, e) && io_replace(path, bytes.bytes, bytes.size, e));
    mem_free(path);
    mem_free(name);
    mem_free(directory);
    text_done(&bytes);
    return ok;
}

static uint64_t number_at(const char *bytes)
{
    uint64_t n = 0;
    for (int i = 7; i >= 0; i--)
        n = n << 8 | (unsigned char)bytes[i];
    return n;
}

static bool take_numbers(const char *bytes, size_t count, uint64_t **out, Error *e)
{
    *out = mem_try_alloc(count + 1, sizeof **out, e);
    for (size_t i = 0; *out && i < count; i++)
        (*out)[i] = number_at(bytes + 8 * i);
    return *out != NULL;
}

/* What is looked up by halving must be in order. */
static bool is_ascending(const uint64_t *numbers, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (numbers[i - 1] >= numbers[i])
            return false;
    return true;
}

static bool take_set(RowSet *s, const Value *head, const char *bytes, size_t size, Error *e)
{
    int64_t rows = value_get_int(head, "rows", -1), units = value_get_int(head, "units", -1);
    const Value *columns = value_get(head, "columns");
    const char *unit = value_get_text(head, "unit", "");
    uint64_t most = size / 8;
    if (rows < 0 || units < 0 || (uint64_t)rows > most || (uint64_t)units > most - (uint64_t)rows || size % 8 || !columns ||
        columns->type != VALUE_LIST || (uint64_t)rows + (uint64_t)units != most)
        return error_set(e, ERROR_FAILED, "its counts do not fit its size");
    for (size_t i = 0; i < columns->size; i++) {
        if (columns->items[i]->type != VALUE_TEXT)
            return error_set(e, ERROR_FAILED, "its column %zu is a %s, not a name", i + 1, value_type_name(columns->items[i]->type));
        text_list_add(&s->columns, columns->items[i]->text);
    }
    s->unit = *unit ? mem_strdup(unit) : NULL;
    s->row_count = (size_t)rows;
    s->unit_count = (size_t)units;
    return take_numbers(bytes, s->row_count, &s->rows, e) && take_numbers(bytes + 8 * s->row_count, s->unit_count, &s->units, e) &&
           ((is_ascending(s->rows, s->row_count) && is_ascending(s->units, s->unit_count)) ||
            error_set(e, ERROR_FAILED, "its rows are not in order, each once"));
}

RowSet *row_set_load(const char *path, Error *e)
{
    char *bytes = NULL;
    size_t size = 0;
    RowSet *s = MEM_NEW(RowSet);
    Value *head = NULL;
    bool ok = io_read_file(path, SET_BYTES_MOST, &bytes, &size, e);
    size_t from = sizeof magic + 8;
    if (ok && (size < from || memcmp(bytes, magic, sizeof magic) || number_at(bytes + sizeof magic) > size - from))
        ok = error_set(e, ERROR_FAILED, "%s: not a set of rows", path);
    size_t head_size = ok ? (size_t)number_at(bytes + sizeof magic) : 0;
    ok = ok && (head = json_parse(bytes + from, head_size, e)) && take_set(s, head, bytes + from + head_size, size - from - head_size, e);
    value_free(head);
    mem_free(bytes);
    if (ok)
        return s;
    row_set_free(s);
    return NULL;
}
