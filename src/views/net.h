/* What the commands of the Net view need of its state. */
#ifndef VIEWS_NET_H
#define VIEWS_NET_H

#include "net/address.h"
#include "views/workbench.h"

LayerAddress net_cursor(const Workbench *w);                      /* in the document's net; no depth: input or output */
char *net_tabular_proposal(const Document *d, const AppReady *r); /* a line; NULL: none; the caller owns it */
void net_set_cursor(Workbench *w, LayerAddress layer);            /* once the net is built */

void net_show_regularize(Workbench *w);     /* the bench of ways to regularize, over the view */
bool net_is_regularize(const Workbench *w); /* the watched run is one */

#endif
