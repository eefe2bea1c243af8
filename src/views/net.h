/* What the commands of the Net view need of its state. */
#ifndef VIEWS_NET_H
#define VIEWS_NET_H

#include <stdint.h>

#include "views/workbench.h"

size_t net_cursor_layer(const Workbench *w); /* in the document's list; SIZE_MAX: input or output */
void net_set_cursor(Workbench *w, size_t layer);

#endif
