/* A form made from a Spec: one row a field with its input, choices or range. Values go through field_set_text, so a form accepts
 * exactly what a script accepts. */
#ifndef TUI_FORM_H
#define TUI_FORM_H

#include "spec/params.h"
#include "tui/input.h"

typedef struct Form {
    const Spec *spec;
    void *params;     /* owned */
    size_t field;     /* the current one */
    bool typing;      /* the input differs from what the field holds */
    Input input;      /* of the current field */
    Error error;      /* of the last thing typed; code 0: none */
    uint64_t changes; /* grows with each change of a value: previews compare it */
} Form;

typedef enum FormAnswer { FORM_STAY, FORM_APPLY, FORM_CANCEL, FORM_ABOUT } FormAnswer;

bool form_init(Form *f, const Spec *spec, const Value *params, Error *e); /* params NULL: defaults */
void form_done(Form *f);
/* Tab Down next, S-Tab Up back, Left Right change (caret in texts), Space toggles, Enter applies, Esc cancels, F1 about. What is typed
 * into a field is set as soon as it can be read; what can't fills `error`, and the field can't be left with it. */
FormAnswer form_key(Form *f, Key key);
void form_paste(Form *f, const char *text); /* into the current field, when text goes there */
Value *form_value(const Form *f);           /* only what differs from the defaults; the caller owns it */
/* A row: a field of the Spec, or, one step deeper and below it, a parameter of the family's member that it names. */
typedef struct FormRow {
    const Field *fields, *field; /* the list that the field is of */
    void *data;
    const char *what;
    int depth;
} FormRow;
bool form_row(const Form *f, size_t index, FormRow *out); /* false: there are fewer */
size_t form_field_count(const Form *f);                   /* rows */
const Field *form_field(const Form *f);                   /* the current one; NULL when the Spec has none */
int form_rows(const Form *f);                             /* rows form_paint fills when it has them: two of words, then one a field */
void form_paint(Pen *pen, Rect area, const Form *f);      /* scrolls to the current field when the area is lower */

#endif
