/* Recipe JSON, states included: what is accepted is written and read back the same, and works on rows without a crash. */
#include "steps/side.h"
#include "tests/fuzz/fuzz.h"

static void apply(const Recipe *r)
{
    Error e = {0};
    Roles roles = {.target = "b", .key = "k"};
    SideTables none = {0}; /* rows from elsewhere: no file is opened that a recipe names */
    Table *out = recipe_apply_watched(NULL, r, fuzz_table(), &roles, &(RecipeWatch){.sides = &none}, &e);
    fuzz_check(out, &e);
    table_unref(out);
}

static void compare_again(const Recipe *r)
{
    Error e = {0};
    Value *v = recipe_to_value(r, true);
    Recipe *again = recipe_from_value(v, &e);
    Value *second = again ? recipe_to_value(again, true) : NULL;
    char *a = json_format(v, JSON_CANONICAL), *b = second ? json_format(second, JSON_CANONICAL) : NULL;
    if (!b || strcmp(a, b) != 0) {
        fprintf(stderr, "%s\n%s\n%s\n", a, b ? b : "NULL", e.message);
        abort();
    }
    mem_free(a);
    mem_free(b);
    value_free(v);
    value_free(second);
    recipe_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    fuzz_families();
    Value *v = json_parse((const char *)data, size, &e);
    Recipe *r = v ? recipe_from_value(v, &e) : NULL;
    fuzz_check(r, &e);
    if (r) {
        compare_again(r);
        apply(r);
    }
    recipe_unref(r);
    value_free(v);
    return 0;
}
