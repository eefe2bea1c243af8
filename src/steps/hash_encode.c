/* hash_encode: levels counted in a fixed number of columns, chosen and signed by a hash. Nothing is learned, and no level is unknown. */
#include <string.h>

#include "steps/levels.h"

typedef struct HashEncode {
    TextList columns;
    int64_t buckets;
    bool alternate_sign;
    char *prefix;
} HashEncode;

static const Field params[] = {
    {COLUMNS_FIELD(HashEncode, columns), .doc = "columns to encode, together", .def = "text", .positional = true},
    {INT_FIELD(HashEncode, buckets), .doc = "columns to make", .def = "16", .min = 1, .max = 4096, .soft_min = 4, .soft_max = 256,
     .scale = SCALE_LOG},
    {FLAG_FIELD(HashEncode, alternate_sign), .doc = "count some levels down, so that those that meet cancel out", .def = "true"},
    {TEXT_FIELD(HashEncode, prefix), .doc = "beginning of the new names", .def = "hash"},
    {0},
};

static uint32_t rotate(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static uint32_t little_endian(const uint8_t *bytes, size_t size)
{
    uint32_t x = 0;
    for (size_t i = 0; i < size; i++)
        x |= (uint32_t)bytes[i] << (8 * i);
    return x;
}

/* MurmurHash3 x86_32 by A. Appleby, seed 0: what others hash features with. */
static uint32_t murmur3(const void *data, size_t size)
{
    enum { BLOCK = 4 };
    const uint8_t *bytes = data;
    uint32_t hash = 0;
    for (size_t i = 0; i < size; i += BLOCK) {
        bool whole = size - i >= BLOCK;
        hash ^= rotate(little_endian(bytes + i, whole ? BLOCK : size - i) * 0xcc9e2d51u, 15) * 0x1b873593u;
        if (whole)
            hash = rotate(hash, 13) * 5 + 0xe6546b64u;
    }
    hash ^= (uint32_t)size;
    hash = (hash ^ hash >> 16) * 0x85ebca6bu;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
    return hash ^ hash >> 16;
}

typedef struct Buckets {
    Column **items;
    size_t count;
    bool alternate_sign;
} Buckets;

/* The hash read as a signed number: its sign is the step, its magnitude chooses the bucket. */
static void count_level(const Buckets *b, uint32_t hash, size_t row)
{
    bool negative = hash >> 31;
    uint32_t magnitude = negative ? 0u - hash : hash;
    b->items[magnitude % b->count]->data.ints[row] += negative && b->alternate_sign ? -1 : 1;
}

static bool count_column(const Buckets *b, const char *name, Column *c, Error *e)
{
    Column *text = levels_text(c, e);
    uint32_t count = text ? dictionary_count(text->dictionary) : 0;
    uint32_t *hashes = mem_alloc(((size_t)count + 1) * sizeof *hashes);
    Text key = {0};
    for (uint32_t i = 0; i < count; i++) {
        size_t size;
        const char *level = dictionary_get(text->dictionary, i, &size);
        text_clear(&key);
        text_addf(&key, "%s=", name);
        text_add_bytes(&key, level, size);
        hashes[i] = murmur3(text_get(&key), key.size);
    }
    for (size_t row = 0; text && row < text->rows; row++)
        if (column_is_valid(text, row))
            count_level(b, hashes[text->data.codes[row]], row);
    text_done(&key);
    mem_free(hashes);
    column_unref(text);
    return text != NULL;
}

static bool add_buckets(const StepInput *in, Buckets *b, Table **out, Error *e)
{
    for (size_t i = 0; i < b->count; i++) {
        char *name = text_format("%s_%zu", ((const HashEncode *)in->params)->prefix, i);
        bool ok = tools_add(out, name, column_ref(b->items[i]), e);
        mem_free(name);
        if (!ok)
            return false;
    }
    return true;
}

static bool hash_encode_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const HashEncode *p = in->params;
    int *columns;
    size_t count;
    if (!tools_select(in, &p->columns, &columns, &count, e))
        return false;
    Buckets b = {mem_alloc((size_t)p->buckets * sizeof *b.items), (size_t)p->buckets, p->alternate_sign};
    bool ok = true;
    for (size_t i = 0; ok && i < b.count; i++)
        ok = (b.items[i] = column_new(COLUMN_INT, in->rows->rows, e)) != NULL;
    for (size_t i = 0; ok && i < count; i++)
        ok = job_go_on(job, e) && count_column(&b, in->rows->names[columns[i]], in->rows->columns[columns[i]], e);
    *out = ok ? table_without(in->rows, columns, count, e) : NULL;
    ok = *out && add_buckets(in, &b, out, e);
    for (size_t i = 0; i < b.count; i++)
        if (b.items[i])
            column_unref(b.items[i]);
    mem_free(b.items);
    mem_free(columns);
    return ok;
}

static const Example examples[] = {
    {"{\"buckets\": 4}", "x,plan\n1,basic\n2,pro\n3,\n", "x,hash_0,hash_1,hash_2,hash_3\n1,1,0,0,0\n2,0,0,-1,0\n3,0,0,0,0\n"},
    {"{\"columns\": [\"a\", \"b\"], \"buckets\": 2, \"alternate_sign\": false, \"prefix\": \"h\"}", "a,b\nu,v\nu,\n",
     "h_0,h_1\n1,1\n0,1\n"},
    {"{\"buckets\": 0}", "t\na\n", "error: allowed is 1 to 4096"},
};

static const char *const notes[] = {
    "The text \"column=level\" is hashed by MurmurHash3, as scikit-learn's FeatureHasher does, so a level keeps its place in any table and "
    "none is unknown. Different levels may share a column; more buckets make that rarer.",
    "A missing cell counts nowhere. The columns themselves go; all share the new ones.", NULL};

const Step step_hash_encode = {
    .spec = {.name = "hash_encode",
             .doc = "count levels in a fixed number of columns by their hash",
             .group = "encode",
             .params = params,
             .params_size = sizeof(HashEncode),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .mixes_columns = true,
    .apply = hash_encode_apply,
};
