/* Weights in a safetensors file: u64 length, JSON header, raw little-endian floats. Everything the header says is checked against the
 * size of the file before memory is taken for the data. */
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "net/model.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "safetensors data are little-endian");

enum { PREFIX = 8 };
static const uint64_t HEADER_LIMIT = 100u << 20;

static bool is_turned(const TensorPlace *t)
{
    bool turned = false;
    for (int d = 0; d < t->shown.rank; d++)
        turned = turned || t->axes[d] != d;
    return turned;
}

/* Numbers in the order of the file, from or to their places in memory. */
static void copy_numbers(const TensorPlace *t, float *memory, float *file, bool to_file)
{
    size_t strides[LAYER_DIMS], sizes[LAYER_DIMS], at[LAYER_DIMS] = {0}, stride = 1;
    if (!is_turned(t)) {
        memcpy(to_file ? file : memory, to_file ? memory : file, t->count * sizeof *file);
        return;
    }
    for (int d = t->shown.rank; d-- > 0; stride *= (size_t)t->shown.dims[d])
        strides[d] = stride;
    for (int d = 0; d < t->shown.rank; d++)
        sizes[d] = (size_t)t->shown.dims[t->axes[d]];
    for (size_t i = 0; i < t->count; i++) {
        size_t from = 0;
        for (int d = 0; d < t->shown.rank; d++)
            from += at[d] * strides[t->axes[d]];
        *(to_file ? file + i : memory + from) = *(to_file ? memory + from : file + i);
        for (int d = t->shown.rank; d-- > 0 && ++at[d] == sizes[d];)
            at[d] = 0;
    }
}

static Value *tensor_entry(const TensorPlace *t, size_t from)
{
    Value *entry = value_map(), *shape = value_list(), *offsets = value_list();
    for (int d = 0; d < t->shown.rank; d++)
        value_add(shape, value_int(t->shown.dims[t->axes[d]]));
    value_add(offsets, value_int((int64_t)from));
    value_add(offsets, value_int((int64_t)(from + t->count * sizeof(float))));
    value_set(entry, "dtype", value_text("F32"));
    value_set(entry, "shape", shape);
    value_set(entry, "data_offsets", offsets);
    return entry;
}

static char *header_text(const Model *m, const Value *metadata)
{
    Value *header = value_map();
    if (metadata)
        value_set(header, "__metadata__", value_copy(metadata));
    size_t at = 0;
    for (size_t i = 0; i < m->tensor_count; i++) {
        value_set(header, m->tensors[i].name, tensor_entry(&m->tensors[i], at));
        at += m->tensors[i].count * sizeof(float);
    }
    Text t = {0};
    json_write(header, JSON_COMPACT, &t);
    value_free(header);
    while (t.size % PREFIX)
        text_add_char(&t, ' ');
    return text_take(&t);
}

static bool check_metadata(const Value *metadata, const char *path, Error *e)
{
    for (size_t i = 0; metadata && metadata->type == VALUE_MAP && i < metadata->size; i++)
        if (metadata->items[i]->type != VALUE_TEXT)
            return error_at(e, ERROR_FAILED, path, 0, 0, "metadata \"%s\" is a %s; safetensors allows only text", metadata->keys[i],
                            value_type_name(metadata->items[i]->type));
    if (metadata && metadata->type != VALUE_MAP)
        return error_at(e, ERROR_FAILED, path, 0, 0, "metadata is a %s, not a map", value_type_name(metadata->type));
    return true;
}

bool weights_save(const char *path, const Model *m, const Value *metadata, bool is_ours, Error *e)
{
    if (!check_metadata(metadata, path, e))
        return false;
    char *header = header_text(m, metadata);
    uint64_t length = strlen(header);
    size_t size = PREFIX + (size_t)length + (size_t)model_bytes(m);
    char *bytes = mem_try_alloc(size, 1, e);
    bool ok = bytes != NULL;
    if (ok) {
        memcpy(bytes, &length, PREFIX);
        memcpy(bytes + PREFIX, header, length);
        char *at = bytes + PREFIX + length;
        for (size_t i = 0; i < m->tensor_count; i++) {
            copy_numbers(&m->tensors[i], m->weights + m->tensors[i].offset, (float *)(void *)at, true);
            at += m->tensors[i].count * sizeof(float);
        }
        ok = is_ours ? io_replace(path, bytes, size, e) : io_save(path, bytes, size, e);
    }
    mem_free(bytes);
    mem_free(header);
    return ok;
}

typedef struct Header {
    Value *map;
    uint64_t data_at, data_size;
} Header;

static bool refuse(const char *path, Error *e, const char *what, const char *name)
{
    return error_at(e, ERROR_FAILED, path, 0, 0, "%s%s%s%s; this is not a model that limbeck can read", what, name ? " \"" : "",
                    name ? name : "", name ? "\"" : "");
}

static bool read_header(const char *path, Header *h, Error *e)
{
    uint64_t length = 0;
    size_t got = 0;
    IoInfo info;
    *h = (Header){0};
    if (!io_stat(path, &info) || !info.is_regular)
        return error_at(e, ERROR_IO, path, 0, 0, info.exists ? "is not a regular file" : "no such file");
    if (!io_read_part(path, 0, &length, PREFIX, &got, e))
        return false;
    if (got < PREFIX)
        return refuse(path, e, "the file is shorter than 8 bytes", NULL);
    if (length > HEADER_LIMIT || length > info.size - PREFIX)
        return refuse(path, e, "the header is longer than the file or 100 MB", NULL);
    char *text = mem_try_alloc((size_t)length + 1, 1, e);
    if (!text)
        return false;
    bool ok = io_read_part(path, PREFIX, text, (size_t)length, &got, e);
    if (ok && got < length)
        ok = refuse(path, e, "the file ends inside its header", NULL);
    if (ok && !(h->map = json_parse(text, (size_t)length, e)))
        ok = error_prefix(e, "%s: bad header: ", path);
    mem_free(text);
    h->data_at = PREFIX + length;
    h->data_size = info.size - h->data_at;
    if (ok && h->map->type != VALUE_MAP)
        ok = refuse(path, e, "the header is not a JSON object", NULL);
    return ok && check_metadata(value_get(h->map, "__metadata__"), path, e);
}

bool weights_read_metadata(const char *path, Value **metadata, Error *e)
{
    Header h;
    bool ok = read_header(path, &h, e);
    const Value *found = ok ? value_get(h.map, "__metadata__") : NULL;
    *metadata = ok ? (found ? value_copy(found) : value_map()) : NULL;
    value_free(h.map);
    return ok;
}

typedef struct Span {
    uint64_t from, to;
} Span;

static bool read_uint(const Value *v, uint64_t *out)
{
    if (!v || v->type != VALUE_INT || v->integer < 0)
        return false;
    *out = (uint64_t)v->integer;
    return true;
}

/* The number of bytes that the shape stands for; false: not a list of sizes, or too large. */
static bool shape_bytes(const Value *shape, size_t *bytes)
{
    if (!shape || shape->type != VALUE_LIST || shape->size > 8)
        return false;
    *bytes = sizeof(float);
    for (size_t d = 0; d < shape->size; d++) {
        uint64_t n;
        if (!read_uint(shape->items[d], &n) || !mem_mul(*bytes, (size_t)n, bytes))
            return false;
    }
    return true;
}

static bool read_span(const Header *h, const Value *entry, Span *span)
{
    const Value *offsets = value_get(entry, "data_offsets");
    size_t bytes;
    if (!offsets || offsets->type != VALUE_LIST || offsets->size != 2 || !shape_bytes(value_get(entry, "shape"), &bytes))
        return false;
    if (!read_uint(offsets->items[0], &span->from) || !read_uint(offsets->items[1], &span->to))
        return false;
    return span->from <= span->to && span->to <= h->data_size && span->to - span->from == bytes;
}

static bool same_shape(const TensorPlace *t, const Value *shape)
{
    if (shape->size != (size_t)t->shown.rank)
        return false;
    for (int d = 0; d < t->shown.rank; d++)
        if (shape->items[d]->integer != t->shown.dims[t->axes[d]])
            return false;
    return true;
}

static const TensorPlace *find_tensor(const Model *m, const char *name)
{
    for (size_t i = 0; i < m->tensor_count; i++)
        if (text_equal(m->tensors[i].name, name))
            return &m->tensors[i];
    return NULL;
}

/* One entry against the model; its span is stored at the tensor's index. */
static bool check_entry(const Header *h, size_t entry, const Model *m, Span *spans, const char *path, Error *e)
{
    const char *name = h->map->keys[entry];
    const Value *v = h->map->items[entry];
    const TensorPlace *t = find_tensor(m, name);
    if (!t)
        return refuse(path, e, "unknown tensor", name);
    if (v->type != VALUE_MAP || !text_equal(value_get_text(v, "dtype", ""), "F32"))
        return refuse(path, e, "not of type F32: tensor", name);
    Span *span = &spans[t - m->tensors];
    if (!read_span(h, v, span))
        return refuse(path, e, "shape and data_offsets do not agree with the file in tensor", name);
    return same_shape(t, value_get(v, "shape")) || refuse(path, e, "another shape than the net in tensor", name);
}

/* Each byte of the data belongs to exactly one tensor: in the order of offsets there is neither gap nor overlap. */
static bool check_cover(const Header *h, const Span *spans, size_t count, const char *path, Error *e)
{
    uint64_t at = 0;
    for (size_t placed = 0; placed < count; placed++) {
        size_t i = 0;
        while (i < count && !(spans[i].from == at && spans[i].to > at))
            i++;
        if (i == count)
            return refuse(path, e, "tensors overlap or leave gaps", NULL);
        at = spans[i].to;
    }
    return at == h->data_size || refuse(path, e, "there are bytes behind the last tensor", NULL);
}

static bool check_tensors(const Header *h, const Model *m, Span *spans, const char *path, Error *e)
{
    size_t found = 0;
    for (size_t i = 0; i < h->map->size; i++) {
        if (text_equal(h->map->keys[i], "__metadata__"))
            continue;
        if (!check_entry(h, i, m, spans, path, e))
            return false;
        found++;
    }
    if (found != m->tensor_count)
        return error_at(e, ERROR_FAILED, path, 0, 0, "%zu tensors, but the net has %zu", found, m->tensor_count);
    return check_cover(h, spans, m->tensor_count, path, e);
}

static bool read_data(const Header *h, const Span *spans, Model *m, const char *path, Error *e)
{
    char *bytes = mem_try_alloc((size_t)h->data_size + 1, 1, e);
    size_t got = 0;
    bool ok = bytes && io_read_part(path, h->data_at, bytes, (size_t)h->data_size, &got, e);
    if (ok && got < h->data_size)
        ok = refuse(path, e, "the file ends inside its data", NULL);
    for (size_t i = 0; ok && i < m->tensor_count; i++)
        copy_numbers(&m->tensors[i], m->weights + m->tensors[i].offset, (float *)(void *)(bytes + spans[i].from), false);
    mem_free(bytes);
    return ok;
}

bool weights_load(const char *path, Model *m, Error *e)
{
    Header h;
    Span *spans = mem_alloc(m->tensor_count * sizeof *spans);
    bool ok = read_header(path, &h, e) && check_tensors(&h, m, spans, path, e) && read_data(&h, spans, m, path, e);
    mem_free(spans);
    value_free(h.map);
    return ok;
}

static const TensorPlace *next_by_name(const Model *m, const char *after)
{
    const TensorPlace *best = NULL;
    for (size_t i = 0; i < m->tensor_count; i++) {
        const TensorPlace *t = &m->tensors[i];
        if ((!after || strcmp(t->name, after) > 0) && (!best || strcmp(t->name, best->name) < 0))
            best = t;
    }
    return best;
}

static void add_numbers(Sha256 *h, const TensorPlace *t, float *numbers)
{
    if (!is_turned(t)) {
        sha256_add(h, numbers, t->count * sizeof(float));
        return;
    }
    float *turned = mem_alloc(t->count * sizeof *turned);
    copy_numbers(t, numbers, turned, true);
    sha256_add(h, turned, t->count * sizeof *turned);
    mem_free(turned);
}

void weights_hash(const Model *m, char hex[HASH_ROOM])
{
    Sha256 h;
    sha256_begin(&h);
    for (const TensorPlace *t = next_by_name(m, NULL); t; t = next_by_name(m, t->name)) {
        sha256_add(&h, t->name, strlen(t->name) + 1);
        sha256_add(&h, "F32", 4);
        int64_t dims[LAYER_DIMS];
        for (int d = 0; d < t->shown.rank; d++)
            dims[d] = t->shown.dims[t->axes[d]];
        sha256_add(&h, &t->shown.rank, sizeof t->shown.rank);
        sha256_add(&h, dims, (size_t)t->shown.rank * sizeof *dims);
        add_numbers(&h, t, m->weights + t->offset);
    }
    sha256_end(&h, hex);
}
