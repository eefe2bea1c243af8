/* Weights files: a round trip, and headers that lie. */
#include "base/io.h"
#include "tests/unit/net_help.h"

static const char *const net = "[{\"layer\":\"dense\",\"width\":5},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"}]";

static void check_round_trip(void)
{
    TEST("weights come back bit for bit, with their metadata");
    Error e = {0};
    char before[HASH_ROOM], after[HASH_ROOM];
    char *path = io_join(test_directory(), "m.safetensors");
    Model *m = net_model(net, shape_vector(3), 2, 7), *other = net_model(net, shape_vector(3), 2, 8);
    Value *metadata = value_map(), *read = NULL;
    value_set(metadata, "net", value_text("{\"a\": \"\\u00e9\"}"));
    CHECK_OK(weights_save(path, m, metadata, true, &e), e);
    weights_hash(m, before);
    weights_hash(other, after);
    CHECK(strcmp(before, after) != 0);
    CHECK_OK(weights_load(path, other, &e), e);
    weights_hash(other, after);
    CHECK_TEXT(after, before);
    CHECK_OK(weights_read_metadata(path, &read, &e), e);
    CHECK(value_equal(read, metadata));
    value_free(read);
    value_free(metadata);
    model_free(m);
    model_free(other);
    mem_free(path);
}

static void check_layout(void)
{
    TEST("the file is what safetensors says: length, header padded to 8, data in order");
    Error e = {0};
    char *path = io_join(test_directory(), "m.safetensors"), *bytes = NULL;
    size_t size = 0;
    uint64_t length = 0;
    Model *m = net_model("[]", shape_vector(3), 2, 7);
    CHECK_OK(weights_save(path, m, NULL, true, &e), e);
    CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
    memcpy(&length, bytes, 8);
    CHECK_INT(length % 8, 0);
    CHECK_INT(size, 8 + length + 4 * (3 * 2 + 2));
    CHECK(strstr(bytes + 8, "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}") != NULL);
    float weight[6];
    memcpy(weight, bytes + 8 + length, sizeof weight);
    for (int k = 0; k < 6; k++) /* [width, inputs], as torch has it; in memory the other way round */
        CHECK(memcmp(&weight[k], &model_tensor(m, 0).data[k % 3 * 2 + k / 3], sizeof *weight) == 0);
    mem_free(bytes);
    mem_free(path);
    model_free(m);
}

#define WEIGHT "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}"
#define BIAS "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}"

static const struct {
    const char *header, *message; /* NULL: must load */
    uint64_t length;              /* 0: the true one */
    size_t data;
} headers[] = {
    {"{" WEIGHT "," BIAS "}", NULL, 0, 32},
    {"{" BIAS "," WEIGHT "}", NULL, 0, 32},
    {"{" WEIGHT "," BIAS "}", "behind the last tensor", 0, 33},
    {"{" WEIGHT "," BIAS "}", "do not agree with the file", 0, 31},
    {"{" WEIGHT "," BIAS "}", "longer than the file", 1u << 20, 32},
    {"{" WEIGHT "," BIAS "}", "longer than the file", UINT64_MAX, 32},
    {"{" WEIGHT "," BIAS "}", "longer than the file", (uint64_t)INT64_MAX + 9, 32},
    {"{" WEIGHT "}", "1 tensors, but the net has 2", 0, 24},
    {"{" WEIGHT "," BIAS ",\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[32,32]}}", "unknown tensor \"x\"", 0, 32},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[24,32]}}", "not of type F32", 0, 32},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}}", "overlap or leave gaps", 0, 24},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "overlap or leave gaps", 0, 24},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[28,36]}}", "overlap or leave gaps", 0, 36},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[32,24]}}", "do not agree", 0, 32},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[24,32]}}", "do not agree", 0, 32},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[24,24]}}", "do not agree", 0, 32},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,1e9]}}", "do not agree", 0, 32},
    {"{" WEIGHT ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[24,32]}}", "another shape", 0, 32},
    {"{" WEIGHT ",\"0.bias\":[]}", "not of type F32", 0, 32},
    {"{" WEIGHT "," BIAS ",\"__metadata__\":{\"a\":1}}", "allows only text", 0, 32},
    {"{" WEIGHT "," BIAS ",\"__metadata__\":[]}", "not a map", 0, 32},
    {"[]", "not a JSON object", 0, 0},
    {"{\"0.weight\":", "bad header", 0, 0},
    {"", "bad header", 0, 0},
};

static void write_file(const char *path, size_t i)
{
    Error e = {0};
    Text t = {0};
    uint64_t length = headers[i].length ? headers[i].length : strlen(headers[i].header);
    text_add_bytes(&t, &length, 8);
    text_add(&t, headers[i].header);
    for (size_t k = 0; k < headers[i].data; k++)
        text_add_char(&t, 'a');
    CHECK_OK(io_replace(path, t.bytes, t.size, &e), e);
    text_done(&t);
}

static void check_hostile(void)
{
    TEST("headers that lie are refused and change nothing");
    char *path = io_join(test_directory(), "h.safetensors");
    Model *m = net_model("[]", shape_vector(3), 2, 7);
    char before[HASH_ROOM], after[HASH_ROOM];
    weights_hash(m, before);
    for (size_t i = sizeof headers / sizeof *headers; i-- > 2;) {
        Error e = {0};
        write_file(path, i);
        CHECK(!weights_load(path, m, &e));
        test_check(strstr(e.message, headers[i].message) != NULL, __FILE__, __LINE__, "header %zu: %s", i, e.message);
        weights_hash(m, after);
        CHECK_TEXT(after, before);
    }
    for (size_t i = 0; i < 2; i++) {
        Error e = {0};
        write_file(path, i);
        CHECK_OK(weights_load(path, m, &e), e);
    }
    model_free(m);
    mem_free(path);
}

static void check_places(void)
{
    TEST("a missing file, a directory and a short file");
    Error e = {0};
    Model *m = net_model("[]", shape_vector(3), 2, 7);
    char *path = io_join(test_directory(), "short");
    CHECK(!weights_load(path, m, &e));
    CHECK(strstr(e.message, "no such file") != NULL);
    CHECK(!weights_load(test_directory(), m, &e));
    CHECK(strstr(e.message, "not a regular file") != NULL);
    CHECK_OK(io_replace(path, "abc", 3, &e), e);
    CHECK(!weights_load(path, m, &e));
    CHECK(strstr(e.message, "shorter than 8 bytes") != NULL);
    mem_free(path);
    model_free(m);
}

void unit_weights(void);
void unit_weights(void)
{
    net_register();
    check_round_trip();
    check_layout();
    check_hostile();
    check_places();
}
