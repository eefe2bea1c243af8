/* The curves of a run as an event file that TensorBoard reads: TFRecord frames (length and data, each with its masked CRC-32C) of Event
 * messages in the wire format of protocol buffers. */
#ifndef APP_TENSORBOARD_H
#define APP_TENSORBOARD_H

#include "run/tail.h"

/* "train.loss" is told as "train/loss"; x is the step, the wall time that of the epoch. Appends to out. */
void tensorboard_write(const Tail *t, Text *out);
void tensorboard_frame(const void *bytes, size_t size, Text *out); /* one record */

#endif
