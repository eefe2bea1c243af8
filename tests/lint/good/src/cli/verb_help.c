/* A sample for the linter. */
#include <stdio.h>

#include "base/fine.h"

const Verb verb_help = {
    .run = NULL,
};

void say(void)
{
    printf("{ malloc(1) /* ");
}
