/* Forms over declared things: moving, typing, refusing, and painting for every member of the registry. */
#include "cli/cli.h"
#include "tests/unit/test.h"
#include "tui/form.h"
#include "tui/list.h"

typedef struct Sample {
    int method;
    double low;
    int64_t width;
    bool keep;
    char *name;
    double fence;
} Sample;

static const char *const methods[] = {"quantile", "iqr", "mad", NULL};
static const Field fields[] = {
    {CHOICE_FIELD(Sample, method), .doc = "how the fence is found", .def = "quantile", .choices = methods},
    {REAL_FIELD(Sample, low), .doc = "the lower fence", .def = "0.01", .min = 0, .max = 0.5, .soft_min = 0, .soft_max = 0.05},
    {INT_FIELD(Sample, width), .doc = "units", .def = "64", .min = 1, .max = 4096, .scale = SCALE_LOG},
    {FLAG_FIELD(Sample, keep), .doc = "keep the old column", .def = "false"},
    {TEXT_FIELD(Sample, name), .doc = "of the new column", .def = ""},
    {REAL_FIELD(Sample, fence), .doc = "times the spread", .def = "1.5", .min = 0, .max = 10, .when = "method=iqr|mad"},
    {0},
};
static const Spec sample = {.name = "sample", .doc = "A thing to fill in", .params = fields, .params_size = sizeof(Sample)};

static void press(Form *f, const char *keys)
{
    for (; *keys; keys++) {
        Key k = {KEYS_CHAR, (uint32_t)(unsigned char)*keys};
        if (*keys == '\t' || *keys == '\b')
            k = (Key){*keys == '\t' ? KEYS_TAB : KEYS_BACKSPACE, 0};
        if (*keys == '<' || *keys == '>')
            k = (Key){*keys == '<' ? KEYS_LEFT : KEYS_RIGHT, 0};
        form_key(f, k);
    }
}

static const Sample *held(const Form *f)
{
    return f->params;
}

static void unit_typing(void)
{
    Form f;
    Error e = {0};
    TEST("arrows, letters and Space change a field at once");
    CHECK_OK(form_init(&f, &sample, NULL, &e), e);
    press(&f, ">");
    CHECK_INT(held(&f)->method, 1);
    press(&f, "m");
    CHECK_INT(held(&f)->method, 2);
    press(&f, "\t>>");
    CHECK_NEAR(held(&f)->low, 0.014, 1e-15);
    press(&f, "\t>");
    CHECK_INT(held(&f)->width, 128);
    press(&f, "\t ");
    CHECK(held(&f)->keep);
    TEST("what is typed is set as soon as it can be read; a number is typed anew");
    press(&f, "\tab\bc\t");
    CHECK_TEXT(held(&f)->name, "ac");
    press(&f, "3");
    CHECK_NEAR(held(&f)->fence, 3, 0);
    press(&f, "x");
    CHECK(f.error.code != ERROR_NONE && held(&f)->fence == 3); /* what cannot be read changes nothing */
    press(&f, "\b");
    CHECK_INT(form_key(&f, (Key){KEYS_ENTER, 0}), FORM_APPLY);
    CHECK_NEAR(held(&f)->fence, 3, 0);
    TEST("a bad value keeps the field and says why");
    press(&f, "99\t");
    CHECK(f.error.code != ERROR_NONE && text_equal(form_field(&f)->name, "fence"));
    CHECK_INT(form_key(&f, (Key){KEYS_ENTER, 0}), FORM_STAY);
    CHECK_INT(form_key(&f, (Key){KEYS_ESCAPE, 0}), FORM_CANCEL);
    form_done(&f);
}

static void unit_conditions(void)
{
    Form f;
    Error e = {0};
    Value *v = value_map();
    value_set(v, "method", value_text("iqr"));
    value_set(v, "fence", value_real(2));
    TEST("a field whose condition fails is passed over and not part of the value");
    CHECK_OK(form_init(&f, &sample, v, &e), e);
    press(&f, "<");
    CHECK_INT(held(&f)->method, 0);
    Value *out = form_value(&f);
    CHECK(value_get(out, "fence") == NULL && out->size == 0);
    value_free(out);
    press(&f, "\t\t\t\t\t");
    CHECK_TEXT(form_field(&f)->name, "method");
    form_done(&f);
    value_set(v, "nope", value_int(1));
    CHECK(!form_init(&f, &sample, v, &e));
    value_free(v);
}

static void unit_look(void)
{
    Form f;
    Cells c;
    Text t = {0};
    Error e = {0};
    cells_init(&c, 70, 8);
    Pen p = pen_on(&c, (Rect){0, 0, 70, 8});
    CHECK_OK(form_init(&f, &sample, NULL, &e), e);
    press(&f, "\t");
    form_paint(&p, (Rect){0, 0, 70, 8}, &f);
    cells_text(&c, &t);
    TEST("a form as text");
    CHECK_TEXT(text_get(&t), "A thing to fill in\n"
                             "low  the lower fence\n"
                             "  method  quantile        quantile iqr mad\n"
                             "▸ low     0.01            0 ━━━●────────── 0.05   0 to 0.5, sensible …\n"
                             "  width   64              1 to 4096, log\n"
                             "  keep    false           keep the old column\n"
                             "  name                                        of the new column\n"
                             "  fence   1.5             method = iqr or mad only\n");
    CHECK_INT(form_rows(&f), 8);
    form_done(&f);
    text_done(&t);
    cells_done(&c);
}

/* Any form at 60 columns, each field in turn: nothing leaves its area. */
static void check_member(const Spec *spec)
{
    Form f;
    Error e = {0};
    CHECK_OK(form_init(&f, spec, NULL, &e), e);
    for (size_t i = 0; f.spec && i <= form_field_count(&f); i++) {
        Cells c;
        cells_init(&c, 62, 10);
        Pen p = pen_on(&c, (Rect){0, 0, 62, 10});
        form_paint(&p, (Rect){1, 1, 60, 8}, &f);
        bool clean = true, marked = form_field_count(&f) == 0;
        for (int y = 0; y < 10; y++) {
            clean = clean && cells_at(&c, 0, y)->glyph == ' ' && cells_at(&c, 61, y)->glyph == ' ';
            marked = marked || cells_at(&c, 1, y)->glyph == 0x25B8;
        }
        test_check(clean && marked, __FILE__, __LINE__, "form of %s, field %zu: outside its area or without its mark", spec->name, i);
        cells_done(&c);
        form_key(&f, (Key){KEYS_TAB, 0});
    }
    form_done(&f);
}

static void unit_members(void)
{
    families_register();
    TEST("a form for every declared thing at 60 columns");
    CHECK(registry_families() > 3);
    for (size_t i = 0; i < registry_families(); i++) {
        for (size_t k = 0; k < registry_family(i)->count; k++)
            check_member(registry_family(i)->members[k]);
    }
}

static void unit_input(void)
{
    Input in;
    TEST("the line editor keeps whole characters and the caret in sight");
    input_init(&in, "a\xC3\xA4 b");
    input_key(&in, (Key){KEYS_CONTROL, 'w'});
    CHECK_TEXT(in.text, "a\xC3\xA4 ");
    input_key(&in, (Key){KEYS_LEFT, 0});
    input_key(&in, (Key){KEYS_BACKSPACE, 0});
    CHECK_TEXT(in.text, "a ");
    input_key(&in, (Key){KEYS_CHAR, 0x6F22});
    input_key(&in, (Key){KEYS_HOME, 0});
    input_key(&in, (Key){KEYS_RIGHT, 0});
    input_key(&in, (Key){KEYS_DELETE, 0});
    CHECK_TEXT(in.text, "a ");
    CHECK(!input_key(&in, (Key){KEYS_UP, 0}));
    TEST("a line begins unselected, whatever its memory held");
    Input rubbish;
    memset(&rubbish, 1, sizeof rubbish);
    input_init(&rubbish, "x");
    input_key(&rubbish, (Key){KEYS_CHAR, 'y'});
    CHECK_TEXT(rubbish.text, "xy");
    input_done(&rubbish);
    TEST("an old value is selected: typing or pasting replaces it, moving keeps it; pasted lines become one");
    input_set(&in, "old");
    input_select(&in);
    input_key(&in, (Key){KEYS_CHAR, 'n'});
    CHECK_TEXT(in.text, "n");
    input_set(&in, "old");
    input_select(&in);
    input_key(&in, (Key){KEYS_LEFT, 0});
    input_key(&in, (Key){KEYS_CHAR, 'n'});
    CHECK_TEXT(in.text, "olnd");
    input_select(&in);
    CHECK(!input_key(&in, (Key){KEYS_UP, 0}) && in.selected);
    input_key(&in, (Key){KEYS_BACKSPACE, 0});
    CHECK_TEXT(in.text, "");
    input_set(&in, "old");
    input_select(&in);
    input_paste(&in, "a\tb\r\nc\nd\x1b[A\xE6\xBC\xA2\n\n");
    CHECK_TEXT(in.text, "a b c d[A\xE6\xBC\xA2");
    input_key(&in, (Key){KEYS_HOME, 0});
    input_paste(&in, "x\n");
    CHECK_TEXT(in.text, "xa b c d[A\xE6\xBC\xA2");
    CHECK_INT(in.caret, 1);
    input_set(&in, "0123456789");
    Cells c;
    Text t = {0};
    cells_init(&c, 6, 1);
    Pen p = pen_on(&c, (Rect){0, 0, 6, 1});
    input_paint(&p, 0, 0, 6, &in, true, NULL);
    cells_text(&c, &t);
    CHECK_TEXT(text_get(&t), "\u20266789\n"); /* what is cut says so */
    CHECK_INT(cells_at(&c, 5, 0)->ground, GROUND_CELL);
    text_done(&t);
    cells_done(&c);
    input_done(&in);
}

static void unit_list(void)
{
    ListState s = {0};
    TEST("a list keeps its cursor in range and in sight, also when items vanish");
    list_key(&s, (Key){KEYS_CHAR, 'G'}, 100, 10);
    CHECK(s.cursor == 99 && s.top == 90);
    list_key(&s, (Key){KEYS_PAGE_UP, 0}, 100, 10);
    CHECK(s.cursor == 89 && s.top == 89);
    list_fix(&s, 5, 10);
    CHECK(s.cursor == 4 && s.top == 0);
    list_fix(&s, 0, 10);
    CHECK(s.cursor == 0 && list_key(&s, (Key){KEYS_DOWN, 0}, 0, 0) && s.cursor == 0);
    CHECK(!list_key(&s, (Key){KEYS_CHAR, 'x'}, 5, 5));
}

void unit_form(void);
void unit_form(void)
{
    unit_typing();
    unit_conditions();
    unit_look();
    unit_members();
    unit_input();
    unit_list();
}
