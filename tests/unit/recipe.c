/* Recipes: edits share nothing they could break, fitting sees training rows only, the target is out of reach, and reports count. */
#include "steps/recipe.h"

#include "base/json.h"
#include "tests/unit/csv_help.h"

static Recipe *recipe_from(const char *json)
{
    Error e = {0};
    Value *v = json_parse(json, strlen(json), &e);
    Recipe *r = v ? recipe_from_value(v, &e) : NULL;
    test_check(r != NULL, __FILE__, __LINE__, "%s: %s", json, e.message);
    value_free(v);
    return r;
}

static char *recipe_text(const Recipe *r, bool with_state)
{
    Value *v = recipe_to_value(r, with_state);
    char *text = json_format(v, JSON_COMPACT);
    value_free(v);
    return text;
}

static const char *const train_csv = "id,x,plan,churn\n1,1,b,yes\n2,,a,no\n3,5,b,no\n4,9,,yes\n";
static const char *const recipe_json =
    "[{\"step\":\"drop\",\"columns\":[\"id\"]},{\"step\":\"fill_missing\"},{\"step\":\"clip_outliers\",\"high\":0.9},"
    "{\"step\":\"one_hot\"},{\"step\":\"standardize\"}]";

static void fitting(void)
{
    TEST("what a recipe learns depends on training rows only");
    Error e = {0};
    Roles roles = {.target = "churn"};
    Recipe *r = recipe_from(recipe_json);
    Table *train = csv_table(train_csv), *out = NULL;
    Table *others[] = {csv_table("id,x,plan,churn\n9,100000,zzz,no\n"), csv_table("id,x,plan\n9,,b\n8,3,new\n")};
    Recipe *fitted = recipe_fit(NULL, r, train, &roles, 7, &out, &e);
    test_check(fitted != NULL, __FILE__, __LINE__, "%s", e.message);
    char *text = csv_text(out), *before = recipe_text(fitted, true);
    CHECK_TEXT(text, "x,churn,plan=a,plan=b\n-1.5403080924308108,yes,false,true\n0.14002800840280097,no,true,false\n"
                     "0.14002800840280097,no,false,true\n1.2602520756252087,yes,false,true\n");
    mem_free(text);
    for (size_t i = 0; i < 2; i++) {
        Table *applied = recipe_apply(NULL, fitted, others[i], &roles, &e);
        test_check(applied && applied->rows == others[i]->rows, __FILE__, __LINE__, "apply: %s", e.message);
        CHECK_INT(table_find(applied, "churn") != TABLE_NONE, i == 0);
        CHECK_INT(table_find(applied, "plan=zzz"), TABLE_NONE);
        table_unref(applied);
        char *after = recipe_text(fitted, true);
        CHECK_TEXT(after, before);
        mem_free(after);
        table_unref(others[i]);
    }
    Table *plain = recipe_apply(NULL, r, train, &roles, &e);
    CHECK(!plain && strstr(e.message, "step 2 (fill_missing): it has not been fitted"));
    mem_free(before);
    recipe_unref(r);
    recipe_unref(fitted);
    table_unref(train);
    table_unref(out);
}

static void target(void)
{
    static const struct {
        const char *recipe, *says;
    } cases[] = {
        {"[{\"step\":\"derive\",\"name\":\"leak\",\"as\":\"churn == 'yes'\"}]", "step 1 (derive): leak: it reads the target \"churn\""},
        {"[{\"step\":\"one_hot\",\"columns\":[\"churn\"]}]", "step 1 (one_hot): "},
        {"[{\"step\":\"standardize\",\"columns\":[\"nope\"]}]", "nope"},
        {"[{\"step\":\"drop\",\"columns\":[\"id\"]},{\"step\":\"log1p\",\"columns\":[\"id\"]}]", "step 2 (log1p): "},
    };
    TEST("no step reads the target; errors name their step");
    Roles roles = {.target = "churn"};
    Table *t = csv_table(train_csv);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Recipe *r = recipe_from(cases[i].recipe), *fitted = recipe_fit(NULL, r, t, &roles, 7, NULL, &e);
        test_check(!fitted && strstr(e.message, cases[i].says), __FILE__, __LINE__, "%s says %s", cases[i].recipe, e.message);
        recipe_unref(r);
        recipe_unref(fitted);
    }
    table_unref(t);
}

static void edits(void)
{
    TEST("edits make new recipes and leave the old one");
    Recipe *r = recipe_from(recipe_json), *moved = recipe_move(r, 0, 4), *back = recipe_move(moved, 4, 0);
    Recipe *off = recipe_switch(r, 3, true), *head = recipe_slice(r, 0, 2), *tail = recipe_slice(r, 2, 5),
           *both = recipe_concat(head, tail);
    Recipe *without = recipe_remove(r, 1), *with = recipe_insert(without, 1, r->uses[1].step, r->uses[1].params);
    char *was = recipe_text(r, false);
    Recipe *same[] = {back, both, with};
    for (size_t i = 0; i < 3; i++) {
        char *is = recipe_text(same[i], false);
        CHECK_TEXT(is, was);
        mem_free(is);
    }
    CHECK_TEXT(moved->uses[4].step->spec.name, "drop");
    CHECK_TEXT(moved->uses[0].step->spec.name, "fill_missing");
    CHECK_INT(without->count, 4);
    CHECK(off->uses[3].off && !r->uses[3].off);
    mem_free(was);
    Recipe *all[] = {r, moved, back, off, head, tail, both, without, with};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        recipe_unref(all[i]);
    Error e = {0};
    static const char misspelled[] = "[{\"step\":\"fil_missing\"}]";
    Value *wrong = json_parse(misspelled, sizeof misspelled - 1, &e);
    CHECK(!recipe_from_value(wrong, &e) && strstr(e.message, "step 1: no step \"fil_missing\"; did you mean \"fill_missing\"?"));
    value_free(wrong);
}

static void reports(void)
{
    TEST("the report of a step counts cells, rows and columns");
    Error e = {0};
    Table *before = csv_table("x,y,t\n1,1,a\n2,2,b\n3,3,c\n");
    Recipe *r = recipe_from("[{\"step\":\"filter\",\"where\":\"x > 1\"},{\"step\":\"derive\",\"name\":\"x\",\"as\":\"if(x > 2, null, x)\"},"
                            "{\"step\":\"derive\",\"name\":\"z\",\"as\":\"1\"},{\"step\":\"drop\",\"columns\":[\"t\"]}]");
    Table *after = recipe_apply(NULL, r, before, NULL, &e);
    test_check(after != NULL, __FILE__, __LINE__, "%s", e.message);
    StepEffectReport is;
    recipe_compare(before, after, &is);
    CHECK_INT(is.rows_before, 3);
    CHECK_INT(is.rows_after, 2);
    CHECK_INT(is.cells_touched, 1);
    CHECK_INT(is.made_missing, 1);
    CHECK_INT(is.columns_touched, 1);
    CHECK_INT(is.columns_added, 1);
    CHECK_INT(is.columns_removed, 1);
    table_unref(before);
    table_unref(after);
    recipe_unref(r);
}

static void absent_target(void)
{
    TEST("steps that name the target work on rows without it");
    Error e = {0};
    Roles roles = {.target = "y"};
    Recipe *r =
        recipe_from("[{\"step\":\"rename\",\"columns\":{\"Y\":\"y\"}},{\"step\":\"cast\",\"columns\":[\"y\"],\"to\":\"text\"},"
                    "{\"step\":\"filter\",\"where\":\"not is_missing(y)\"},{\"step\":\"drop_duplicates\"},{\"step\":\"snake_case\"}]");
    Table *t = csv_table("A b,c\n1,2\n2,2\n"), *out = recipe_apply(NULL, r, t, &roles, &e);
    test_check(out != NULL, __FILE__, __LINE__, "%s", e.message);
    char *text = out ? csv_text(out) : NULL;
    CHECK_TEXT(text, "a_b,c\n1,2\n2,2\n");
    mem_free(text);
    table_unref(t);
    table_unref(out);
    recipe_unref(r);
}

void unit_recipe(void)
{
    fitting();
    target();
    edits();
    reports();
    absent_target();
}
