/* limbeck profile FILE: what is in a table, and what is wrong with it. */
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "table/profile.h"
#include "table/reader.h"

typedef struct ProfileParams {
    char *target, *positive;
    Value *read;
} ProfileParams;

static const Field fields[] = {
    {TEXT_FIELD(ProfileParams, target), .doc = "column to predict: adds AUC and findings about it", .def = ""},
    {TEXT_FIELD(ProfileParams, positive), .doc = "its positive class; empty: the rarer one", .def = ""},
    {VALUE_FIELD(ProfileParams, read), .doc = "options of the reader, as JSON", .is_map = true, .def = ""},
    {0},
};

static void print_profile(const CliCall *call, const Profile *profile, const Table *t)
{
    Text out = {0};
    if (call->options->json) {
        Value *v = profile_to_value(profile, t);
        json_write(v, JSON_PRETTY, &out);
        text_add_char(&out, '\n');
        value_free(v);
    } else {
        profile_print(profile, t, &out);
    }
    io_print(1, text_get(&out));
    text_done(&out);
}

/* A name that is not there is a mistake of the command, not of the file. */
static bool has_target(const Table *t, const char *file, const char *target, Error *e)
{
    if (!target || table_get(t, target, e) != TABLE_NONE)
        return true;
    e->code = ERROR_USAGE;
    return error_prefix(e, "%s: --target: ", file);
}

static int run(const CliCall *call, Error *e)
{
    const ProfileParams *p = call->params;
    if (call->words->count != 1) {
        error_set(e, ERROR_USAGE, "profile needs a file: limbeck profile FILE, or - for standard input");
        return 2;
    }
    Table *t = table_read(call->job, call->words->items[0], p->read, e);
    bool known = t && has_target(t, call->words->items[0], p->target, e);
    Profile *profile = known ? profile_table(call->job, t, p->target, p->positive, e) : NULL;
    if (profile)
        print_profile(call, profile, t);
    int code = profile ? 0 : error_exit_code(e);
    profile_free(profile);
    table_unref(t);
    return code;
}

const Verb verb_profile = {
    .spec = {.name = "profile",
             .doc = "figures of each column, and findings with their repair",
             .group = "data",
             .params = fields,
             .params_size = sizeof(ProfileParams)},
    .usage = "FILE [--target COLUMN] [--positive CLASS] [--json]",
    .run = run,
};
