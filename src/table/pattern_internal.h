/* The parts of a pattern: what the parser reads, and the program that is made of it. */
#ifndef TABLE_PATTERN_INTERNAL_H
#define TABLE_PATTERN_INTERNAL_H

#include <stdint.h>

#include "table/pattern.h"

typedef struct CodeRange {
    uint32_t first, last;
} CodeRange;

typedef struct CodeClass {
    CodeRange *ranges;
    size_t count, room;
    bool negated;
} CodeClass;

typedef enum PatternKind {
    KIND_EMPTY,
    KIND_CODE,
    KIND_ANY,
    KIND_CLASS,
    KIND_AT,
    KIND_GROUP,
    KIND_BOTH,
    KIND_EITHER,
    KIND_REPEAT
} PatternKind;
typedef enum PatternAt { AT_START, AT_END, AT_WORD, AT_NO_WORD } PatternAt;

typedef struct PatternNode PatternNode;
struct PatternNode {
    PatternKind kind;
    uint32_t value;  /* CODE: the code point; CLASS: its index; AT: PatternAt; GROUP: its number, 0: none */
    int least, most; /* REPEAT; most -1: without end */
    bool lazy;
    PatternNode *left, *right;
};

typedef enum PatternOp { OP_CODE, OP_ANY, OP_CLASS, OP_AT, OP_SPLIT, OP_JUMP, OP_SAVE, OP_MATCH } PatternOp;

typedef struct PatternStep {
    PatternOp op;
    uint32_t value; /* SAVE: the slot; SPLIT: where to go second; JUMP: where to go */
    uint32_t first; /* SPLIT: where to go first */
} PatternStep;

typedef struct PatternThreads {
    uint32_t *at; /* steps, the most wanted first */
    size_t count;
    size_t *slots;   /* for each thread */
    uint64_t *marks; /* by step: the round in which it was added */
} PatternThreads;

struct Pattern {
    CodeClass *classes;
    size_t classes_count, classes_room;
    PatternStep *steps;
    size_t count, room;
    size_t groups;
    bool any_case;
    PatternThreads now, next;
    size_t *slots, *found; /* scratch, 2 * (1 + groups) */
    uint64_t round;
};

enum { PATTERN_STEPS_MOST = 5000, PATTERN_DEPTH_MOST = 100, PATTERN_REPEAT_MOST = 1000 };

PatternNode *pattern_parse(Pattern *p, const char *text, Error *e); /* fills classes, groups and any_case */
void pattern_free_nodes(PatternNode *n);
bool pattern_compile(Pattern *p, const PatternNode *root, Error *e);

#endif
