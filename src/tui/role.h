/* Roles, never colors: what a cell means. One list feeds the enum, the theme files and the theme check. */
#ifndef TUI_ROLE_H
#define TUI_ROLE_H

/* clang-format lays this list out anew at each run. */
/* clang-format off */
#define ROLE_LIST(X)                                                                                                       \
    X(UI, "ui") X(UI_DIM, "ui.dim") X(UI_STRONG, "ui.strong") X(UI_BORDER, "ui.border")                                    \
    X(UI_BORDER_FOCUS, "ui.border.focus") X(UI_TITLE, "ui.title") X(UI_TITLE_FOCUS, "ui.title.focus")                      \
    X(UI_STATUS, "ui.status") X(UI_MODE, "ui.mode") X(UI_KEY, "ui.key") X(UI_HINT, "ui.hint") X(UI_INPUT, "ui.input")      \
    X(UI_INPUT_GHOST, "ui.input.ghost") X(UI_MENU, "ui.menu") X(UI_MENU_SELECTED, "ui.menu.selected")                      \
    X(UI_POPUP, "ui.popup") X(UI_MATCH, "ui.match") X(UI_CURSOR_ROW, "ui.cursor.row") X(UI_CURSOR_CELL, "ui.cursor.cell")  \
    X(UI_SCROLL, "ui.scroll") X(STATE_OK, "state.ok") X(STATE_INFO, "state.info") X(STATE_WARN, "state.warn")              \
    X(STATE_ERROR, "state.error") X(STATE_RUNNING, "state.running") X(STATE_PAUSED, "state.paused")                        \
    X(STATE_QUEUED, "state.queued") X(STATE_STALE, "state.stale") X(DATA_HEADER, "data.header") X(DATA_KEY, "data.key")    \
    X(DATA_NUMBER, "data.number") X(DATA_TEXT, "data.text") X(DATA_DATE, "data.date") X(DATA_BOOL, "data.bool")            \
    X(DATA_NULL, "data.null") X(DATA_BAD, "data.bad") X(DATA_OUTLIER, "data.outlier") X(DATA_EDITED, "data.edited")        \
    X(DATA_ADDED, "data.added") X(DATA_REMOVED, "data.removed") X(DATA_MARKED, "data.marked") X(CHART_AXIS, "chart.axis")  \
    X(CHART_GRID, "chart.grid") X(CHART_LABEL, "chart.label") X(CHART_LEGEND, "chart.legend")                              \
    X(CHART_CURSOR, "chart.cursor") X(CHART_MARK, "chart.mark") X(CHART_BAR, "chart.bar")                                  \
    X(SERIES_TRAIN, "series.train") X(SERIES_VALID, "series.valid") X(SERIES_TEACHER, "series.teacher")                    \
    X(SERIES_STUDENT, "series.student") X(SERIES_SCRATCH, "series.scratch") X(SERIES_BASELINE, "series.baseline")          \
    X(SERIES_5, "series.5") X(SERIES_6, "series.6") X(SERIES_7, "series.7") X(SERIES_8, "series.8")                        \
    X(SERIES_TRAIN_FAINT, "series.train.faint") X(SERIES_VALID_FAINT, "series.valid.faint")                                \
    X(RAMP_1, "ramp.1") X(RAMP_2, "ramp.2") X(RAMP_3, "ramp.3") X(RAMP_4, "ramp.4") X(RAMP_5, "ramp.5")
/* clang-format on */

typedef enum Role {
#define X(name, text) ROLE_##name,
    ROLE_LIST(X)
#undef X
        ROLE_COUNT
} Role;

const char *role_name(Role role);
int role_find(const char *name); /* -1: none */

#endif
