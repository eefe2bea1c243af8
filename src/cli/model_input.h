/* Models and tables beside rows, as verbs that judge take them. */
#ifndef CLI_MODEL_INPUT_H
#define CLI_MODEL_INPUT_H

#include "cli/cli.h"
#include "learn/learn.h"

Bundle *cli_open_model(const char *path, Error *e); /* a file, or a directory with model.safetensors in it */
/* given: NAME=FILE each; checked against what the model reads beside the rows. */
bool cli_read_tables(Job *job, const Bundle *b, const TextList *given, SideTables *out, Error *e);

#endif
