/* A sample for the linter. */
#ifndef OTHER_H
#define OTHER_H
#endif
