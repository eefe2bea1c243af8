/* Finite-difference checks of one layer or loss, with the settings a test wants. */
#ifndef NET_GRADIENT_H
#define NET_GRADIENT_H

#include "net/layer.h"
#include "net/loss.h"

/* The largest difference between the backward pass and differences of the forward pass, over inputs and weights, relative to the
 * largest gradient of the same array. Runs as two slices, so joins are checked too. */
bool gradient_check_layer(const Layer *layer, const Value *settings, Shape in, double *worst, Error *e);
/* A whole net, by mean squared error: gradients of some weights of every tensor, relative to the largest. */
bool gradient_check_net(const SpecList *layers, Shape in, double *worst, Error *e);
bool gradient_check_loss(const Loss *loss, const Value *settings, double *worst, Error *e);

#endif
