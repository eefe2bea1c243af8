/* A sample for the linter. */
#ifndef BASE_FINE_H
#define BASE_FINE_H

typedef struct Fine {
    void (*free)(void *self);
    int (*read)(void *self);
} Fine;

#endif
