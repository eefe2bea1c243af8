/* limbeck docs DIR: the manual pages that declarations write: steps, layers and what trains them, keys, Lua. */
#include <string.h>

#include "base/io.h"
#include "cli/cli.h"
#include "spec/faces.h"
#include "table/expr.h"
#include "views/workbench.h"

typedef struct Page {
    const char *name, *about, *intro;
    const char *families[12]; /* ends with NULL */
    void (*more)(Text *out);  /* sections behind those of the families; NULL: none */
} Page;

/* mdoc reads a backslash as an escape. */
static void add_expressions(Text *out)
{
    Text help = {0};
    expr_help(&help);
    text_add(
        out,
        ".Sh EXPRESSIONS\nWhat derive and filter compute: columns by name, odd names in back-quotes, texts in quotes, null for no value.\n"
        "Missing in, missing out; so is what has no finite value.\n.Bd -literal\n");
    for (const char *p = text_get(&help); *p; p++) {
        text_add_char(out, *p);
        if (*p == '\\')
            text_add_char(out, 'e');
    }
    text_add(
        out,
        ".Ed\nPatterns know . [a-z] [^a-z] [[:alpha:]] \\ed \\ew \\es ^ $ \\eb (group) (?:no group) | * + ? {2,3}, lazy ones with ? "
        "behind, and (?i) in front for capitals or not.\nThey take time that grows with the text and no faster, and do not depend on the "
        "locale.\n");
    text_done(&help);
}

static void add_key_table(Text *out)
{
    for (int view = 0; view <= VIEW_COUNT; view++) {
        bool everywhere = view == VIEW_COUNT;
        text_addf(out, ".Sh %s\n.Bl -tag -width Ds\n", everywhere ? "EVERYWHERE" : view_get((ViewId)view)->name);
        size_t count = 0;
        for (size_t i = 0; command_at(i); i++) {
            const Command *c = command_at(i);
            if (everywhere ? c->views != VIEWS_ALL : c->views == VIEWS_ALL || !(c->views >> view & 1))
                continue;
            const char *key = !c->key ? "no key" : *c->key == '.' || *c->key == '\'' || *c->key == '\\' ? "\\&." : c->key;
            text_addf(out, ".It Cm %s Pq %s\n%s.\n", c->spec.name, key, c->spec.doc);
            count++;
        }
        if (!count)
            text_add(out, ".It none\nOnly the keys of all views.\n");
        text_add(out, ".El\n");
    }
}

static const Page pages[] = {
    {"limbeck-steps",
     "steps of a limbeck recipe",
     "A step changes a table.\n"
     "Steps that learn are fitted on training rows only, wherever they stand; what they learned is saved with the model.\n"
     "In Lua a step is a method of a pipeline:\n.Bd -literal -offset indent\np = p:fill_missing { columns = { \"total_charges\" }, "
     "strategy = \"median\" }\n.Ed\n",
     {"step", NULL},
     add_expressions},
    {"limbeck-layers",
     "layers, nets, losses, optimizers, schedules, averages, samplers and metrics of limbeck",
     "In Lua each is a value of the module:\n.Bd -literal -offset indent\nnet = { lb.dense { 64 }, lb.relu {}, lb.dropout { rate = 0.2 } "
     "}\n.Ed\n"
     "The last dense layer is added by limbeck; it follows from the target.\n",
     {"layer", "preset", "loss", "optimizer", "schedule", "averaging", "layer_rule", "stopping", "sampler", "metric", NULL},
     NULL},
    {"limbeck-lua",
     "plans of the Lua face of limbeck",
     "A script begins with\n.Ql local lb = require \"limbeck\" .\nEach plan is a method of a pipeline and takes one table of options; an "
     "unknown one is refused with the nearest name.\n"
     "A callback that remembers something declares it, so that it goes into checkpoints and a resume is exact:\n.Bd -literal -offset "
     "indent\n"
     "on_epoch = lb.callback { state = { n = 0 }, fn = function(e, state)\n  state.n = state.n + 1\n  if state.n == 60 then return "
     "\"stop\" end\n"
     "end }\n.Ed\nA plain function whose variables may hold something is named when its run is resumed.\n"
     "With class_weight = \"balanced\" a row of class c weighs n / (k n_c) in the loss of every part, whatever the batch;\n"
     "log_loss is never weighted.\n"
     "Or give them: class_weights = { Yes = 3 }.\n"
     "A table has every step as a method, and besides\n.Bd -literal -offset indent\n"
     "t = lb.table { x = { 1, 2 }, name = { \"a\", nil } }   -- nil is a missing cell\n"
     "t:column \"x\"  t.x            -- a Lua array; n says how many cells\n"
     "t:with { y = array }          -- the table with new columns\n"
     "t:pick { \"x\", \"y\" }         -- these columns\n"
     "for i, row in t:each() do ... row.x ... end\n.Ed\n"
     "Predictions and\n.Ql p:table \"test\"\nare tables too.\n"
     ".Ql m:report { on = \"valid\" }\nis its report card: metrics with intervals, confusion, curves, calibration, lift, residuals, each "
     "column's slices, the rows it gets most wrong; on = \"test\" is a look that is counted, importance = true shuffles features, slices = "
     "{ "
     "\"contract\" } names columns.\nAs JSON it is what\n.Ql limbeck evaluate --json\nprints.\n"
     ".Ql m:with_threshold { costs = { Yes = { No = 5 } } }\nis the same model with the threshold that costs least on the validation rows, "
     "where a Yes that is called No costs 5; by = \"f1\" or \"balanced\" choose otherwise, and m:with_threshold(0.3) says it.\nIt is saved "
     "with "
     "the model.\nOf more than two classes the costs decide each row.\n"
     ".Ql m:eval { on = \"test\" }\ngives the metrics of a part, and of classes how often each was taken for which: "
     "confusion[truth][decision].\n"
     "A metric with settings is named with them, in metrics = { \"f_beta(beta=0.5)\" } there and as what a plan watches: early_stop { "
     "metric = \"valid.f_beta(beta=0.5)\" }.\n"
     ".Ql lb.json.decode ,\n.Ql lb.json.encode\nand\n.Ql lb.json.read\nread and write JSON.\n"
     ".Ql p:leak_demo { plan of training }\nshows beside the figures of a pipeline those it would have when its steps were fitted on all "
     "rows and rows were made before the split.\n"
     "A module beside the script, which the script requires, defines steps, metrics and more of its own:\n.Sy limbeck-define(7) .\n"
     "Readers take the options of\n.Fn lb.read ,\nwriters those of\n.Fn t:write .\n",
     {"plan", "reader", "writer", NULL},
     NULL},
    {"limbeck-define",
     "steps, metrics, losses and commands that a module in Lua defines",
     "A module beside the script, which the script requires, defines members of limbeck's families.\n"
     "They are like those written in C: parameters are checked, help, forms and recipes know them.\n"
     "The text of the module travels with recipes, models, runs and scripts of the workbench, these by\n.Fn lb.define.module .\n"
     "Wherever it runs it is alone: no files, no output, of the module limbeck only define and vector, a fresh state for each call, and "
     "the "
     "limits of a sandbox.\nWhat fails is said with file and line.\n"
     "A parameter is typed by its default, or a map of type (columns, column, flag, int, real, choice, text, texts, numbers), default, "
     "doc, "
     "unit, min and max, choices.\n",
     {NULL},
     docs_add_defining},
    {"limbeck-keys",
     "keys and commands of the limbeck workbench",
     "Every key is a command with a name; the names work in the command line\n.Pq Ql \\&:\nand in the palette\n.Pq Space Space .\n",
     {NULL},
     add_key_table},
};

static void add_upper(const char *name, Text *out)
{
    for (; *name; name++)
        text_add_char(out, *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name);
}

static void add_families(const Page *page, Text *out)
{
    for (int i = 0; page->families[i]; i++) {
        const Family *family = registry_find_family(page->families[i]);
        text_add(out, ".Sh ");
        add_upper(family->title, out);
        text_addf(out, "\n%s.\n", family->doc);
        face_man(family, out);
    }
}

/* Text lines of at most 78 bytes, broken at blanks; macro lines and literal blocks stay. */
static void wrap(const char *text, Text *out)
{
    bool literal = false;
    while (*text) {
        size_t size = strcspn(text, "\n");
        literal = text_starts(text, ".Bd") || (literal && !text_starts(text, ".Ed"));
        while (*text != '.' && !literal && size > 78) {
            size_t cut = 78;
            while (cut > 0 && text[cut] != ' ')
                cut--;
            if (cut == 0)
                break;
            text_add_bytes(out, text, cut);
            text_add_char(out, '\n');
            text += cut + 1;
            size -= cut + 1;
        }
        text_add_bytes(out, text, size);
        text_add_char(out, '\n');
        text += size + (text[size] == '\n');
    }
}

static bool write_page(const Page *page, const char *directory, Error *e)
{
    Text out = {0};
    text_add(&out, ".\\\" Written by `limbeck docs` from the declarations in the program; change those.\n.Dd November 24, 2026\n.Dt ");
    add_upper(page->name, &out);
    text_addf(&out, " 7\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n.Sh DESCRIPTION\n%s", page->name, page->about, page->intro);
    add_families(page, &out);
    if (page->more)
        page->more(&out);
    text_add(&out, ".Sh SEE ALSO\n.Sy limbeck(1)\n");
    char *name = text_format("%s.7", page->name), *path = io_join(directory, name);
    Text wrapped = {0};
    wrap(text_get(&out), &wrapped);
    bool ok = io_save(path, text_get(&wrapped), wrapped.size, e);
    text_done(&wrapped);
    mem_free(path);
    mem_free(name);
    text_done(&out);
    return ok;
}

static int run(const CliCall *call, Error *e)
{
    bool ok = call->words->count == 1 || error_set(e, ERROR_USAGE, "docs: which directory? limbeck docs man");
    for (size_t i = 0; ok && i < sizeof pages / sizeof *pages; i++)
        ok = write_page(&pages[i], call->words->items[0], e);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_docs = {
    .spec = {.name = "docs", .doc = "write the manual pages that declarations make", .group = "hidden"},
    .usage = "DIR",
    .run = run,
};
