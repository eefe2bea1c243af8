/* Theme files: inheritance, warnings, computed colors, and the files that we ship. */
#include "base/io.h"
#include "tests/unit/test.h"
#include "tui/theme.h"

static Theme *load_text(const char *json, TextList *warnings, Error *e)
{
    char *path = io_join(test_directory(), "t.json");
    Theme *t = io_replace(path, json, strlen(json), e) ? theme_load(path, warnings, e) : NULL;
    mem_free(path);
    return t;
}

static void unit_shipped(void)
{
    static const char *const names[] = {"terminal", "dark", "light", "mono"};
    TEST("our own themes load without a warning and pass their check");
    for (size_t i = 0; i < 4; i++) {
        TextList warnings = {0};
        Text report = {0};
        Error e = {0};
        Theme *t = theme_load(names[i], &warnings, &e);
        CHECK_OK(t != NULL, e);
        if (!t)
            continue;
        CHECK_TEXT(t->name, names[i]);
        CHECK_TEXT(warnings.count ? warnings.items[0] : "", "");
        CHECK_TEXT(theme_check(t, &report) ? "" : text_get(&report), "");
        text_list_done(&warnings);
        text_done(&report);
        theme_free(t);
    }
    TextList list = {0};
    Error e = {0};
    CHECK_OK(theme_list(&list, &e), e);
    CHECK(text_list_has(&list, "dark") && text_list_has(&list, "mono"));
    text_list_done(&list);
}

static void unit_rules(void)
{
    TextList w = {0};
    Error e = {0};
    Theme *t =
        load_text("{\"name\":\"x\",\"palette\":{\"bg\":\"#000\",\"hot\":\"#ff0000\"},\"styles\":{\"ui\":{\"fg\":\"white\",\"attr\":[]},"
                  "\"ui.border\":{\"fg\":\"hot\",\"mono\":[\"dim\"]},\"ui.border.focus\":{\"attr\":[\"bold\"]},"
                  "\"state\":{\"fg\":34},\"ui.nope\":{},\"ui.key\":{\"fg\":\"blurple\",\"glow\":1,\"attr\":[\"loud\"]},"
                  "\"state.error\":{\"c16\":\"brightred\",\"fg\":\"#800000\"}},\"series\":[\"#6496c8\"],\"what\":1}",
                  &w, &e);
    TEST("dotted inheritance, palette, numbers, c16");
    CHECK_OK(t != NULL, e);
    if (t) {
        CHECK_INT(t->styles[ROLE_UI_BORDER_FOCUS].fg.r, 255);
        CHECK_INT(t->styles[ROLE_UI_BORDER_FOCUS].mono, ATTR_BOLD);
        CHECK_INT(t->styles[ROLE_UI_BORDER].mono, ATTR_DIM);
        CHECK_INT(t->styles[ROLE_STATE_OK].fg.index, 34);
        CHECK_INT(t->styles[ROLE_STATE_ERROR].color16, 9);
        CHECK_INT(t->styles[ROLE_UI_KEY].fg.index, 7);
        CHECK_INT(t->styles[ROLE_DATA_TEXT].fg.index, 7);
        TEST("faint series are 40 % series, 60 % background");
        CHECK_INT(t->styles[ROLE_SERIES_TRAIN_FAINT].fg.r, 40);
        CHECK_INT(t->styles[ROLE_SERIES_TRAIN_FAINT].fg.g, 60);
        CHECK_INT(t->styles[ROLE_SERIES_TRAIN_FAINT].fg.b, 80);
        theme_free(t);
    }
    TEST("what is unknown is a warning with file and key");
    CHECK_INT(w.count, 5);
    bool found = false;
    for (size_t i = 0; i < w.count; i++)
        found = found || (strstr(w.items[i], "t.json: styles.ui.nope: no such role") != NULL);
    CHECK(found);
    text_list_done(&w);
}

static void unit_failures(void)
{
    Error e = {0};
    TEST("a theme that inherits itself is refused");
    char *path = io_join(test_directory(), "loop.json");
    char *json = text_format("{\"inherits\":\"%s\"}", path);
    CHECK(io_replace(path, json, strlen(json), &e));
    CHECK(theme_load(path, NULL, &e) == NULL && strstr(e.message, "ancestor"));
    mem_free(json);
    mem_free(path);
    TEST("an unknown name suggests the nearest; broken JSON names the file");
    CHECK(theme_load("drak", NULL, &e) == NULL && strstr(e.message, "\"dark\""));
    CHECK(load_text("{", NULL, &e) == NULL && strstr(e.message, "t.json"));
    CHECK(load_text("[]", NULL, &e) == NULL);
    TEST("inheritance from a shipped theme keeps the rest");
    Theme *t = load_text("{\"inherits\":\"dark\",\"styles\":{\"ui.key\":{\"fg\":\"#010203\"}}}", NULL, &e);
    CHECK(t && t->styles[ROLE_UI_KEY].fg.b == 3 && t->styles[ROLE_UI_KEY].mono == ATTR_BOLD && t->styles[ROLE_STATE_OK].fg.g == 0xc0);
    theme_free(t);
}

static void unit_colors(void)
{
    TEST("quantizing: cube, gray ramp, 16 colors (values of xterm's table)");
    CHECK_INT(theme_color256((ThemeColor){.r = 255}), 196);
    CHECK_INT(theme_color256((ThemeColor){.r = 95, .g = 135, .b = 175}), 67);
    CHECK_INT(theme_color256((ThemeColor){.r = 8, .g = 8, .b = 8}), 232);
    CHECK_INT(theme_color16((ThemeColor){.r = 250, .g = 5, .b = 5}), 9);
    CHECK_INT(theme_color16((ThemeColor){.is_indexed = true, .index = 231}), 15);
    uint8_t rgb[3];
    CHECK(!theme_color_rgb((ThemeColor){.is_default = true}, rgb));
}

void unit_theme(void);
void unit_theme(void)
{
    unit_shipped();
    unit_rules();
    unit_failures();
    unit_colors();
}
