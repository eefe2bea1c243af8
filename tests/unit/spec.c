/* Fields: defaults, ranges, choices, `when`, nearest names, round trips. */
#include "spec/params.h"

#include "base/json.h"
#include "spec/faces.h"
#include "spec/registry.h"
#include "tests/unit/test.h"

typedef struct Still {
    double low;
    int64_t count;
    bool flag;
    int method;
    char *name;
    TextList columns;
    NumberList cuts;
    Value *free_form;
} Still;

static const char *const methods[] = {"quantile", "iqr", NULL};
static const Field still_fields[] = {
    {REAL_FIELD(Still, low), .doc = "lower", .def = "0.01", .min = 0, .max = 0.5, .when = "method=quantile"},
    {INT_FIELD(Still, count), .doc = "how many", .def = "3", .min = 1, .max = 100},
    {FLAG_FIELD(Still, flag), .doc = "mark", .def = "false"},
    {CHOICE_FIELD(Still, method), .doc = "fence", .def = "quantile", .choices = methods},
    {TEXT_FIELD(Still, name), .doc = "new column"},
    {COLUMNS_FIELD(Still, columns), .doc = "which", .def = "numeric"},
    {NUMBERS_FIELD(Still, cuts), .doc = "cuts", .def = ""},
    {VALUE_FIELD(Still, free_form), .doc = "anything", .def = ""},
    {0},
};
static const Spec still_spec = {.name = "still", .doc = "for this test", .params = still_fields, .params_size = sizeof(Still)};

static Still *still_from(const char *json, Error *e)
{
    Value *v = json_parse(json, strlen(json), e);
    Still *s = v ? params_from_value(&still_spec, v, e) : NULL;
    value_free(v);
    return s;
}

static void refusals(void)
{
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"{}", "\"name\" is required"},
        {"{\"name\":\"a\",\"low\":0.7}", "\"low\" is 0.7, allowed is 0 to 0.5"},
        {"{\"name\":\"a\",\"count\":1.5}", "\"count\" must be an integer, found a"},
        {"{\"name\":\"a\",\"method\":\"quantil\"}", "did you mean \"quantile\"?"},
        {"{\"name\":\"a\",\"cout\":2}", "no option \"cout\"; did you mean \"count\"?"},
        {"{\"name\":\"a\",\"method\":\"iqr\",\"low\":0.2}", "\"low\" needs method=quantile"},
        {"{\"name\":\"a\",\"columns\":[1]}", "item 1 is a"},
        {"{\"name\":\"a\",\"flag\":3}", "\"flag\" must be true or false"},
    };
    TEST("what is wrong is refused, with the remedy");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Still *s = still_from(cases[i].json, &e);
        test_check(!s && strstr(e.message, cases[i].says), __FILE__, __LINE__, "%s says: %s", cases[i].json, e.message);
        params_free(&still_spec, s);
    }
}

static void round_trips(void)
{
    Error e = {0};
    TEST("values go in and come out the same, JSON and back");
    Still *s = still_from("{\"name\":\"x\",\"low\":0.05,\"columns\":[\"a\",\"!b\"],\"cuts\":[1,2.5],\"free_form\":{\"k\":[1,null]}}", &e);
    CHECK_OK(s != NULL, e);
    if (!s)
        return;
    Value *v = fields_to_value(still_fields, s, false);
    char *json = json_format(v, JSON_CANONICAL);
    CHECK_TEXT(json, "{\"columns\":[\"a\",\"!b\"],\"cuts\":[1.0,2.5],\"free_form\":{\"k\":[1,null]},\"low\":0.05,\"name\":\"x\"}");
    Still *again = params_from_value(&still_spec, v, &e);
    CHECK(again && params_equal(&still_spec, s, again));
    Still *copy = params_copy(&still_spec, s);
    CHECK(params_equal(&still_spec, s, copy));
    Text lua = {0};
    face_lua_value(v, &lua);
    CHECK_TEXT(text_get(&lua),
               "{ low = 0.05, name = \"x\", columns = { \"a\", \"!b\" }, cuts = { 1.0, 2.5 }, free_form = { k = { 1, nil } } }");
    text_done(&lua);
    mem_free(json);
    value_free(v);
    params_free(&still_spec, s);
    params_free(&still_spec, again);
    params_free(&still_spec, copy);
}

static void as_typed(void)
{
    Error e = {0};
    TEST("a field set as typed shows the same text again");
    Still *s = params_new(&still_spec);
    static const struct {
        const char *field, *typed, *shown;
    } cases[] = {{"low", "0.25", "0.25"},  {"count", "7", "7"}, {"flag", "yes", "true"},
                 {"method", "iqr", "iqr"}, {"name", "n", "n"},  {"columns", "a, b c ,!d", "a, b c, !d"},
                 {"cuts", "1, 2", "1, 2"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Field *f = fields_find(still_fields, cases[i].field);
        CHECK_OK(field_set_text(f, s, cases[i].typed, "form", &e), e);
        char *shown = field_text(f, s);
        CHECK_TEXT(shown, cases[i].shown);
        mem_free(shown);
    }
    CHECK(!field_is_enabled(still_fields, fields_find(still_fields, "low"), s));
    params_free(&still_spec, s);
}

static void structured_as_typed(void)
{
    TEST("a structured value is typed as JSON or as a table of Lua, such as the form itself shows");
    static const struct {
        const char *typed, *json;
    } cases[] = {{"{\"total\": \"sum(x)\"}", "{\"total\":\"sum(x)\"}"},
                 {"{total = \"sum(x)\", late = \"count() where h > 22\"}", "{\"late\":\"count() where h > 22\",\"total\":\"sum(x)\"}"},
                 {" { file = \"a.csv\", steps = { { step = \"drop\", n = -2.5 }, { [\"odd name\"] = true } } } ",
                  "{\"file\":\"a.csv\",\"steps\":[{\"n\":-2.5,\"step\":\"drop\"},{\"odd name\":true}]}"},
                 {"{total = sum(x)}", "\"{total = sum(x)}\""}, /* neither: words */
                 {"{a = lb.relu {}}", "\"{a = lb.relu {}}\""},
                 {"{a = 1} b", "\"{a = 1} b\""}};
    const Field *f = fields_find(still_fields, "free_form");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Still *s = params_new(&still_spec);
        CHECK_OK(field_set_text(f, s, cases[i].typed, "form", &e), e);
        char *json = json_format(s->free_form, JSON_CANONICAL);
        CHECK_TEXT(json, cases[i].json);
        mem_free(json);
        params_free(&still_spec, s);
    }
}

void unit_spec(void)
{
    refusals();
    round_trips();
    as_typed();
    structured_as_typed();
}
