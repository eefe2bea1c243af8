/* The replay screen: keys come from a script, frames go into memory, pictures of them into files. No terminal, no pty. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/number.h"
#include "tui/screen.h"
#include "tui/screen_svg.h"

enum { WAIT_SECONDS = 60 };

typedef struct TextScreen {
    Screen screen; /* first: a Screen * is a TextScreen * */
    ScreenReplay replay;
    KeysStep *steps; /* owned copies */
    size_t count, next;
    const char *typing;   /* rest of a text step */
    double waiting_since; /* 0: not waiting */
    char *directory;
    const Theme *theme; /* for pictures; NULL: none was set */
    Cells shown;
    Error failure;
} TextScreen;

static void present(Screen *s, const Cells *c)
{
    TextScreen *t = (TextScreen *)s;
    if (t->shown.width != c->width || t->shown.height != c->height)
        cells_resize(&t->shown, c->width, c->height);
    memcpy(t->shown.cells, c->cells, (size_t)c->width * (size_t)c->height * sizeof(Cell));
}

static Key stop(TextScreen *t)
{
    t->next = t->count;
    t->typing = NULL;
    t->screen.is_over = true;
    return (Key){KEYS_EOF, 0};
}

static Key fail(TextScreen *t, const KeysStep *step, const char *what)
{
    error_at(&t->failure, ERROR_FAILED, "keys", step->line, 0, "%s", what);
    return stop(t);
}

static bool draw(const TextScreen *t, const KeysStep *step, Text *out, Error *e)
{
    if (!t->theme)
        return error_at(e, ERROR_USAGE, "keys", step->line, 0, "<snap:%s> needs a theme", step->text);
    screen_svg_write(&t->shown, t->theme, out);
    return true;
}

/* NAME.svg is a picture in the colors of the theme; any other name is glyphs and roles, as tests compare them. */
static bool snap(TextScreen *t, const KeysStep *step)
{
    if (!t->directory)
        return error_at(&t->failure, ERROR_USAGE, "keys", step->line, 0, "<snap:%s> needs a directory: --snap DIR", step->text);
    Text out = {0};
    bool picture = text_ends(step->text, ".svg"), ok = true;
    if (picture) {
        ok = draw(t, step, &out, &t->failure);
    } else {
        cells_text(&t->shown, &out);
        text_add(&out, "---\n");
        cells_roles(&t->shown, &out);
    }
    char *name = text_format("%s%s", step->text, picture ? "" : ".txt");
    char *path = io_join(t->directory, name);
    ok = ok && io_make_directory(t->directory, &t->failure) && io_save(path, out.bytes, out.size, &t->failure);
    mem_free(path);
    mem_free(name);
    text_done(&out);
    return ok;
}

static bool wait_over(TextScreen *t, const KeysStep *step, double seconds)
{
    if (!t->replay.holds || t->replay.holds(t->replay.self, step->text)) {
        t->waiting_since = 0;
        return true;
    }
    if (t->waiting_since <= 0)
        t->waiting_since = clock_now();
    clock_sleep(seconds < 0.01 ? seconds : 0.01);
    return false;
}

static Key resize(TextScreen *t, const KeysStep *step)
{
    const char *x = strchr(step->text, 'x');
    int64_t width, height;
    bool ok = x && number_parse_int(step->text, (size_t)(x - step->text), &width) && number_parse_int(x + 1, strlen(x + 1), &height) &&
              width > 0 && width <= 1000 && height > 0 && height <= 1000;
    if (!ok)
        return fail(t, step, "a size is COLUMNSxROWS, each 1 to 1000: <resize:80x24>");
    t->screen.width = (int)width;
    t->screen.height = (int)height;
    return (Key){KEYS_RESIZE, 0};
}

static Key type_next(TextScreen *t)
{
    uint32_t code;
    t->typing += utf8_decode(t->typing, strlen(t->typing), &code);
    if (!*t->typing)
        t->typing = NULL;
    return (Key){KEYS_CHAR, code};
}

/* One step; KEYS_NONE with t->next advanced means "go on". */
static Key take(TextScreen *t, const KeysStep *step)
{
    switch (step->kind) {
    case KEYS_STEP_KEY: return step->key;
    case KEYS_STEP_TEXT:
        if (!*step->text)
            return (Key){KEYS_NONE, 0};
        t->typing = step->text;
        return type_next(t);
    case KEYS_STEP_COMMAND:
        if (t->replay.command)
            t->replay.command(t->replay.self, step->text + 1);
        return (Key){KEYS_RESIZE, 0}; /* makes the workbench paint what the command changed */
    case KEYS_STEP_RESIZE: return resize(t, step);
    case KEYS_STEP_PASTE: t->screen.pasted = step->text; return (Key){KEYS_PASTE, 0};
    case KEYS_STEP_SNAP: return snap(t, step) ? (Key){KEYS_NONE, 0} : stop(t);
    case KEYS_STEP_WAIT: break;
    }
    return (Key){KEYS_NONE, 0};
}

static Key read_key(Screen *s, double seconds)
{
    TextScreen *t = (TextScreen *)s;
    if (t->typing)
        return type_next(t);
    while (t->next < t->count) {
        const KeysStep *step = &t->steps[t->next];
        if (step->kind == KEYS_STEP_WAIT && !wait_over(t, step, seconds)) {
            if (clock_now() - t->waiting_since > WAIT_SECONDS)
                return fail(t, step, "waited 60 s in vain; is the condition one of idle, end, epoch=N?");
            return (Key){KEYS_NONE, 0};
        }
        t->next++;
        Key key = take(t, step);
        if (key.code != KEYS_NONE)
            return key;
    }
    return stop(t);
}

static void set_theme(Screen *s, const Theme *theme)
{
    ((TextScreen *)s)->theme = theme;
}

static void suspend(Screen *s)
{
    (void)s;
}

static void close_screen(Screen *s)
{
    TextScreen *t = (TextScreen *)s;
    for (size_t i = 0; i < t->count; i++)
        mem_free(t->steps[i].text);
    mem_free(t->steps);
    mem_free(t->directory);
    cells_done(&t->shown);
    mem_free(t);
}

Screen *screen_open_text(const ScreenReplay *replay, Error *e)
{
    if (replay->width < 1 || replay->height < 1 || replay->width > 1000 || replay->height > 1000) {
        error_set(e, ERROR_USAGE, "a screen of %dx%d is not possible; use 1x1 to 1000x1000, like --headless 120x36", replay->width,
                  replay->height);
        return NULL;
    }
    TextScreen *t = MEM_NEW(TextScreen);
    t->replay = *replay;
    t->directory = mem_strdup(replay->snap_directory);
    t->count = replay->keys ? replay->keys->count : 0;
    t->steps = mem_alloc(t->count * sizeof *t->steps + 1);
    for (size_t i = 0; i < t->count; i++) {
        t->steps[i] = replay->keys->steps[i];
        t->steps[i].text = mem_strdup(replay->keys->steps[i].text);
    }
    cells_init(&t->shown, replay->width, replay->height);
    t->screen = (Screen){.width = replay->width,
                         .height = replay->height,
                         .graph = GRAPH_BRAILLE,
                         .colors = 256,
                         .present = present,
                         .read = read_key,
                         .set_theme = set_theme,
                         .suspend = suspend,
                         .close = close_screen};
    return &t->screen;
}

bool screen_text_failed(const Screen *s, Error *e)
{
    const TextScreen *t = (const TextScreen *)s;
    if (t->failure.code == ERROR_NONE)
        return false;
    if (e)
        *e = t->failure;
    return true;
}
