/* limbeck bench p1 FILE and p2 FILE: seconds to load a table, and to profile it. limbeck bench steps FILE: seconds of steps on a table. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "cli/bench.h"
#include "steps/recipe.h"
#include "table/profile.h"
#include "table/reader.h"

/* What the user waits for: a typed table in memory, then its exact figures and findings. */
bool bench_table(const CliCall *call, const char *path, bool profiles, Error *e)
{
    double start = clock_now();
    Table *t = table_read(call->job, path, NULL, e);
    double loaded = clock_now();
    Profile *p = t && profiles ? profile_table(call->job, t, NULL, NULL, e) : NULL;
    double end = clock_now();
    bool ok = t && (p || !profiles);
    if (ok) {
        Text out = {0};
        text_addf(&out, "rows %zu\nload %.3f s\n", t->rows, loaded - start);
        if (profiles)
            text_addf(&out, "profile %.3f s\n", end - loaded);
        text_addf(&out, "rss %.0f MiB\n", (double)proc_peak_memory() / 1048576);
        io_print(1, text_get(&out));
        text_done(&out);
    }
    profile_free(p);
    table_unref(t);
    return ok;
}

/* "log1p {...}" as a recipe of one step. */
static Recipe *step_of_word(const char *word, Error *e)
{
    const char *brace = strchr(word, '{');
    size_t size = brace ? (size_t)(brace - word) : strlen(word);
    while (size && word[size - 1] == ' ')
        size--;
    char *name = mem_strndup(word, size);
    Value *use = brace ? json_parse(brace, strlen(brace), e) : value_map(), *list = value_list();
    if (use)
        value_set(use, "step", value_text(name));
    if (use)
        value_add(list, use);
    Recipe *r = use ? recipe_from_value(list, e) : NULL;
    value_free(list);
    mem_free(name);
    return r;
}

/* Seconds of each step on the table as read, its best of three, and what came out. */
static bool bench_step(const CliCall *call, const Table *t, const char *word, Error *e)
{
    enum { TRIES = 3 };
    Roles none = {0};
    Recipe *r = step_of_word(word, e);
    double best = INFINITY;
    size_t rows = 0;
    bool ok = r != NULL;
    for (int i = 0; ok && i < TRIES; i++) {
        Table *out = NULL;
        double start = clock_now();
        Recipe *fitted = recipe_fit(call->job, r, t, &none, 1, &out, e);
        double seconds = clock_now() - start;
        ok = fitted != NULL;
        best = seconds < best ? seconds : best;
        rows = out ? out->rows : 0;
        table_unref(out);
        recipe_unref(fitted);
    }
    recipe_unref(r);
    if (!ok)
        return false;
    char *line = text_format("%.3f s, %zu rows: %s\n", best, rows, word);
    io_print(1, line);
    mem_free(line);
    return true;
}

bool bench_steps(const CliCall *call, Error *e)
{
    const TextList *words = call->words;
    Table *t = table_read(call->job, words->items[1], NULL, e);
    bool ok = t != NULL;
    for (size_t i = 2; ok && i < words->count; i++)
        ok = bench_step(call, t, words->items[i], e);
    table_unref(t);
    char *line = text_format("rss %.0f MiB\n", (double)proc_peak_memory() / 1048576);
    if (ok)
        io_print(1, line);
    mem_free(line);
    return ok;
}
