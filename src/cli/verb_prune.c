/* limbeck prune, limbeck delete: room on the disk, asked before anything goes. */
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/number.h"
#include "cli/cli.h"
#include "run/run_dir.h"
#include "run/run_disk.h"

typedef struct PruneParams {
    bool yes;
} PruneParams;

static const Field fields[] = {
    {FLAG_FIELD(PruneParams, yes), .doc = "do it without asking", .def = "false"},
    {0},
};

/* Where nobody can be asked nothing is done: --yes does it. */
static bool is_wanted(const CliCall *call, const char *question)
{
    const PruneParams *p = call->params;
    if (p->yes)
        return true;
    FILE *terminal = io_is_terminal(0) && io_is_terminal(2) ? io_open_terminal(false, NULL) : NULL;
    char *line = text_format("limbeck: %s%s", question, terminal ? "  y does it" : "; --yes does it"), answer[8] = "";
    io_print_line(2, line);
    mem_free(line);
    bool yes = terminal && fgets(answer, sizeof answer, terminal) && (answer[0] == 'y' || answer[0] == 'Y');
    if (terminal)
        fclose(terminal);
    return yes;
}

static void add_runs(const char *directory, TextList *out)
{
    TextList names = {0};
    io_list(directory, &names, NULL);
    for (size_t i = 0; i < names.count; i++) {
        char *path = io_join(directory, names.items[i]);
        if (run_is_directory(path))
            text_list_add(out, path);
        mem_free(path);
    }
    text_list_done(&names);
}

static bool measure(const TextList *runs, RunDisk *sum, Error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < runs->count; i++) {
        RunDisk one;
        ok = run_disk(runs->items[i], &one, e);
        sum->bytes += one.bytes;
        sum->checkpoints += one.checkpoints;
        sum->prunable += one.prunable;
    }
    return ok;
}

static char *prune_question(const TextList *runs, const RunDisk *sum)
{
    char all[NUMBER_ROOM], checkpoints[NUMBER_ROOM], prunable[NUMBER_ROOM];
    return text_format("%zu run%s %s %s, %s of it checkpoints; %s of these can go, the best ones and all models stay", runs->count,
                       runs->count == 1 ? "" : "s", runs->count == 1 ? "takes" : "take", number_format_size((double)sum->bytes, all),
                       number_format_size((double)sum->checkpoints, checkpoints), number_format_size((double)sum->prunable, prunable));
}

/* A run that goes on is passed over and named: the others are pruned. */
static bool prune_all(const TextList *runs, Error *e)
{
    uint64_t freed, sum = 0;
    char number[NUMBER_ROOM];
    bool ok = true;
    for (size_t i = 0; i < runs->count; i++) {
        ok = run_prune(runs->items[i], &freed, ok ? e : NULL) && ok;
        sum += freed;
    }
    char *line = text_format("limbeck: %s freed", number_format_size((double)sum, number));
    io_print_line(2, line);
    mem_free(line);
    return ok;
}

static int prune_run(const CliCall *call, Error *e)
{
    TextList runs = {0};
    RunDisk sum = {0};
    for (size_t i = 0; i < call->words->count; i++)
        text_list_add(&runs, call->words->items[i]);
    if (!call->words->count)
        add_runs("runs", &runs);
    bool ok = run_may_write(e) && measure(&runs, &sum, e);
    char *question = prune_question(&runs, &sum);
    if (ok && is_wanted(call, question))
        ok = prune_all(&runs, e);
    mem_free(question);
    text_list_done(&runs);
    return ok ? 0 : error_exit_code(e);
}

static int delete_run(const CliCall *call, Error *e)
{
    RunDisk sum = {0};
    char number[NUMBER_ROOM];
    bool ok = call->words->count > 0 || error_set(e, ERROR_USAGE, "delete: which run? limbeck runs lists them");
    ok = ok && run_may_write(e) && measure(call->words, &sum, e);
    char *question = text_format("%zu run%s, %s, models included, would be gone for ever", call->words->count,
                                 call->words->count == 1 ? "" : "s", number_format_size((double)sum.bytes, number));
    bool wanted = ok && is_wanted(call, question);
    for (size_t i = 0; wanted && ok && i < call->words->count; i++)
        ok = run_delete(call->words->items[i], e);
    mem_free(question);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_prune = {
    .spec = {.name = "prune",
             .doc = "remove checkpoints that nothing needs any more",
             .group = "runs",
             .params = fields,
             .params_size = sizeof(PruneParams)},
    .usage = "[RUN...] [--yes]",
    .run = prune_run,
};

const Verb verb_delete = {
    .spec = {.name = "delete",
             .doc = "remove runs, with all that is in them",
             .group = "runs",
             .params = fields,
             .params_size = sizeof(PruneParams)},
    .usage = "RUN... [--yes]",
    .run = delete_run,
};
