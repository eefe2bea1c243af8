/* The command line: one file per verb, one line in verbs.def. A Verb is a Spec: its options are parameters like any other, so help,
 * man page and completions come from the same rows. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/job.h"
#include "spec/params.h"
#include "spec/registry.h"

typedef struct CliOptions { /* global ones */
    bool json, quiet;
    bool read_only;                        /* runs are looked at, nothing else */
    bool sandbox, trust;                   /* how far scripts are trusted; neither: as far as the user named them */
    int64_t script_memory, script_seconds; /* their limits, MiB and processor time; 0: by their trust */
    int64_t seed;                          /* -1: none given */
    int64_t threads;                       /* 0: all cores */
    char *color, *graph, *theme;
    int width, height; /* --headless 120x36; 0: a real terminal */
    char *keys, *snap;
} CliOptions;

typedef struct CliCall {
    const CliOptions *options;
    const void *params;    /* of the verb's spec */
    const TextList *words; /* positional arguments */
    Job *job;
} CliCall;

typedef struct Verb {
    Spec spec;
    const char *usage;                         /* "FILE [--json]" */
    bool prints_log;                           /* what it prints goes to a log beside its results: to lose a line is no failure */
    bool takes_signals;                        /* Ctrl-C is a request that it answers; else it ends the program at once */
    bool passes_options;                       /* options after the first word are the script's (run) */
    int (*run)(const CliCall *call, Error *e); /* an exit code; with e set the message is printed by main and its code used */
} Verb;

/* How far scripts are trusted and how much they may use, as words of a command line. */
TextList cli_script_options(const CliOptions *options);
const Family *verb_family(void);
void families_register(void);      /* announces every family, once, at start */
void docs_add_defining(Text *out); /* the sections of limbeck-define(7) */
int cli_report(const Error *e);    /* one clear line on stderr; the exit code */
int cli_main(int argc, char **argv);

#endif
