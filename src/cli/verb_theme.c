/* limbeck theme list | show NAME | check [NAME]: the themes, what they give each role, and whether they can be read. */
#include "base/io.h"
#include "cli/cli.h"
#include "tui/theme.h"

static void add_color(Text *out, ThemeColor c)
{
    if (c.is_default)
        text_addf(out, "%-9s", "default");
    else if (c.is_indexed)
        text_addf(out, "%-9d", c.index);
    else
        text_addf(out, "#%02x%02x%02x  ", c.r, c.g, c.b);
}

static void add_attributes(Text *out, int bits)
{
    static const char *const names[] = {"bold", "dim", "italic", "underline", "reverse"};
    for (int i = 0; i < 5; i++) {
        if (bits >> i & 1)
            text_addf(out, " %s", names[i]);
    }
}

static void add_role(Text *out, const Theme *t, Role role)
{
    const ThemeStyle *s = &t->styles[role];
    text_addf(out, "%-20s ", role_name(role));
    add_color(out, s->fg);
    text_add(out, "on ");
    add_color(out, s->bg);
    add_attributes(out, s->attributes);
    if (s->mono != s->attributes) {
        text_add(out, "   without colors:");
        add_attributes(out, s->mono);
    }
    while (out->size && out->bytes[out->size - 1] == ' ')
        out->bytes[--out->size] = '\0';
    text_add_char(out, '\n');
}

static bool load(const char *name, Theme **theme, Text *out, Error *e)
{
    TextList warnings = {0};
    *theme = theme_load(name, &warnings, e);
    for (size_t i = 0; i < warnings.count; i++)
        text_addf(out, "warning: %s\n", warnings.items[i]);
    text_list_done(&warnings);
    return *theme != NULL;
}

static bool list_themes(Text *out, Error *e)
{
    TextList names = {0};
    if (!theme_list(&names, e))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < names.count; i++) {
        Theme *t = theme_load(names.items[i], NULL, e);
        ok = t != NULL;
        if (ok)
            text_addf(out, "%-12s %s\n", names.items[i], t->title);
        theme_free(t);
    }
    text_list_done(&names);
    return ok;
}

static bool show_theme(const char *name, Text *out, Error *e)
{
    Theme *t;
    if (!load(name, &t, out, e))
        return false;
    text_addf(out, "%s: %s\n", t->name, t->title);
    for (int i = 0; i < ROLE_COUNT; i++)
        add_role(out, t, (Role)i);
    theme_free(t);
    return true;
}

static bool check_one(const char *name, Text *out, bool *passed, Error *e)
{
    Theme *t;
    size_t before = out->size;
    if (!load(name, &t, out, e))
        return false;
    bool clean = out->size == before;
    Text report = {0};
    bool ok = theme_check(t, &report) && clean;
    text_addf(out, "%s: %s\n%s", name, ok ? "ok" : "fails", text_get(&report));
    *passed = *passed && ok;
    text_done(&report);
    theme_free(t);
    return true;
}

static bool check_themes(const TextList *words, Text *out, bool *passed, Error *e)
{
    TextList names = {0};
    bool ok = words->count > 1 || theme_list(&names, e);
    for (size_t i = 1; ok && i < words->count; i++)
        text_list_add(&names, words->items[i]);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = check_one(names.items[i], out, passed, e);
    text_list_done(&names);
    return ok;
}

static int theme_run(const CliCall *call, Error *e)
{
    const char *what = call->words->count ? call->words->items[0] : "list";
    Text out = {0};
    bool passed = true, ok;
    if (text_equal(what, "list"))
        ok = list_themes(&out, e);
    else if (text_equal(what, "show") && call->words->count == 2)
        ok = show_theme(call->words->items[1], &out, e);
    else if (text_equal(what, "check"))
        ok = check_themes(call->words, &out, &passed, e);
    else
        ok = error_set(e, ERROR_USAGE, "theme: use `theme list`, `theme show NAME` or `theme check [NAME...]`");
    io_print(1, text_get(&out));
    text_done(&out);
    return ok && passed ? 0 : 1;
}

const Verb verb_theme = {
    .spec = {.name = "theme", .doc = "list, show and check color themes", .group = "look"},
    .usage = "list | show NAME | check [NAME...]",
    .run = theme_run,
};
