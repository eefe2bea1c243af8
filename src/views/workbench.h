/* The workbench: an App, nine views, popups, commands. event -> key (changes state) -> paint (reads state) -> cells. A view is one
 * file with a View; a command is one row with a name, a key and a place; footer, help, which-key and palette all read those rows. */
#ifndef VIEWS_WORKBENCH_H
#define VIEWS_WORKBENCH_H

#include "app/app.h"
#include "spec/registry.h"
#include "tui/screen.h"

typedef enum ViewId {
    VIEW_START,
    VIEW_DATA,
    VIEW_PROFILE,
    VIEW_RECIPE,
    VIEW_NET,
    VIEW_TRAIN,
    VIEW_TUNE,
    VIEW_DISTILL,
    VIEW_RUNS,
    VIEW_SCRIPT,
    VIEW_REPORT, /* its key is 0; it stands under the tab of Train */
    VIEW_COUNT
} ViewId;
enum { TRAIL_MOST = 32 };
enum { VIEWS_ALL = (1 << VIEW_COUNT) - 1 };

typedef struct Workbench Workbench;
typedef struct Command Command;
typedef struct Popup Popup;

typedef struct View {
    const char *name; /* "Data" */
    size_t state_size;
    void (*paint)(const Workbench *w, Pen *pen, Rect body);
    bool (*key)(Workbench *w, Key key);                          /* moving about; false: not mine */
    void (*status)(const Workbench *w, Text *left, Text *right); /* the status row: where the cursor is | what to know */
    void (*refresh)(Workbench *w); /* after app_poll saw a change: keep cursors in range; NULL: nothing to do */
    void (*done)(Workbench *w);    /* releases what the state holds; NULL */
    int panes;                     /* Tab goes round them; 0 counts as 1 */
} View;

/* A command. argument: what was typed after its name in `:`; NULL by key. false with e: shown in the status row. */
struct Command {
    Spec spec;                                      /* name "train_pause"; doc: its line in menus; group: which-key group "t train" or "" */
    const char *key;                                /* "p", "<C-s>", as key_label writes it; NULL: palette only */
    int views;                                      /* bits of 1 << ViewId */
    int hint;                                       /* place in the hints row, from 1; 0: not there */
    const char *word;                               /* in the hints row: "pause" */
    bool (*can_run)(const Workbench *w, Text *why); /* NULL: always */
    bool (*run)(Workbench *w, const char *argument, Error *e);
};

/* A popup owns its state; it lies over the view until its key function says POPUP_CLOSE. */
typedef enum PopupAnswer { POPUP_STAY, POPUP_CLOSE } PopupAnswer;
struct Popup {
    Popup *below;
    void *state;
    void (*paint)(const Workbench *w, const void *state, Pen *pen, Rect body);
    PopupAnswer (*key)(Workbench *w, void *state, Key key);
    void (*done)(void *state);
};

/* What goes on once the session is saved, and only then. */
typedef enum AfterSave { AFTER_SAVE_NOTHING, AFTER_SAVE_LEAVE, AFTER_SAVE_OPEN } AfterSave;

struct Workbench {
    App *app;
    Screen *screen; /* NULL in tests */
    Cells cells;
    Theme *theme;
    ViewId view;
    const Command *running;   /* the command that runs */
    ViewId trail[TRAIL_MOST]; /* the views before this one: Esc goes back through them */
    int trail_count;
    void *states[VIEW_COUNT];
    Popup *popup;
    Rect body;   /* of the last layout: key functions use it for pages */
    bool zoomed; /* the focused pane alone */
    int pane;    /* focused pane of the view, 0 first */
    GraphKind graph;
    double smooth;      /* 0, 0.6, 0.9 */
    const Tail *turned; /* the watched run, where # was pressed in Train: one of its seeds and not all, or the simple models */
    ViewId waits_in;    /* where the user asked for what goes on in the background */
    AfterSave after_save;
    bool quit;
    int exit_code;
    char *search;
    char *asked;        /* the file that a question is about */
    const char *pasted; /* what came with KEYS_PASTE; "" else */
};

extern const View view_start, view_data, view_profile, view_recipe, view_net, view_train, view_tune, view_distill, view_runs, view_script,
    view_report;
const View *view_get(ViewId id);
/* Shows the report, and judges the model of the watched run when that was not done yet. */
bool report_open(Workbench *w, Error *e);

/* Commands: commands.def lists them, COMMAND(data_fill) stands for `const Command command_data_fill`. */
const Family *command_family(void);
void commands_open(void);            /* modules may define commands; once, at start */
const Command *command_at(size_t i); /* NULL at the end */
const Command *command_for_key(const Workbench *w, Key key);
bool command_can_run(const Workbench *w, const Command *c, Text *why);
void command_run(Workbench *w, const Command *c, const char *argument); /* errors go to the status row */
bool command_line_try(Workbench *w, const char *line, Error *e);
void command_line_run(Workbench *w, const char *line); /* "save x.lua", "theme dark", "log1p columns=a": commands, then steps */

typedef struct WorkbenchOptions {
    const char *theme, *color, *graph;
    int width, height; /* headless; 0: a terminal */
    const char *keys, *snap;
} WorkbenchOptions;
/* Runs until it is left; returns the exit code. */
int workbench_run(App *app, const WorkbenchOptions *options, ViewId first, Error *e);

void workbench_init(Workbench *w, App *app, int width, int height); /* without a screen: tests */
void workbench_done(Workbench *w);
void workbench_paint(Workbench *w);               /* lays out, then paints all into w->cells */
bool workbench_poll(Workbench *w);                /* takes what jobs and runs have; true: something to show changed */
void workbench_key(Workbench *w, Key key);        /* popup, view, command, in this order */
void workbench_begin(Workbench *w, ViewId first); /* the first view, without a trail to go back on */
void workbench_show(Workbench *w, ViewId view);
void workbench_say_whole(Workbench *w, const char *title, const char *line);
void workbench_saved(Workbench *w, bool is_saved);         /* what was to follow goes on, or does not */
ViewId workbench_view_of(unsigned news, ViewId otherwise); /* where to see what has come of the background */
void workbench_push(Workbench *w, const Popup *popup);     /* copies */
void workbench_pop(Workbench *w);
bool workbench_is_small(const Workbench *w);     /* below 30 rows: the compact layout */
bool workbench_is_colorless(const Workbench *w); /* lines are told apart by their marks */
bool workbench_is_narrow(const Workbench *w);    /* below 100 columns: no side pane */
#define VIEW_STATE(T, w, id) ((T *)(w)->states[id])

/* Popups that several places use. */
void popup_palette(Workbench *w);
/* A member of a family, found by typing a few of its letters. */
void popup_pick(Workbench *w, const char *title, const Family *family, void (*picked)(Workbench *w, const Spec *spec));
void popup_which_key(Workbench *w);
void popup_help(Workbench *w);
void popup_left_work(Workbench *w);
void popup_command_line(Workbench *w, const char *prefix);
void popup_message(Workbench *w, const char *title, const char *text); /* scrolls; any of q Esc Enter closes */
void popup_record(Workbench *w, const Table *t, size_t row);           /* one row, name by name; arrays as curves */
typedef struct FormUse {                                               /* a form of a declared thing over the view */
    const Spec *spec;
    const Value *params;        /* current ones; NULL: defaults */
    const char *remark;         /* "step 4 of 8" */
    const char *lua_prefix;     /* ":clip_outliers"; "": no line of Lua; NULL: from the spec */
    const char *preview_remark; /* static text; NULL: it is of real rows */
    /* Below the fields; made anew when a field changed; NULL: none. false with e: shown as the check line. */
    bool (*preview)(Workbench *w, void *self, const void *params, Text *lines, Error *e);
    bool (*apply)(Workbench *w, void *self, const Value *params, Error *e);
    void *self; /* freed with mem_free */
} FormUse;
void popup_form(Workbench *w, const FormUse *use);
void popup_step_new(Workbench *w, const Step *step, const Value *params, const char *place); /* place: borrowed for ever, "Data f" */
void popup_step_edit(Workbench *w, size_t at, const char *place);
void popup_ask(Workbench *w, const char *title, const char *start, bool (*answer)(Workbench *w, const char *text, Error *e)); /* one line */

#endif
