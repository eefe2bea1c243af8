/* Forged models: every place of every metadata text of a good model is changed in many ways. Such a file, its hash made right, is
 * refused with a reason, or predicts a row for each row; it never reads past what it brought. */
#include "base/io.h"
#include "learn/bundle.h"
#include "net/model.h"
#include "steps/side.h"
#include "table/reader.h"
#include "tests/unit/learn_help.h"

typedef struct Forge {
    Bundle *good;
    Table *rows;
    SideTables sides; /* that the model reads beside the rows */
    Value *header, *metadata;
    char *bytes, *path; /* of the good file; where the forged one goes */
    size_t data_at, size;
    size_t refused, read;
} Forge;

/* Values that a place could get; NULL at the end. The caller frees what it takes. */
static Value *poison(size_t kind)
{
    static const char *const texts[] = {"null",
                                        "true",
                                        "-1",
                                        "0",
                                        "1",
                                        "3",
                                        "1e308",
                                        "-1e308",
                                        "0.5",
                                        "4611686018427387904",
                                        "-9007199254740993",
                                        "\"\"",
                                        "\"nan\"",
                                        "\"inf\"",
                                        "\"x\"",
                                        "\"age\"",
                                        "\"real\"",
                                        "\"9223372036854775807\"",
                                        "[]",
                                        "{}",
                                        "[[]]",
                                        "[1,\"a\",null]",
                                        "{\"a\":{}}",
                                        "[\"age\",\"age\"]",
                                        "\"\\u001b]0;x\\u0007\""};
    Error e = {0};
    return kind < sizeof texts / sizeof *texts ? json_parse(texts[kind], strlen(texts[kind]), &e) : NULL;
}

static void try_file(Forge *f)
{
    Error e = {0};
    Bundle *b = bundle_load_unhashed(f->path, &e);
    if (!b) {
        f->refused++;
        test_check(e.message[0] != 0, __FILE__, __LINE__, "a forged model is refused without a reason");
        return;
    }
    Text said = {0};
    char hash[HASH_ROOM];
    Value *options = bundle_read_options(b);
    bundle_hash(b, hash);
    for (size_t i = 0; i < b->fitted->count; i++)
        step_use_describe(&b->fitted->uses[i], &said);
    Table *out = bundle_predict(NULL, b, &(PredictTask){.rows = f->rows, .sides = &f->sides}, &e);
    test_check(out ? out->rows == f->rows->rows : e.message[0] != 0, __FILE__, __LINE__, "a forged model neither predicts nor says why");
    f->read++;
    text_done(&said);
    value_free(options);
    table_unref(out);
    bundle_unref(b);
}

/* The good tensors under other metadata. */
static void write_file(Forge *f, const Value *metadata)
{
    Error e = {0};
    Text out = {0};
    value_set(f->header, "__metadata__", value_copy(metadata));
    char *text = json_format(f->header, JSON_COMPACT);
    uint64_t size = strlen(text);
    text_add_bytes(&out, &size, sizeof size);
    text_add(&out, text);
    text_add_bytes(&out, f->bytes + f->data_at, f->size - f->data_at);
    CHECK_OK(io_replace_quickly(f->path, out.bytes, out.size, &e), e);
    mem_free(text);
    text_done(&out);
}

static void read_good(Forge *f)
{
    Error e = {0};
    uint64_t size;
    CHECK_OK(io_read_file(f->path, 0, &f->bytes, &f->size, &e), e);
    memcpy(&size, f->bytes, sizeof size);
    f->data_at = sizeof size + (size_t)size;
    f->header = json_parse(f->bytes + sizeof size, (size_t)size, &e);
    CHECK_OK(f->header != NULL, e);
    f->metadata = value_copy(value_get(f->header, "__metadata__"));
}

static void try_metadata(Forge *f, const Value *metadata)
{
    write_file(f, metadata);
    try_file(f);
}

static void try_text(Forge *f, const char *key, const Value *changed)
{
    Value *metadata = value_copy(f->metadata);
    char *text = json_format(changed, JSON_CANONICAL);
    value_set(metadata, key, value_text(text));
    try_metadata(f, metadata);
    mem_free(text);
    value_free(metadata);
}

static void remove_item(Value *at, size_t i)
{
    value_free(at->items[i]);
    if (at->type == VALUE_MAP)
        mem_free(at->keys[i]);
    for (size_t k = i + 1; k < at->size; k++) {
        at->items[k - 1] = at->items[k];
        if (at->type == VALUE_MAP)
            at->keys[k - 1] = at->keys[k];
    }
    at->size--;
}

/* root is changed at one place at a time and put back. */
static void forge_places(Forge *f, const char *key, Value *root, Value *at)
{
    for (size_t i = 0; (at->type == VALUE_LIST || at->type == VALUE_MAP) && i < at->size; i++) {
        Value *was = at->items[i];
        for (size_t kind = 0; (at->items[i] = poison(kind)) != NULL; kind++) {
            try_text(f, key, root);
            value_free(at->items[i]);
        }
        at->items[i] = was;
        if (at->type == VALUE_LIST) {
            value_add(at, value_copy(was));
            try_text(f, key, root);
            remove_item(at, at->size - 1);
        }
        Value *gone = value_copy(at), saved = *at;
        remove_item(gone, i);
        *at = *gone;
        try_text(f, key, root);
        *at = saved;
        value_free(gone);
        forge_places(f, key, root, at->items[i]);
    }
}

static void forge_key(Forge *f, const char *key)
{
    Error e = {0};
    const Value *text = value_get(f->metadata, key);
    Value *root = json_parse(text->text, text->size, &e);
    for (size_t kind = 0;; kind++) {
        Value *other = poison(kind);
        if (!other)
            break;
        try_text(f, key, other);
        value_free(other);
    }
    Value *without = value_copy(f->metadata);
    value_remove(without, key);
    try_metadata(f, without);
    value_free(without);
    if (root)
        forge_places(f, key, root, root);
    value_free(root);
}

static Pipeline *make_pipeline(const Table *t)
{
    Pipeline *p = help_source(t);
    p = help_add(p, "join", "{\"by\":\"plan\",\"csv\":\"plan,price,since\\nbasic,1,2020-01-01\\nplus,2,\\n\"}");
    p = help_add(p, "drop", "{\"columns\":[\"since\"]}");
    p = help_add(p, "fill_missing", "{\"columns\":[\"age\",\"price\"]}");
    p = help_add(p, "derive", "{\"name\":\"ratio\",\"as\":\"spend / max(age, 1)\"}");
    p = help_add(p, "clip_outliers", "{\"columns\":[\"age\",\"ratio\"]}");
    p = help_add(p, "one_hot", "{\"columns\":[\"text\"]}");
    p = help_add(p, "min_max", "{\"columns\":[\"age\"]}");
    return help_add(p, "standardize", "{\"columns\":[\"spend\",\"ratio\",\"price\"]}");
}

static const char prices[] = "plan,price,since\nbasic,1,2020-01-01\nplus,2,\n", rates[] = "id,kind,rate\n3,basic,0.5\n9,plus,2\n60,pro,\n";

static char *write_side(const char *name, const char *csv)
{
    Error e = {0};
    char *path = io_join(test_directory(), name);
    CHECK_OK(io_replace_quickly(path, csv, strlen(csv), &e), e);
    return path;
}

/* Tables beside the rows, by key and by time, and steps that look back. */
static Pipeline *make_series(const Table *t)
{
    Pipeline *p = pipeline_new(t, "test.csv", NULL), *q = pipeline_with_target(p, "left", NULL);
    char *price_file = write_side("prices.csv", prices), *rate_file = write_side("rates.csv", rates);
    char *by_key = text_format("{\"on\":\"plan\",\"table\":\"%s\",\"columns\":[\"price\"],\"keep\":true}", price_file);
    char *by_time = text_format("{\"how\":\"asof\",\"time\":\"id\",\"on\":{\"plan\":\"kind\"},\"table\":\"%s\"}", rate_file);
    pipeline_unref(p);
    q = help_add(help_add(q, "join", by_key), "join", by_time);
    q = help_add(q, "lag", "{\"columns\":[\"spend\"],\"time\":\"id\",\"by\":[\"plan\"]}");
    q = help_add(q, "rolling", "{\"columns\":[\"spend\"],\"length\":2,\"functions\":[\"mean\",\"quantile\"],\"time\":\"id\"}");
    q = help_add(q, "ewm", "{\"columns\":[\"spend\"],\"alpha\":0.5,\"time\":\"id\"}");
    q = help_add(q, "window", "{\"columns\":[\"spend\"],\"length\":2,\"time\":\"id\"}");
    q = help_add(q, "fill_missing", "{\"columns\":[\"price\",\"rate\",\"spend_lag1\",\"/mean2/\",\"/ewm/\"]}");
    q = help_add(q, "drop", "{\"columns\":[\"id\",\"age\",\"plan\"]}");
    mem_free(price_file);
    mem_free(rate_file);
    mem_free(by_key);
    mem_free(by_time);
    return help_add(q, "standardize", "{}");
}

static void give_side(Forge *f, const char *name, const char *csv)
{
    Error e = {0};
    Table *t = table_read_bytes(NULL, name, (const uint8_t *)csv, strlen(csv), NULL, &e);
    CHECK_OK(t && side_tables_add(&f->sides, name, t, &e), e);
}

/* Each case has a directory of its own. */
static void forge_case(Forge *f, const char *name)
{
    TEST(name);
    mem_free(f->path);
    f->path = io_join(test_directory(), "forged.safetensors");
}

static void check_formats(Forge *f)
{
    static const struct {
        const char *format, *says;
    } cases[] = {
        {"limbeck 5", "format \"limbeck 5\" is newer than \"limbeck 4\""},
        {"limbeck 3", "its net: no option"},
        {"limbeck 0", "format \"limbeck 0\" is unknown"},
        {"limbeck", "format \"limbeck\" is unknown"},
        {"other 1", "format \"other 1\" is unknown"},
        {"", "format \"\" is unknown"},
        {"limbeck 1", "its net: no option"},
    };
    forge_case(f, "a newer format is refused by name; the format and the threshold are part of the hash");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Value *metadata = value_copy(f->metadata);
        value_set(metadata, "format", value_text(cases[i].format));
        write_file(f, metadata);
        Bundle *b = bundle_load(f->path, &e);
        test_check(!b && strstr(e.message, cases[i].says), __FILE__, __LINE__, "%s: %s", cases[i].format, b ? "is read" : e.message);
        bundle_unref(b);
        value_free(metadata);
    }
    Error e = {0};
    Value *metadata = value_copy(f->metadata);
    value_set(metadata, "threshold", value_text("0.25"));
    write_file(f, metadata);
    CHECK(!bundle_load(f->path, &e) && strstr(e.message, "do not agree with its hash"));
    value_free(metadata);
}

static void check_older_formats(Forge *f)
{
    forge_case(f, "models of older formats are still read, say the same, and that their facts carry no hash");
    const char *path = f->path;
    Model *now = f->good->model;
    for (f->good->format = 1; f->good->format < BUNDLE_FORMAT; f->good->format++) {
        Error e = {0};
        Model *old = model_new_old(&now->layers, now->input.shape, now->outputs, &e);
        CHECK_OK(old != NULL, e);
        memcpy(old->weights, now->weights, now->total * sizeof *now->weights);
        f->good->model = old;
        CHECK_OK(bundle_save(f->good, path, &e), e);
        Bundle *b = bundle_load(path, &e);
        CHECK_OK(b != NULL, e);
        CHECK(b && bundle_has_facts_hash(b) == (f->good->format >= BUNDLE_FACTS_FORMAT));
        Table *x = b ? bundle_predict(NULL, b, &(PredictTask){.rows = f->rows}, &e) : NULL,
              *y = bundle_predict(NULL, f->good, &(PredictTask){.rows = f->rows}, &e);
        CHECK(x && y && table_equal(x, y));
        table_unref(x);
        table_unref(y);
        bundle_unref(b);
        model_free(old);
    }
    f->good->model = now;
}

/* Each member of the facts taken away or changed, and facts with the hash of another model: refused. */
static void check_facts(Forge *f)
{
    forge_case(f, "facts are hashed, each of them, together with the model they belong to");
    size_t tried = 0;
    const Value *facts = f->good->facts;
    for (size_t i = 0; i <= facts->size; i++) {
        Error e = {0};
        Value *metadata = value_copy(f->metadata), *other = value_copy(facts);
        value_set(other, i < facts->size ? facts->keys[i] : "more", value_text("other"));
        char *text = json_format(other, JSON_CANONICAL);
        value_set(metadata, "facts", value_text(text));
        write_file(f, metadata);
        Bundle *b = bundle_load(f->path, &e);
        test_check(!b && strstr(e.message, "facts do not agree with their hash"), __FILE__, __LINE__, "%s: %s",
                   i < facts->size ? facts->keys[i] : "more", b ? "is read" : e.message);
        tried++;
        bundle_unref(b);
        mem_free(text);
        value_free(other);
        value_free(metadata);
    }
    CHECK(tried > 8);
    Error e = {0};
    Value *metadata = value_copy(f->metadata);
    value_set(metadata, "facts_hash", value_text(value_get_text(metadata, "hash", "")));
    write_file(f, metadata);
    CHECK(!bundle_load(f->path, &e) && strstr(e.message, "facts do not agree with their hash"));
    value_free(metadata);
}

static Forge forge_begin(Pipeline *(*make)(const Table *t), const char *plan_text)
{
    Forge f = {.path = io_join(test_directory(), "forged.safetensors")};
    Error e = {0};
    Table *table = help_table(160, 4);
    Pipeline *p = make(table);
    TrainPlan *plan = help_plan(&train_spec, plan_text);
    Prepared *d = help_prepare(p);
    f.good = d ? help_train(d, plan, 1, NULL, false) : NULL;
    f.rows = table_head(table, 12, &e);
    if (f.good) {
        CHECK_OK(bundle_save(f.good, f.path, &e), e);
        read_good(&f);
    }
    prepared_free(d);
    params_free(&train_spec, plan);
    pipeline_unref(p);
    table_unref(table);
    return f;
}

static void forge_done(Forge *f)
{
    mem_free(f->path);
    table_unref(f->rows);
    side_tables_done(&f->sides);
    bundle_unref(f->good);
    value_free(f->metadata);
    value_free(f->header);
    mem_free(f->bytes);
}

static const char *const series_keys[] = {"before", "recipe"};

void unit_forged(void)
{
    help_register();
    Forge f = forge_begin(make_pipeline, "{\"net\":[{\"layer\":\"dense\",\"width\":6},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},"
                                         "{\"layer\":\"dropout\",\"rate\":0.1}],\"epochs\":2,\"batch\":32,"
                                         "\"threshold\":{\"costs\":{\"Yes\":{\"No\":5}}}}");
    if (!f.good)
        return;
    check_formats(&f);
    check_facts(&f);
    check_older_formats(&f);
    forge_case(&f, "a model changed at any place is refused or predicts; it never reads past its lists");
    for (size_t i = 0; i < f.metadata->size; i++)
        if (!text_equal(f.metadata->keys[i], "format") && !text_ends(f.metadata->keys[i], "hash"))
            forge_key(&f, f.metadata->keys[i]);
    CHECK(f.refused > 1000);
    CHECK(f.read > 100);
    forge_done(&f);
    f = forge_begin(
        make_pipeline,
        "{\"net\":[{\"layer\":\"conv1d\",\"filters\":3,\"kernel\":2},{\"layer\":\"max_pool\"},{\"layer\":\"flatten\"}],\"epochs\":1}");
    if (!f.good)
        return;
    forge_case(&f, "so is the shape of its net");
    forge_key(&f, "net");
    CHECK(f.refused > 100);
    forge_done(&f);
    f = forge_begin(make_series, "{\"net\":[{\"layer\":\"dense\",\"width\":2}],\"epochs\":1}");
    if (!f.good)
        return;
    give_side(&f, "prices", prices);
    give_side(&f, "rates", rates);
    forge_case(&f, "so are tables beside the rows and what looks back");
    try_metadata(&f, f.metadata);
    CHECK(f.read == 1);
    for (size_t i = 0; i < sizeof series_keys / sizeof *series_keys; i++)
        forge_key(&f, series_keys[i]);
    CHECK(f.refused > 1000);
    CHECK(f.read > 100);
    forge_done(&f);
}
