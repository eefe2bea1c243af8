/* Key names and .keys files. */
#include "tests/unit/test.h"
#include "tui/key.h"

static void unit_names(void)
{
    static const char *const same[] = {"j",       "G", "<Enter>", "<Esc>",    "<Space>", "<C-c>", "<F1>", "<F12>",
                                       "<S-Tab>", "<", ">",       "\xC3\xA4", "<PgUp>",  "<EOF>", "[",    "&"};
    TEST("a key's name reads back as the key");
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        Key k;
        char name[16];
        CHECK(key_parse(same[i], &k));
        CHECK_TEXT(key_label(k, name), same[i]);
    }
    static const char *const bad[] = {"", "jj", "<Nope>", "<F0>", "<F99>", "<C->", "\x01", "\xFF"};
    TEST("what is no key is refused");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Key k;
        CHECK(!key_parse(bad[i], &k));
    }
    Key a, b;
    TEST("aliases and case of control letters");
    CHECK(key_parse("<CR>", &a) && key_parse("<Enter>", &b) && key_equal(a, b));
    CHECK(key_parse("<C-L>", &a) && key_parse("<C-l>", &b) && key_equal(a, b));
}

static void unit_files(void)
{
    static const char file[] = "# a comment\n\nj\r\n<wait:epoch=3>\n<snap:03-train>\n<resize:80x24>\n:save x.lua\n:\ntext:# abc \n#\n";
    KeysScript s;
    Error e = {0};
    TEST("a .keys file");
    CHECK_OK(keys_parse("a.keys", file, sizeof file - 1, &s, &e), e);
    CHECK_INT(s.count, 8);
    CHECK(s.count == 8 && s.steps[0].kind == KEYS_STEP_KEY && s.steps[0].line == 3);
    CHECK_TEXT(s.steps[1].text, "epoch=3");
    CHECK(s.steps[2].kind == KEYS_STEP_SNAP && s.steps[3].kind == KEYS_STEP_RESIZE);
    CHECK_TEXT(s.steps[4].text, ":save x.lua");
    CHECK(key_is(s.steps[5].key, ':') && key_is(s.steps[7].key, '#'));
    CHECK_TEXT(s.steps[6].text, "# abc ");
    keys_done(&s);
    TEST("errors name the line");
    CHECK(!keys_parse("a.keys", "j\nnope\n", 7, &s, &e));
    CHECK_INT(e.line, 2);
    CHECK(!keys_parse("a.keys", "<snap:../x>\n", 12, &s, &e));
    TEST("an empty file has no steps");
    CHECK_OK(keys_parse("a.keys", "<paste:a > b\\nc\\\\t>\n", 20, &s, &e), e);
    CHECK(s.count == 1 && s.steps[0].kind == KEYS_STEP_PASTE && text_equal(s.steps[0].text, "a > b\nc\\t"));
    keys_done(&s);
    CHECK(keys_parse("a.keys", "", 0, &s, &e) && s.count == 0);
    keys_done(&s);
}

void unit_key(void);
void unit_key(void)
{
    unit_names();
    unit_files();
}
