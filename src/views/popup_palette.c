/* The palette of everything: commands, steps and layers, found by typing a few of their letters. */
#include <string.h>

#include "steps/step.h"
#include "tui/input.h"
#include "views/frame.h"

typedef struct Entry {
    const char *name, *doc, *key, *kind; /* key, kind: NULL where all are of one kind */
    const Command *command;              /* NULL: spec is a member of a family */
    const Spec *spec;
    int score;
} Entry;

typedef struct Palette {
    const char *title;
    void (*picked)(Workbench *w, const Spec *spec);
    Input typed;
    Entry *all, *found;
    size_t all_count, found_count, room;
    int cursor, top;
} Palette;

/* Letters in order; the earlier and the closer the better; 0: no match. */
static int match_score(const char *name, const char *typed)
{
    int score = 1000;
    const char *at = name;
    if (strstr(name, typed))
        return 3000 - (int)(strstr(name, typed) - name) * 10 - (int)strlen(name);
    for (const char *t = typed; *t; t++) {
        const char *next = strchr(at, *t);
        if (!next)
            return 0;
        score -= (int)(next - at);
        at = next + 1;
    }
    return score > 0 ? score : 1;
}

static void find(Palette *p)
{
    const char *typed = p->typed.text;
    p->found_count = 0;
    p->cursor = p->top = 0;
    for (size_t i = 0; i < p->all_count; i++) {
        Entry x = p->all[i];
        x.score = *typed ? match_score(x.name, typed) : 1;
        if (!x.score && strlen(typed) > 2 && strstr(x.doc, typed))
            x.score = 1;
        if (!x.score)
            continue;
        size_t k = p->found_count++;
        while (k > 0 && p->found[k - 1].score < x.score) {
            p->found[k] = p->found[k - 1];
            k--;
        }
        p->found[k] = x;
    }
}

static void paint_entry(Pen *pen, const Entry *x, Rect row, bool is_cursor, bool wide)
{
    int name = wide ? 20 : 16;
    pen_text_fit(pen, row.x, row.y, name, ROLE_UI_STRONG, x->name);
    pen_text_fit(pen, row.x + name + 1, row.y, row.width - name - (x->kind ? 19 : 1), ROLE_UI, x->doc);
    char label[16];
    if (x->key)
        pen_text_fit(pen, row.x + row.width - 16, row.y, 8, ROLE_UI_KEY, frame_key(x->key, label));
    if (x->kind)
        pen_text_right(pen, row.x, row.y, row.width, ROLE_UI_DIM, x->kind);
    if (is_cursor)
        pen_ground(pen, row, GROUND_ROW);
}

static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const Palette *p = state;
    (void)w;
    int width = body.width >= 90 ? 90 : body.width;
    Rect box = frame_center(body, width, body.height - 4 > 24 ? 24 : body.height - 1);
    char *remark = text_format("%zu found", p->found_count);
    Rect in = frame_popup(pen, box, p->title, remark, "Enter choose  Tab fill in  F1 about  Esc close");
    mem_free(remark);
    pen_text(pen, in.x, in.y, ROLE_UI_KEY, ">");
    input_paint(pen, in.x + 2, in.y, in.width - 2, &p->typed, true, NULL);
    int rows = in.height - 2;
    for (int i = 0; i < rows && (size_t)(p->top + i) < p->found_count; i++)
        paint_entry(pen, &p->found[p->top + i], (Rect){in.x, in.y + 2 + i, in.width, 1}, p->top + i == p->cursor, in.width > 70);
    if (!p->found_count)
        pen_text_fit(pen, in.x, in.y + 2, in.width, ROLE_UI, "nothing of that name; fewer letters find more");
}

static PopupAnswer choose(Workbench *w, Palette *p)
{
    if (!p->found_count)
        return POPUP_STAY;
    Entry x = p->found[p->cursor];
    if (x.command) {
        command_run(w, x.command, NULL);
        return POPUP_CLOSE;
    }
    p->picked(w, x.spec);
    return POPUP_CLOSE;
}

static void move_cursor(const Workbench *w, Palette *p, int by)
{
    int rows = w->body.height - 8, last = (int)p->found_count - 1;
    p->cursor += by;
    p->cursor = p->cursor > last ? last : p->cursor;
    p->cursor = p->cursor < 0 ? 0 : p->cursor;
    if (p->cursor < p->top)
        p->top = p->cursor;
    if (rows > 0 && p->cursor >= p->top + rows)
        p->top = p->cursor - rows + 1;
}

static void edit_typed(Workbench *w, Palette *p, Key k)
{
    if (k.code == KEYS_TAB && p->found_count)
        input_set(&p->typed, p->found[p->cursor].name);
    else if (k.code == KEYS_PASTE)
        input_paste(&p->typed, w->pasted);
    else if (!input_key(&p->typed, k))
        return;
    find(p);
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    Palette *p = state;
    if (k.code == KEYS_ESCAPE || (k.code == KEYS_CONTROL && k.glyph == 'c'))
        return POPUP_CLOSE;
    if (k.code == KEYS_ENTER)
        return choose(w, p);
    if (k.code == KEYS_DOWN)
        move_cursor(w, p, 1);
    else if (k.code == KEYS_UP)
        move_cursor(w, p, -1);
    else if (k.code == KEYS_PAGE_DOWN)
        move_cursor(w, p, 10);
    else if (k.code == KEYS_PAGE_UP)
        move_cursor(w, p, -10);
    else
        edit_typed(w, p, k);
    return POPUP_STAY;
}

static void done(void *state)
{
    Palette *p = state;
    input_done(&p->typed);
    mem_free(p->all);
    mem_free(p->found);
    mem_free(p);
}

static Palette *palette_new(const char *title, size_t room, void (*picked)(Workbench *w, const Spec *spec))
{
    Palette *p = MEM_NEW(Palette);
    input_init(&p->typed, "");
    p->title = title;
    p->room = room;
    p->picked = picked;
    p->all = mem_alloc((room + 1) * sizeof *p->all);
    p->found = mem_alloc((room + 1) * sizeof *p->found);
    return p;
}

/* A family may grow meanwhile: a model that a job opens brings steps along. */
static void add_family(Palette *p, const Family *family)
{
    for (size_t i = 0; i < family->count && p->all_count < p->room; i++)
        p->all[p->all_count++] = (Entry){.name = family->members[i]->name, .doc = family->members[i]->doc, .spec = family->members[i]};
}

static void palette_push(Workbench *w, Palette *p)
{
    find(p);
    workbench_push(w, &(Popup){.state = p, .paint = paint, .key = key, .done = done});
}

static void new_step(Workbench *w, const Spec *spec)
{
    popup_step_new(w, (const Step *)(const void *)spec, NULL, "palette");
}

void popup_pick(Workbench *w, const char *title, const Family *family, void (*picked)(Workbench *w, const Spec *spec))
{
    Palette *p = palette_new(title, family->count, picked);
    add_family(p, family);
    palette_push(w, p);
}

void popup_palette(Workbench *w)
{
    size_t commands = 0;
    while (command_at(commands))
        commands++;
    Palette *p = palette_new("Commands", commands + step_family()->count, new_step);
    for (size_t i = 0; i < commands; i++) {
        const Command *c = command_at(i);
        p->all[p->all_count++] = (Entry){.name = c->spec.name, .doc = c->spec.doc, .key = c->key, .kind = "command", .command = c};
    }
    add_family(p, step_family());
    for (size_t i = commands; i < p->all_count; i++)
        p->all[i].kind = "step";
    palette_push(w, p);
}
