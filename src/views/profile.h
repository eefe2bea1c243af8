/* The Profile view's state, shared by its panes. */
#ifndef VIEWS_PROFILE_H
#define VIEWS_PROFILE_H

#include "tui/list.h"
#include "views/workbench.h"

typedef enum ProfileSort { PROFILE_BY_AUC, PROFILE_BY_NAME, PROFILE_BY_MISSING, PROFILE_BY_TABLE } ProfileSort;
enum { PANE_COLUMNS, PANE_FINDINGS, PANES, FINDINGS_SHOWN = 8 };

typedef struct ProfileState {
    ListState columns, findings;
    ProfileSort sort;
    int *order;
    uint64_t of;            /* app_profile_number that order belongs to */
    RepairPreview *preview; /* of the finding under the cursor; NULL: none repairs it, or it is not looked at */
    size_t previewed;       /* which one, from 1; 0: none */
    uint64_t previewed_of;
} ProfileState;

bool profile_has_correlation(const Profile *p); /* the target is a number: columns are told by their correlation with it */
const ColumnProfile *profile_column_here(const Workbench *w, const Profile *p); /* NULL: none */
/* Beside the columns: how one of them tells the target. Beside the findings: which cells the repair changes. */
void profile_paint_side(const Workbench *w, Pen *pen, Rect side, const Profile *p);

#endif
