/* What the commands of the Net view need of its state. */
#ifndef VIEWS_NET_H
#define VIEWS_NET_H

#include "net/address.h"
#include "views/workbench.h"

LayerAddress net_cursor(const Workbench *w);           /* in the document's net; no depth: input or output */
void net_set_cursor(Workbench *w, LayerAddress layer); /* once the net is built */

#endif
