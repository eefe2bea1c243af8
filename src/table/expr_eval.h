/* The walk over an expression's tree. */
#ifndef TABLE_EXPR_EVAL_H
#define TABLE_EXPR_EVAL_H

#include "table/expr_nodes.h"

bool expr_eval_node(const Node *n, const Table *t, Vec *out, Error *e); /* out->column belongs to the caller */

#endif
