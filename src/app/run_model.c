/* From a run directory to a model and the rows that it is judged on. */
#include "app/run_model.h"

#include <string.h>

#include "base/io.h"

enum { SCRIPT_BYTES = 16 << 20 };

static bool is_there(const char *path)
{
    IoInfo info;
    return io_stat(path, &info) && info.is_regular;
}

static char *find_in_calls(const char *run)
{
    char *calls = io_join(run, "calls"), *found = NULL;
    TextList names = {0};
    Error ignored = {0};
    if (io_list(calls, &names, &ignored))
        for (size_t i = names.count; i-- > 0 && !found;) {
            char *call = io_join(calls, names.items[i]);
            found = run_model_find(call);
            mem_free(call);
        }
    text_list_done(&names);
    mem_free(calls);
    return found;
}

char *run_model_find(const char *run)
{
    static const char *const places[] = {"seeds/01/student/model.safetensors", "model.safetensors", "seeds/01/model.safetensors"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char *path = io_join(run, places[i]);
        if (is_there(path))
            return path;
        mem_free(path);
    }
    return find_in_calls(run);
}

/* The script stands in the run of which this one is a part. */
static char *find_script(const char *run, Error *e)
{
    char *script = run_file_above(run, "script.lua");
    if (!script)
        error_set(e, ERROR_FAILED, "%s is not a run, nor part of one: no script.lua is in it or above it", run);
    return script;
}

static Document *read_document(Job *job, const RunModelTask *t, Error *e)
{
    char *path = find_script(t->run, e), *text = NULL, *script = NULL;
    size_t size;
    Document *d = NULL;
    if (path && io_read_file(path, SCRIPT_BYTES, &text, &size, e)) {
        if (document_is_generated(text))
            script = mem_strdup(text);
        else if (t->host && t->host->describe)
            script = t->host->describe(job, t->scripts, io_base_name(path), text, e); /* it ran in this directory, not in its run */
        else
            error_set(e, ERROR_FAILED, "%s was written by hand, and its session cannot be built here", path);
        d = script ? document_read(job, path, script, e) : NULL;
    }
    mem_free(script);
    mem_free(text);
    mem_free(path);
    return d;
}

bool run_model_open(Job *job, const RunModelTask *t, RunModel *out, Error *e)
{
    *out = (RunModel){.model_path = run_model_find(t->run)};
    if (!out->model_path)
        return error_set(e, ERROR_FAILED, "%s has left no model (yet); a training, a study or a distillation leaves one", t->run);
    out->model = bundle_load(out->model_path, e);
    out->document = out->model ? read_document(job, t, e) : NULL;
    return out->document;
}

void run_model_done(RunModel *m)
{
    document_unref(m->document);
    bundle_unref(m->model);
    prepared_free(m->prepared);
    mem_free(m->model_path);
    *m = (RunModel){0};
}

static bool is_same_table(const RunModel *m, Error *e)
{
    char hash[HASH_ROOM];
    const char *known = value_get_text(m->model->facts, "data", "");
    table_hash(m->prepared->structural, hash);
    return !*known || text_equal(hash, known) ||
           error_set(e, ERROR_FAILED, "%s or the steps before its split are not what the model was trained on any more; train again",
                     m->document->pipeline->file ? m->document->pipeline->file : "the table");
}

static bool prepare(Job *job, RunModel *m, Error *e)
{
    if (m->prepared)
        return true;
    return pipeline_prepare(job, m->document->pipeline, &m->prepared, e) && is_same_table(m, e);
}

bool run_model_judge(Job *job, RunModel *m, Part part, const char *runs, JudgedRows *out, Error *e)
{
    JudgedTask task = {(const Bundle *const *)&m->model, 1, runs, "report"};
    return prepare(job, m, e) && judged_rows_of_part(&task, m->document->pipeline, m->prepared, part, out, e);
}

bool run_model_decide(Job *job, RunModel *m, const ThresholdPlan *plan, Error *e)
{
    JudgedRows judged = {0};
    BundleOutputs out = {0};
    Decision d = {0};
    bool ok = run_model_judge(job, m, PART_VALID, NULL, &judged, e) && bundle_outputs(job, m->model, judged.rows, NULL, &out, e) &&
              threshold_choose(plan, &(ThresholdRows){&m->model->target, &out.data, out.outputs, part_name(PART_VALID)}, &d, e);
    if (ok) {
        Bundle *other = bundle_with_decision(m->model, &d);
        bundle_unref(m->model);
        m->model = other;
    }
    decision_done(&d);
    bundle_outputs_done(&out);
    judged_rows_done(&judged);
    return ok;
}
