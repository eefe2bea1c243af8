/* What the commands of the Net view need of its state. */
#ifndef VIEWS_NET_H
#define VIEWS_NET_H

#include "net/address.h"
#include "tui/list.h"
#include "views/workbench.h"

typedef struct NetState {
    ListState list;
    Model *model;          /* of the document's layers; with a fault: of those before it; NULL: not even the input fits */
    char problem[400];     /* the fault; "": none */
    size_t fault;          /* layer that does not fit, in the outermost list, */
    LayerAddress fault_at; /* and where in it, as far as the words say it */
    size_t fitting;        /* with a fault: lines of the model before what it adds */
    LayerAddress wanted;   /* to put the cursor on, once the net is built; no depth: none */
    Document *of;          /* held, so that no other document can lie at its address */
    NetInput input;
    int64_t outputs;
    GradientCheck checks[32];
    size_t checks_count;
    char *proposal; /* NULL: none */
    Model *pinned;  /* B of the comparison */
    bool is_paired; /* B is shown beside it */
} NetState;

bool net_has_fault(const NetState *s);
size_t net_line_count(const NetState *s); /* lines of the model that are shown: behind a fault, not those that were added */
size_t net_row_count(const NetState *s);  /* of the list: input, layers with those of their blocks, and what is added or does not fit */
/* The layer of the document that a row belongs to; what a block adds of its own belongs to the block. */
LayerAddress net_address_of_row(const NetState *s, size_t row);
bool net_shows_pair(const NetState *s);
void net_paint_pair(const Workbench *w, Pen *pen, Rect pane);
/* Behind a fault, layers in order with those of their blocks; no depth: there are no more. */
LayerAddress net_unfit_at(const NetState *s, size_t row);
LayerAddress net_find_fault(const NetState *s, const SpecList *net); /* fault and problem are known */
void net_paint_layers(const Workbench *w, Pen *pen, Rect pane);

LayerAddress net_cursor(const Workbench *w);                      /* in the document's net; no depth: input or output */
char *net_tabular_proposal(const Document *d, const AppReady *r); /* a line; NULL: none; the caller owns it */
void net_set_cursor(Workbench *w, LayerAddress layer);            /* once the net is built */

void net_show_regularize(Workbench *w);     /* the bench of ways to regularize, over the view */
bool net_is_regularize(const Workbench *w); /* the watched run is one */

#endif
