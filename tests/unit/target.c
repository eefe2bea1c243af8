/* What a target is: classes or values, by its type and its number of values, or as it is told; what was chosen is said. */
#include "learn/batch.h"
#include "tests/unit/learn_help.h"

enum { ROWS = 120 };

static Table *table_of(ColumnType type, size_t distinct)
{
    Error e = {0};
    Table *t = table_new(ROWS);
    Column *c = column_new(type, ROWS, &e);
    for (size_t i = 0; i < ROWS; i++) {
        char text[16];
        snprintf(text, sizeof text, "v%zu", i % distinct);
        if (type == COLUMN_INT)
            c->data.ints[i] = (int64_t)(i % distinct);
        else if (type == COLUMN_REAL)
            c->data.reals[i] = (double)(i % distinct) + 0.5;
        else
            column_set_text(c, i, text, strlen(text), NULL);
    }
    CHECK_OK(table_add(t, "y", c, &e), e);
    return t;
}

static const char counted[] = "the 11 different numbers of y are predicted as a number; target_type = \"classes\" predicts which it is";
static const char classed[] = "the 5 different numbers of y are taken as classes; target_type = \"values\" predicts the number";

static const struct {
    ColumnType type;
    size_t distinct;
    int target_type;
    const char *positive;
    size_t classes;   /* 0: values */
    const char *said; /* a note, or the error when it is refused; NULL: nothing about classes or values */
    bool refused;
} cases[] = {
    {COLUMN_INT, 2, TARGET_AUTO, NULL, 2, NULL, false},
    {COLUMN_INT, 2, TARGET_VALUES, NULL, 0, NULL, false},
    {COLUMN_INT, 5, TARGET_AUTO, NULL, 5, classed, false},
    {COLUMN_INT, 5, TARGET_CLASSES, NULL, 5, NULL, false},
    {COLUMN_INT, 5, TARGET_VALUES, NULL, 0, NULL, false},
    {COLUMN_INT, 11, TARGET_AUTO, NULL, 0, counted, false},
    {COLUMN_INT, 11, TARGET_CLASSES, NULL, 11, NULL, false},
    {COLUMN_INT, 40, TARGET_AUTO, NULL, 0, NULL, false},
    {COLUMN_INT, 40, TARGET_CLASSES, NULL, 40, NULL, false},
    {COLUMN_REAL, 2, TARGET_AUTO, NULL, 2,
     "the 2 different numbers of y are taken as classes; target_type = \"values\" predicts the number", false},
    {COLUMN_REAL, 2, TARGET_VALUES, NULL, 0, NULL, false},
    {COLUMN_REAL, 11, TARGET_AUTO, NULL, 0, counted, false},
    {COLUMN_TEXT, 3, TARGET_AUTO, NULL, 3, NULL, false},
    {COLUMN_TEXT, 3, TARGET_CLASSES, NULL, 3, NULL, false},
    {COLUMN_TEXT, 3, TARGET_VALUES, NULL, 0, "target_type = \"values\" needs numbers, but y is text; cast it, or leave target_type out",
     true},
    {COLUMN_INT, 11, TARGET_AUTO, "3", 11, NULL, false},
    {COLUMN_INT, 2, TARGET_VALUES, "1", 0,
     "positive = \"1\" names a class, but target_type = \"values\" predicts the number; give one of both", true},
};

static const char *said_of_type(const TextList *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strstr(notes->items[i], "target_type"))
            return notes->items[i];
    return NULL;
}

static void check_case(size_t i)
{
    Error e = {0};
    TargetInfo info;
    TextList notes = {0};
    Table *t = table_of(cases[i].type, cases[i].distinct);
    Roles roles = {.target = "y", .positive = cases[i].positive, .target_type = cases[i].target_type};
    bool ok = target_info_find(t, &roles, &info, &notes, &e);
    const char *said = ok ? said_of_type(&notes) : e.message;
    CHECK_INT(ok, !cases[i].refused);
    CHECK_TEXT(said ? said : "", cases[i].said ? cases[i].said : "");
    if (ok) {
        CHECK_INT(target_classes(&info), cases[i].classes);
        target_info_done(&info);
    }
    text_list_done(&notes);
    table_unref(t);
}

void unit_target(void);
void unit_target(void)
{
    help_register();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TEST("classes or values: by the numbers, or as told; the choice is said");
        check_case(i);
    }
}
