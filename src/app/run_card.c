/* Cards of runs: from what a tail has read, and from the small files beside the log. */
#include "app/run_card.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "learn/call.h"
#include "learn/statistics.h"
#include "net/metrics/metric.h"
#include "run/labels.h"
#include "run/run_dir.h"

#define MODEL_FILE "model.safetensors"
enum { DEPTH = 4, FILE_MOST = 16 << 20 };

const RunFigure run_figures[] = {
    {"path", COLUMN_TEXT, "its directory"},
    {"run", COLUMN_TEXT, "the name of the directory without the time it began"},
    {"name", COLUMN_TEXT, "as it was named: by a label, else by its script or call"},
    {"kind", COLUMN_TEXT, "script, train, tune, trial, distill, crossval, fold or seed"},
    {"what", COLUMN_TEXT, "what it is about: its weightiest call"},
    {"number", COLUMN_INT, "of a call, trial, fold or seed; of a run the order in which it began"},
    {"tags", COLUMN_TEXT, "labels, in a text with a blank between them"},
    {"notes", COLUMN_TEXT, "what was noted of it"},
    {"archived", COLUMN_BOOL, "put away: lists leave it out"},
    {"state", COLUMN_TEXT, "running, paused, disk full, queued, done, stopped, diverged, failed or lost"},
    {"started", COLUMN_TEXT, "time of its first event"},
    {"begun", COLUMN_REAL, "the same in seconds since 1970"},
    {"seconds", COLUMN_REAL, "from its first event to its newest"},
    {"epoch", COLUMN_INT, "epochs that are over"},
    {"epochs", COLUMN_INT, "epochs that are planned"},
    {"metric", COLUMN_TEXT, "the series that decides"},
    {"best", COLUMN_REAL, "its best value"},
    {"best_epoch", COLUMN_INT, "the epoch of that"},
    {"last", COLUMN_REAL, "its newest value"},
    {"mean", COLUMN_REAL, "of folds or seeds: the mean of their best values"},
    {"sd", COLUMN_REAL, "their standard deviation"},
    {"members", COLUMN_INT, "how many have one"},
    {"net", COLUMN_TEXT, "widths of its layers"},
    {"params", COLUMN_INT, "weights of the net"},
    {"optimizer", COLUMN_TEXT, "what changes the weights"},
    {"learning_rate", COLUMN_REAL, "its first rate"},
    {"schedule", COLUMN_TEXT, "how the rate goes on"},
    {"loss", COLUMN_TEXT, "what training makes small"},
    {"batch", COLUMN_INT, "rows of a step"},
    {"patience", COLUMN_INT, "epochs that early stopping waits"},
    {"seed", COLUMN_INT, "of all that is random"},
    {"rows", COLUMN_INT, "training rows"},
    {"features", COLUMN_INT, "numbers that the net is given"},
    {"target", COLUMN_TEXT, "the column that it learns"},
    {"pieces", COLUMN_INT, "runs directly below it"},
    {"source", COLUMN_TEXT, "the file that it read, as the script names it"},
    {"source_path", COLUMN_TEXT, "where that was"},
    {"read_options", COLUMN_TEXT, "how it was read, where not as usual"},
    {"data", COLUMN_TEXT, "hash of the table that it began with"},
    {"script", COLUMN_TEXT, "the script that it ran"},
    {"model", COLUMN_TEXT, "the model file, below its directory"},
    {"model_bytes", COLUMN_INT, "size of that"},
    {"model_hash", COLUMN_TEXT, "content of the model; copies have the same"},
    {"message", COLUMN_TEXT, "what it ended with"},
};
const size_t run_figures_count = sizeof run_figures / sizeof *run_figures;

/* 20261123T101530Z-: the time at which a directory of runs began is 17 characters of its name. */
const char *run_card_title(const char *path)
{
    enum { STAMP = 16 };
    const char *name = io_base_name(path);
    bool is_stamped = strlen(name) > STAMP + 1 && name[8] == 'T' && name[STAMP - 1] == 'Z' && name[STAMP] == '-';
    return is_stamped ? name + STAMP + 1 : name;
}

static bool is_title_stamped(const char *path)
{
    return run_card_title(path) != io_base_name(path);
}

double run_card_best(const Tail *t, const char *series, int64_t *epoch)
{
    const TailSeries *s = tail_series(t, series);
    const Metric *m = metric_of_series(series);
    double best = (double)NAN;
    for (size_t i = 0; m && s && i < s->count; i++)
        if (isfinite(s->y[i]) && (!isfinite(best) || metric_is_better(m, s->y[i], best))) {
            best = s->y[i];
            if (epoch)
                *epoch = (int64_t)s->x[i];
        }
    return best;
}

static const char *metric_of_run(const Tail *t)
{
    return value_get_text(t->start, "metric", SERIES_VALID_LOSS);
}

static const Tail *find_kind(const Tail *run, const char *kind, int depth)
{
    if (text_equal(run->kind, kind))
        return run;
    const Tail *found = NULL;
    for (size_t i = run->children_count; depth > 0 && !found && i-- > 0;)
        found = find_kind(run->children[i], kind, depth - 1);
    return found;
}

const Tail *run_card_training(const Tail *run)
{
    const Tail *best = tail_main(run), *study = find_kind(run, "tune", DEPTH);
    if (!study || !text_equal(best->kind, "trial") || !best->end)
        return best;
    double top = run_card_best(best, metric_of_run(best), NULL);
    const Metric *m = metric_of_series(metric_of_run(best));
    for (size_t i = 0; m && i < study->children_count; i++) {
        double x = run_card_best(study->children[i], metric_of_run(best), NULL);
        if (!isfinite(x) || (isfinite(top) && !metric_is_better(m, x, top)))
            continue;
        top = x;
        best = study->children[i];
    }
    return best;
}

static size_t count_kind(const Tail *run, const char *kind, int depth)
{
    size_t count = 0;
    for (size_t i = 0; depth > 0 && i < run->children_count; i++)
        count += (size_t)text_equal(run->children[i]->kind, kind) + count_kind(run->children[i], kind, depth - 1);
    return count;
}

static void set_text(Value *card, const char *name, const char *text)
{
    if (text && *text)
        value_set(card, name, value_text(text));
}

static void set_what(Value *card, const Tail *run)
{
    static const struct {
        const char *call, *piece, *words;
    } kinds[] = {{"distill", NULL, "distill"}, {"regularize", "seed", "nets regularized"},
                 {"tune", "trial", "trials"},  {"crossval", "fold", "folds"},
                 {"seeds", "seed", "seeds"},   {"train", NULL, "train"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!text_equal(run->kind, kinds[i].call) && !count_kind(run, kinds[i].call, DEPTH))
            continue;
        char *counted = kinds[i].piece ? text_format("%zu %s", count_kind(run, kinds[i].piece, DEPTH), kinds[i].words) : NULL;
        value_set(card, "what", value_text(counted ? counted : kinds[i].words));
        mem_free(counted);
        return;
    }
    value_set(card, "what", value_text(run->kind));
}

/* "001-train" is call 1, "trials/0007" trial 7, "seeds/03/student" of seed 3. The runs of a directory are counted by their list. */
static void set_number(Value *card, const char *path)
{
    const char *name = io_base_name(path);
    char *above = io_directory(path);
    int64_t number;
    if (!isdigit((unsigned char)*name))
        name = io_base_name(above);
    if (!is_title_stamped(path) && !is_title_stamped(above) && number_parse_int(name, strspn(name, "0123456789"), &number))
        value_set(card, "number", value_int(number));
    mem_free(above);
}

/* What somebody noted last while it ran, below a run too. */
static const char *last_note(const Tail *run, int depth)
{
    const char *found = NULL;
    for (size_t i = run->notes_count; i-- > 0;)
        if (text_equal(run->notes[i].verb, "note"))
            return run->notes[i].text;
    for (size_t i = run->children_count; depth > 0 && !found && i-- > 0;)
        found = last_note(run->children[i], depth - 1);
    return found;
}

static void set_labels(Value *card, const Tail *run)
{
    Error e = {0};
    Text tags = {0};
    Value *labels = labels_read(run->path, &e);
    const Value *list = value_get(labels, "tags");
    for (size_t i = 0; list && i < list->size; i++)
        text_addf(&tags, "%s%s", i ? " " : "", list->items[i]->text);
    value_set(card, "name", value_text(value_get_text(labels, "name", run->name)));
    set_text(card, "tags", text_get(&tags));
    set_text(card, "notes", labels ? value_get_text(labels, "notes", last_note(run, DEPTH)) : e.message);
    if (value_get_flag(labels, "archived", false))
        value_set(card, "archived", value_flag(true));
    text_done(&tags);
    value_free(labels);
}

static void set_time(Value *card, const Tail *run)
{
    char stamp[24];
    clock_stamp(run->started, stamp);
    value_set(card, "started", run->started > 0 ? value_text(stamp) : value_null());
    value_set(card, "begun", value_real(run->started));
    value_set(card, "seconds", value_real(run->updated - run->started));
}

/* Names of a start event that are figures of the card as they stand. */
static void set_settings(Value *card, const Tail *t)
{
    static const char *const names[] = {"params",   "optimizer", "learning_rate", "schedule", "loss",  "batch",
                                        "patience", "seed",      "rows",          "features", "target"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const Value *v = value_get(t->start, names[i]);
        if (v && (value_is_number(v) || v->type == VALUE_TEXT))
            value_set(card, names[i], value_copy(v));
    }
}

static void set_course(Value *card, const Tail *t)
{
    const char *metric = metric_of_run(t);
    int64_t epoch = 0;
    double best = run_card_best(t, metric, &epoch);
    const TailSeries *s = tail_series(t, metric);
    value_set(card, "epoch", value_int((int64_t)value_get_real(t->last_epoch, "epoch", 0)));
    value_set(card, "epochs", value_int(value_get_int(t->start, "epochs", 0)));
    value_set(card, "net", value_text(value_get_text(t->start, "net", "")));
    value_set(card, "metric", value_text(metric));
    if (isfinite(best)) {
        value_set(card, "best", value_real(best));
        value_set(card, "best_epoch", value_int(epoch));
    }
    if (s && s->count)
        value_set(card, "last", value_real(s->y[s->count - 1]));
    for (size_t i = 0; i < metric_count(); i++) {
        char *series = text_format("valid.%s", metric_at(i)->spec.name);
        best = run_card_best(t, series, NULL);
        if (isfinite(best))
            value_set(card, series, value_real(best));
        mem_free(series);
    }
}

/* Folds and seeds are one thing seen several times: a study or a distillation is not. */
static void set_group(Value *card, const Tail *run, const char *metric)
{
    const Tail *group = find_kind(run, "crossval", DEPTH);
    group = group ? group : find_kind(run, "seeds", DEPTH);
    if (!group)
        return;
    double *best = mem_alloc((group->children_count + 1) * sizeof *best), sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < group->children_count; i++) {
        double x = run_card_best(group->children[i], metric, NULL);
        if (isfinite(x)) {
            best[count++] = x;
            sum += x;
        }
    }
    if (count) {
        value_set(card, "mean", value_real(sum / (double)count));
        value_set(card, "members", value_int((int64_t)count));
    }
    if (count > 1)
        value_set(card, "sd", value_real(sample_sd(best, count)));
    mem_free(best);
}

static Value *read_json(const char *directory, const char *name)
{
    char *file = io_join(directory, name), *bytes = NULL;
    size_t size = 0;
    IoInfo info;
    Error ignored = {0};
    bool ok = io_stat(file, &info) && io_read_file(file, FILE_MOST, &bytes, &size, &ignored);
    Value *v = ok ? json_parse(bytes, size, &ignored) : NULL;
    mem_free(bytes);
    mem_free(file);
    return v;
}

static Value *read_above(const char *path, const char *name)
{
    char *file = run_file_above(path, name), *directory = file ? io_directory(file) : NULL;
    Value *found = directory ? read_json(directory, name) : NULL;
    mem_free(directory);
    mem_free(file);
    return found;
}

/* Of the files that a script read the one that a call began with. */
static const Value *source_of(const Value *sources, const char *data)
{
    for (size_t i = 0; i < value_items(sources); i++)
        if (sources->type == VALUE_LIST && data && text_equal(value_get_text(sources->items[i], "data", NULL), data))
            return sources->items[i];
    return NULL;
}

static void set_lineage(Value *card, const Tail *t)
{
    Value *plan = read_above(t->path, "plan.json"), *sources = read_above(t->path, SOURCES_FILE), *args = read_above(t->path, "args.json");
    const char *data = value_get_text(value_get(plan, "pipeline"), "data", NULL), *script = value_get_text(args, "script", NULL);
    const Value *source = source_of(sources, data), *options = value_get(source, "options");
    set_text(card, "data", data);
    set_text(card, "source", value_get_text(source, "file", NULL));
    set_text(card, "source_path", value_get_text(source, "path", NULL));
    set_text(card, "script", script ? io_base_name(script) : NULL);
    if (options && options->type == VALUE_MAP) {
        char *text = json_format(options, JSON_CANONICAL);
        value_set(card, "read_options", value_text(text));
        mem_free(text);
    }
    value_free(plan);
    value_free(sources);
    value_free(args);
}

static void add_models(Value *models, const Tail *top, const Tail *run, int depth)
{
    char *file = io_join(run->path, MODEL_FILE);
    IoInfo info;
    Value *result = io_stat(file, &info) && info.is_regular ? read_json(run->path, "result.json") : NULL;
    const char *hash = value_get_text(result, "model_hash", NULL);
    if (hash)
        value_set(models, file + strlen(top->path) + 1, value_text(hash));
    value_free(result);
    mem_free(file);
    for (size_t i = 0; depth > 0 && i < run->children_count; i++)
        add_models(models, top, run->children[i], depth - 1);
}

/* Where the training keeps its model; the best trial of a study leaves it to the study. */
static void set_model(Value *card, const Tail *run, const Tail *t)
{
    const Tail *study = find_kind(run, "tune", DEPTH), *places[] = {t, study};
    Value *models = value_map();
    add_models(models, run, run, DEPTH);
    for (size_t i = 0; i < 2 && places[i] && !value_get(card, "model"); i++) {
        char *file = io_join(places[i]->path, MODEL_FILE);
        const char *place = file + strlen(run->path) + 1;
        IoInfo info;
        if (io_stat(file, &info) && info.is_regular) {
            value_set(card, "model", value_text(place));
            value_set(card, "model_bytes", value_int((int64_t)info.size));
            set_text(card, "model_hash", value_get_text(models, place, NULL));
        }
        mem_free(file);
    }
    value_set(card, "models", models);
}

Value *run_card_make(const Tail *run)
{
    const Tail *t = run_card_training(run);
    Value *card = value_map();
    value_set(card, "path", value_text(run->path));
    value_set(card, "run", value_text(run_card_title(run->path)));
    value_set(card, "kind", value_text(run->kind));
    set_what(card, run);
    set_number(card, run->path);
    set_labels(card, run);
    value_set(card, "state", value_text(run_state_name(run->state)));
    set_time(card, run);
    set_course(card, t);
    set_settings(card, t);
    set_group(card, run, metric_of_run(t));
    if (run->children_count)
        value_set(card, "pieces", value_int((int64_t)run->children_count));
    set_lineage(card, t);
    set_model(card, run, t);
    set_text(card, "message", value_get_text(run->end, "message", value_get_text(t->end, "message", value_get_text(t->end, "why", NULL))));
    return card;
}

Value *run_card_read(const char *path, Error *e)
{
    Tail *t = tail_open(path, e);
    Value *card = NULL;
    if (t) {
        t->skims = true;
        tail_poll(t, true, NULL);
        card = run_card_make(t);
    }
    tail_free(t);
    return card;
}

Value *run_cards_below(const char *path, Error *e)
{
    Tail *t = tail_open(path, e);
    Value *list = t ? value_list() : NULL;
    if (t) {
        t->skims = true;
        tail_poll(t, true, NULL);
    }
    for (size_t i = 0; t && i < t->children_count; i++)
        value_add(list, run_card_make(t->children[i]));
    tail_free(t);
    return list;
}
