/* Work that an ended session left behind is offered before anything else: r takes it, d drops it, Esc lets it lie. */
#include "base/clock.h"
#include "views/frame.h"

static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    AppLeft left;
    char when[24];
    (void)state;
    if (!app_left_work(w->app, &left))
        return;
    clock_local_day(left.written, when);
    int width = body.width > 84 ? 84 : body.width;
    Rect in = frame_popup(pen, frame_center(body, width, 6), "Unsaved work", "", "r restore  d discard  Esc later");
    char *line = text_format("A session on %s ended without being saved.", app_file(w->app));
    int y = in.y + frame_text(pen, (Rect){in.x, in.y, in.width, 2}, ROLE_UI, line);
    mem_free(line);
    line = text_format("Its last edit, %s: %s", when, *left.change ? left.change : "?");
    frame_text(pen, (Rect){in.x, y, in.width, 2}, ROLE_UI, line);
    mem_free(line);
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    Error e = {0};
    (void)state;
    if (key_is(k, 'r')) {
        if (!app_restore_work(w->app, &e)) {
            app_leave_work(w->app);
            app_say_error(w->app, &e);
        }
        return POPUP_CLOSE;
    }
    if (key_is(k, 'd')) {
        app_drop_work(w->app);
        app_say(w->app, false, "the unsaved work was discarded");
        return POPUP_CLOSE;
    }
    if (k.code != KEYS_ESCAPE)
        return POPUP_STAY;
    app_leave_work(w->app);
    app_say(w->app, false, "the unsaved work stays; the next start offers it again");
    return POPUP_CLOSE;
}

void popup_left_work(Workbench *w)
{
    workbench_push(w, &(Popup){.state = NULL, .paint = paint, .key = key});
}
