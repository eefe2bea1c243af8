/* limbeck compare with runs. */
#include "cli/compare_runs.h"

#include "app/run_compare.h"
#include "base/io.h"
#include "base/json.h"

int compare_runs(const CliCall *call, Error *e)
{
    const CompareParams *p = call->params;
    Text out = {0};
    if (call->words->count < 2 || call->words->count > RUN_COMPARE_MOST) {
        error_set(e, ERROR_USAGE, "compare: two to %d runs", RUN_COMPARE_MOST);
        return 2;
    }
    Value *c = run_compare(call->job, call->words, (Part)p->on, p->data && *p->data ? p->data : NULL, e);
    if (c && call->options->json)
        json_write(c, JSON_PRETTY, &out);
    else if (c)
        run_compare_print(c, &out);
    if (c)
        io_print(1, text_get(&out));
    text_done(&out);
    bool ok = c != NULL;
    value_free(c);
    return ok ? 0 : error_exit_code(e);
}
