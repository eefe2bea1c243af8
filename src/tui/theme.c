/* Theme files. Files are merged as data (`inherits`), then each role is resolved: its own style, the dotted parents, the built-in one.
 * What a file says wrongly is a warning with file and key, never a failure. */
#include "tui/theme.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "tui/theme_color.h"

enum { DEPTH = 4, FILE_LIMIT = 1 << 20 };

/* Enough to work when no theme file can be found. */
static const char builtin[] =
    "{\"title\":\"Built in\",\"styles\":{\"ui\":{\"fg\":\"default\",\"bg\":\"default\"},\"ui.dim\":{\"attr\":[\"dim\"]},"
    "\"ui.strong\":{\"attr\":[\"bold\"]},\"ui.title\":{\"attr\":[\"bold\"]},\"ui.border\":{\"attr\":[\"dim\"]},"
    "\"ui.border.focus\":{\"attr\":[\"bold\"]},\"ui.status\":{\"attr\":[\"reverse\"]},\"ui.mode\":{\"attr\":[\"reverse\",\"bold\"]},"
    "\"ui.key\":{\"attr\":[\"bold\"]},\"ui.input\":{\"attr\":[\"underline\"]},\"ui.menu.selected\":{\"attr\":[\"reverse\"]},"
    "\"ui.cursor.row\":{\"attr\":[\"underline\"]},\"ui.cursor.cell\":{\"attr\":[\"reverse\",\"bold\"]},"
    "\"state.error\":{\"fg\":\"red\",\"attr\":[\"bold\"]},\"state.warn\":{\"fg\":\"yellow\",\"attr\":[\"bold\"]}}}";

typedef struct Reading {
    const char *file;
    TextList *warnings; /* NULL: nobody listens */
    const Value *merged;
} Reading;

static void warn(const Reading *r, const char *key, const char *what)
{
    if (!r->warnings)
        return;
    char *line = text_format("%s: %s: %s", r->file, key, what);
    text_list_add(r->warnings, line);
    mem_free(line);
}

static char *user_directory(void)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (base && *base)
        return io_join(base, "limbeck/themes");
    return home && *home ? io_join(home, ".config/limbeck/themes") : NULL;
}

static bool is_path(const char *name)
{
    return strchr(name, '/') || text_ends(name, ".json");
}

static char *find_file(const char *name)
{
    IoInfo info;
    if (is_path(name))
        return mem_strdup(name);
    char *file = text_format("%s.json", name), *directory = user_directory();
    char *path = directory ? io_join(directory, file) : NULL;
    if (!path || !io_stat(path, &info)) {
        mem_free(path);
        char *shared = text_format("themes/%s", file);
        path = io_find_shared(shared);
        mem_free(shared);
    }
    mem_free(directory);
    mem_free(file);
    return path;
}

static void list_directory(const char *path, TextList *names)
{
    TextList files = {0};
    if (path && io_list(path, &files, NULL)) {
        for (size_t i = 0; i < files.count; i++) {
            if (!text_ends(files.items[i], ".json"))
                continue;
            char *name = mem_strndup(files.items[i], strlen(files.items[i]) - 5);
            if (!text_list_has(names, name))
                text_list_add(names, name);
            mem_free(name);
        }
    }
    text_list_done(&files);
}

bool theme_list(TextList *names, Error *e)
{
    char *user = user_directory(), *shared = io_find_shared("themes");
    list_directory(user, names);
    list_directory(shared, names);
    mem_free(user);
    mem_free(shared);
    return names->count > 0 || error_set(e, ERROR_IO, "no theme files found; is limbeck installed completely (share/limbeck/themes)?");
}

static const char *name_at(const void *self, size_t i)
{
    const TextList *names = self;
    return i < names->count ? names->items[i] : NULL;
}

static bool set_unknown(const char *name, Error *e)
{
    TextList names = {0};
    theme_list(&names, NULL);
    const char *near = text_nearest(name, name_at, &names);
    error_set(e, ERROR_USAGE, "no theme \"%s\"%s%s%s; `limbeck theme list` names all", name, near ? "; did you mean \"" : "",
              near ? near : "", near ? "\"?" : "");
    text_list_done(&names);
    return false;
}

static Value *read_file(const char *path, Error *e)
{
    char *bytes = NULL;
    size_t size;
    if (!io_read_file(path, FILE_LIMIT, &bytes, &size, e))
        return NULL;
    Value *v = json_parse(bytes, size, e);
    mem_free(bytes);
    if (!v) {
        error_prefix(e, "%s: ", path);
    } else if (v->type != VALUE_MAP) {
        error_set(e, ERROR_FAILED, "%s: a theme is a JSON object", path);
        value_free(v);
        v = NULL;
    }
    return v;
}

/* Maps merge key by key, `levels` deep; everything else replaces. */
static void merge(Value *into, const Value *from, int levels)
{
    for (size_t i = 0; i < from->size; i++) {
        Value *old = value_edit(into, from->keys[i]);
        if (levels > 0 && old && old->type == VALUE_MAP && from->items[i]->type == VALUE_MAP)
            merge(old, from->items[i], levels - 1);
        else
            value_set(into, from->keys[i], value_copy(from->items[i]));
    }
}

static Value *load_merged(const char *name, int depth, Error *e)
{
    if (depth > DEPTH) {
        error_set(e, ERROR_FAILED, "theme \"%s\": inherits more than %d deep; is it its own ancestor?", name, DEPTH);
        return NULL;
    }
    char *path = find_file(name);
    if (!path && (text_equal(name, "terminal") || text_equal(name, "mono")))
        return json_parse(builtin, sizeof builtin - 1, e);
    if (!path) {
        set_unknown(name, e);
        return NULL;
    }
    Value *own = read_file(path, e);
    const char *base = own ? value_get_text(own, "inherits", NULL) : NULL;
    if (base) {
        Value *merged = load_merged(base, depth + 1, e);
        if (merged)
            merge(merged, own, 2);
        value_free(own);
        own = merged;
    }
    mem_free(path);
    return own;
}

static bool read_color(const Reading *r, const char *key, const Value *v, ThemeColor *out)
{
    const Value *named = v->type == VALUE_TEXT ? value_get(value_get(r->merged, "palette"), v->text) : NULL;
    ThemeColor c;
    if (!theme_color_parse(named ? named : v, &c)) {
        warn(r, key, "no color: use \"#rrggbb\", a palette name, \"default\", an ANSI name or 0 to 255");
        return false;
    }
    *out = c;
    return true;
}

static int read_attributes(const Reading *r, const char *key, const Value *v)
{
    static const char *const names[] = {"bold", "dim", "italic", "underline", "reverse"};
    int bits = 0;
    if (v->type != VALUE_LIST) {
        warn(r, key, "must be a list of bold, dim, italic, underline, reverse");
        return 0;
    }
    for (size_t i = 0; i < v->size; i++) {
        int found = -1;
        for (int n = 0; n < 5; n++) {
            if (v->items[i]->type == VALUE_TEXT && text_equal(v->items[i]->text, names[n]))
                found = n;
        }
        if (found < 0)
            warn(r, key, "unknown attribute; known are bold, dim, italic, underline, reverse");
        else
            bits |= 1 << found;
    }
    return bits;
}

static int read_color16(const Reading *r, const char *key, const Value *v)
{
    if (v->type == VALUE_INT && v->integer >= 0 && v->integer < 16)
        return (int)v->integer;
    int index = v->type == VALUE_TEXT ? theme_color_ansi(v->text) : -1;
    if (index < 0)
        warn(r, key, "c16 is an ANSI name like \"brightred\" or 0 to 15");
    return index;
}

static void read_field(const Reading *r, const char *role, const char *field, const Value *v, ThemeStyle *style)
{
    char *key = text_format("styles.%s.%s", role, field);
    if (text_equal(field, "fg")) {
        if (read_color(r, key, v, &style->fg))
            style->color16 = -1;
    } else if (text_equal(field, "bg")) {
        read_color(r, key, v, &style->bg);
    } else if (text_equal(field, "attr")) {
        style->attributes = style->mono = read_attributes(r, key, v);
    } else if (!text_equal(field, "c16") && !text_equal(field, "mono")) {
        warn(r, key, "unknown; a style has fg, bg, attr, c16, mono");
    }
    mem_free(key);
}

static void read_style(const Reading *r, const char *role, const Value *v, ThemeStyle *style)
{
    for (size_t i = 0; i < v->size; i++)
        read_field(r, role, v->keys[i], v->items[i], style);
    const Value *mono = value_get(v, "mono"), *c16 = value_get(v, "c16"); /* after attr and fg, wherever they stand */
    if (mono)
        style->mono = read_attributes(r, role, mono);
    if (c16)
        style->color16 = read_color16(r, role, c16);
}

static bool is_known_style(const char *name)
{
    size_t size = strlen(name);
    for (int i = 0; i < ROLE_COUNT; i++) {
        const char *role = role_name((Role)i);
        if (strncmp(role, name, size) == 0 && (role[size] == '\0' || role[size] == '.'))
            return true;
    }
    return false;
}

/* From the outermost name inwards: ui, then ui.border, then ui.border.focus. Other families start from ui. */
static void resolve_role(const Reading *r, const Value *styles, Role role, ThemeStyle *style)
{
    const char *name = role_name(role);
    for (const char *dot = name; dot;) {
        dot = strchr(dot + 1, '.');
        char *part = mem_strndup(name, dot ? (size_t)(dot - name) : strlen(name));
        const Value *v = value_get(styles, part);
        if (v && v->type == VALUE_MAP && !text_equal(part, "ui"))
            read_style(r, part, v, style);
        mem_free(part);
    }
}

static void set_series(const Reading *r, Theme *t, Role role, const Value *v, const char *key)
{
    ThemeColor c;
    if (v && read_color(r, key, v, &c)) {
        t->styles[role].fg = c;
        t->styles[role].color16 = -1;
    }
}

static void read_series(const Reading *r, Theme *t)
{
    static const struct {
        const char *name;
        Role role;
    } slots[] = {{"train", ROLE_SERIES_TRAIN},
                 {"valid", ROLE_SERIES_VALID},
                 {"teacher", ROLE_SERIES_TEACHER},
                 {"student", ROLE_SERIES_STUDENT},
                 {"scratch", ROLE_SERIES_SCRATCH},
                 {"baseline", ROLE_SERIES_BASELINE},
                 {"5", ROLE_SERIES_5},
                 {"6", ROLE_SERIES_6},
                 {"7", ROLE_SERIES_7},
                 {"8", ROLE_SERIES_8}};
    const Value *series = value_get(r->merged, "series"), *roles = value_get(r->merged, "roles");
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        const Value *v = value_get(roles, slots[i].name);
        int64_t fallback = i < 5 ? (int64_t)i : (int64_t)i - 2;
        int64_t slot = v && v->type == VALUE_INT ? v->integer : fallback;
        bool is_list = series && series->type == VALUE_LIST;
        if (v && v->type != VALUE_INT)
            set_series(r, t, slots[i].role, v, slots[i].name);
        else if (is_list && slot >= 0 && (size_t)slot < series->size)
            set_series(r, t, slots[i].role, series->items[slot], "series");
        else if (is_list && v)
            warn(r, slots[i].name, "roles: no such place in series");
    }
}

/* 40 % of the series, 60 % of the background; where either is the terminal's own, the same color dimmed. */
static void compute_faint(Theme *t, Role role, Role of)
{
    uint8_t a[3], b[3];
    ThemeStyle *s = &t->styles[role];
    *s = t->styles[of];
    s->mono = ATTR_DIM;
    bool known = !s->fg.is_indexed && theme_color_rgb(s->fg, a) && theme_color_rgb(t->background, b);
    if (!known) {
        s->attributes |= ATTR_DIM;
        return;
    }
    s->fg = (ThemeColor){
        .r = (uint8_t)((2 * a[0] + 3 * b[0]) / 5), .g = (uint8_t)((2 * a[1] + 3 * b[1]) / 5), .b = (uint8_t)((2 * a[2] + 3 * b[2]) / 5)};
    s->color16 = -1;
}

static void read_ramp(const Reading *r, Theme *t)
{
    const Value *ramp = value_get(value_get(r->merged, "ramps"), "sequential");
    for (size_t i = 0; ramp && ramp->type == VALUE_LIST && i < ramp->size && i < 5; i++) {
        ThemeStyle *s = &t->styles[ROLE_RAMP_1 + i];
        uint8_t rgb[3];
        if (!read_color(r, "ramps.sequential", ramp->items[i], &s->bg) || !theme_color_rgb(s->bg, rgb))
            continue;
        bool light = theme_color_luminance(rgb) > 0.179; /* where black and white have the same contrast */
        s->fg = light ? (ThemeColor){.r = 0} : (ThemeColor){.r = 255, .g = 255, .b = 255};
        if (s->bg.is_indexed)
            s->fg = (ThemeColor){.is_indexed = true, .index = light ? 0 : 15};
        s->color16 = light ? 0 : 15;
    }
}

static void check_keys(const Reading *r, const Value *styles)
{
    static const char *const known[] = {"format",  "name",   "title",  "variant", "credit", "inherits",
                                        "palette", "styles", "series", "roles",   "ramps",  "mono"};
    for (size_t i = 0; i < r->merged->size; i++) {
        bool found = false;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            found = found || text_equal(known[k], r->merged->keys[i]);
        if (!found)
            warn(r, r->merged->keys[i], "unknown key");
    }
    for (size_t i = 0; styles && styles->type == VALUE_MAP && i < styles->size; i++) {
        char *key = text_format("styles.%s", styles->keys[i]);
        if (!is_known_style(styles->keys[i]))
            warn(r, key, "no such role");
        else if (styles->items[i]->type != VALUE_MAP)
            warn(r, key, "a style is an object of fg, bg, attr, c16, mono");
        mem_free(key);
    }
}

static void resolve(const Reading *r, Theme *t)
{
    const Value *styles = value_get(r->merged, "styles"), *ground = value_get(value_get(r->merged, "palette"), "bg");
    ThemeStyle ui = {.fg = {.is_default = true}, .bg = {.is_default = true}, .color16 = -1};
    const Value *v = value_get(styles, "ui");
    if (v && v->type == VALUE_MAP)
        read_style(r, "ui", v, &ui);
    t->background = ui.bg;
    if (ui.bg.is_default && ground)
        read_color(r, "palette.bg", ground, &t->background);
    for (int i = 0; i < ROLE_COUNT; i++)
        t->styles[i] = ui;
    read_series(r, t);
    read_ramp(r, t);
    for (int i = 0; i < ROLE_COUNT; i++) {
        bool faint = i == ROLE_SERIES_TRAIN_FAINT || i == ROLE_SERIES_VALID_FAINT;
        if (!faint)
            resolve_role(r, styles, (Role)i, &t->styles[i]);
    }
    compute_faint(t, ROLE_SERIES_TRAIN_FAINT, ROLE_SERIES_TRAIN);
    compute_faint(t, ROLE_SERIES_VALID_FAINT, ROLE_SERIES_VALID);
    check_keys(r, styles);
}

Theme *theme_load(const char *name_or_path, TextList *warnings, Error *e)
{
    Value *merged = load_merged(name_or_path, 0, e);
    if (!merged)
        return NULL;
    char *path = find_file(name_or_path);
    Reading r = {.file = path ? path : name_or_path, .warnings = warnings, .merged = merged};
    Theme *t = MEM_NEW(Theme);
    t->name = mem_strdup(value_get_text(merged, "name", name_or_path));
    t->title = mem_strdup(value_get_text(merged, "title", t->name));
    t->is_mono = value_get_flag(merged, "mono", false);
    resolve(&r, t);
    value_free(merged);
    mem_free(path);
    return t;
}

void theme_free(Theme *t)
{
    if (!t)
        return;
    mem_free(t->name);
    mem_free(t->title);
    mem_free(t);
}
