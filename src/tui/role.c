/* Names of the roles. */
#include "tui/role.h"

#include <stddef.h>
#include <string.h>

static const char *const names[ROLE_COUNT] = {
#define X(name, text) [ROLE_##name] = text,
    ROLE_LIST(X)
#undef X
};

const char *role_name(Role role)
{
    return (size_t)role < ROLE_COUNT ? names[role] : "ui";
}

int role_find(const char *name)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}
