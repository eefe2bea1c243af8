/* Theme files: any bytes give a theme with warnings or an error; every style that comes out can be drawn and checked. */
#include "tests/fuzz/fuzz.h"
#include "tui/theme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    TextList warnings = {0};
    Text report = {0};
    Theme *t = theme_load(fuzz_file("theme.json", data, size), &warnings, &e);
    fuzz_check(t, &e);
    if (t) {
        uint8_t rgb[3];
        theme_check(t, &report);
        for (int i = 0; i < ROLE_COUNT; i++) {
            theme_color_rgb(t->styles[i].fg, rgb);
            theme_color256(t->styles[i].bg);
            if (theme_color16(t->styles[i].fg) > 15 || t->styles[i].color16 < -1 || t->styles[i].color16 > 15)
                abort();
        }
    }
    theme_free(t);
    text_done(&report);
    text_list_done(&warnings);
    return 0;
}
