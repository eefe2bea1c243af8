/* lua/meta/limbeck.d.lua: what editors know of the module, written from the registry. */
#include "script/script.h"
#include "spec/faces.h"

static const char *lua_type(const Field *f)
{
    switch (f->type) {
    case FIELD_FLAG: return "boolean";
    case FIELD_INT: return "integer";
    case FIELD_REAL: return "number";
    case FIELD_CHOICE: return NULL;
    case FIELD_TEXT:
    case FIELD_EXPRESSION: return "string";
    case FIELD_COLUMNS:
    case FIELD_TEXTS: return "string|string[]";
    case FIELD_NUMBERS: return "number[]";
    case FIELD_SPEC: return "string|table";
    case FIELD_SPECS:
    case FIELD_VALUE: return "table";
    case FIELD_FUNCTION: return "function|table";
    case FIELD_OBJECT: return "limbeck.table|string|table";
    }
    return "any";
}

static void write_type(const Field *f, Text *out)
{
    const char *type = lua_type(f);
    if (type)
        text_add(out, type);
    for (int i = 0; !type && f->choices[i]; i++)
        text_addf(out, "%s\"%s\"", i ? "|" : "", f->choices[i]);
}

static void write_class(const char *name, const Spec *spec, Text *out)
{
    text_addf(out, "---@class %s\n", name);
    for (const Field *f = spec->params; f && f->name; f++) {
        text_addf(out, "---@field %s%s ", f->name, f->def ? "?" : "");
        write_type(f, out);
        text_addf(out, " %s", f->doc ? f->doc : "");
        if (f->def && *f->def)
            text_addf(out, " (default %s)", f->def);
        text_add_char(out, '\n');
    }
    text_add_char(out, '\n');
}

static void write_members(const Family *family, const char *receiver, const char *result, Text *out)
{
    for (size_t i = 0; i < family->count; i++) {
        const Spec *spec = family->members[i];
        char *class = text_format("limbeck.%s.%s", family->name, spec->name);
        write_class(class, spec, out);
        text_addf(out, "---%s\n---@param options? %s\n---@return %s\nfunction %s%s(options) end\n\n", spec->doc, class, result, receiver,
                  spec->name);
        mem_free(class);
    }
}

static const char head[] =
    "---@meta limbeck\n"
    "-- Written by `limbeck stubs` from the declarations; do not edit.\n\n"
    "---@class limbeck\n---@field version string\n---@field auto string searches a parameter over its sensible range\nlocal lb = {}\n\n"
    "---@class limbeck.table\n---@field rows integer\n---@field columns string[]\n"
    "---@field notes string[] what the reader decided\n"
    "---@field rejects table[] rows that could not be read: line, column, reason, text\nlocal t = {}\n\n"
    "---@class limbeck.pipeline\nlocal p = {}\n\n"
    "---@class limbeck.model\n---@field metrics table\n---@field train table\n---@field valid table\n---@field params integer\n---@field "
    "path string\n"
    "local m = {}\n\n"
    "---Reads a table; options are those of its reader.\n---@param file string\n---@param options? table\n---@return limbeck.table\n"
    "function lb.read(file, options) end\n\n"
    "---A table on its way to a net.\n---@param options { source: limbeck.table, target?: string|string[], positive?: string, "
    "target_type?: "
    "\"auto\"|\"classes\"|\"values\", key?: string, seed?: integer }\n"
    "---@return limbeck.pipeline\nfunction lb.pipeline(options) end\n\n"
    "---Options of the script, typed by their defaults; gives --help.\n---@generic T: table\n---@param defaults T\n---@return T\n"
    "function lb.args(defaults) end\n\n"
    "---@param file string\n---@return limbeck.model\nfunction lb.load(file) end\n\n"
    "---@param options { teacher?: limbeck.model, student: limbeck.model, alone?: limbeck.model, on?: \"train\"|\"valid\"|\"test\" }\n"
    "---@return table\nfunction lb.compare(options) end\n\n"
    "---The curves of a training as plain characters.\n---@param model limbeck.model\n---@param metric? string\n---@return string\n"
    "function lb.chart(model, metric) end\n\n"
    "---The card of a training: best epoch, gap, overfits, marks, and each figure now and at its best.\n---@param model limbeck.model\n"
    "---@return table\nfunction lb.curve(model) end\n\n"
    "---What ran, newest first, or what a run consists of: the figures of each, as limbeck runs --json prints them.\n"
    "---@param options? { directory?: string, filter?: string, sort?: string, descending?: boolean }\n---@return table[]\n"
    "function lb.runs(options) end\n\n"
    "---A callback that remembers: state goes into checkpoints, so that a resume is exact.\n"
    "---@param options { state: table, fn: fun(e: table, state: table): string? }\n---@return table\nfunction lb.callback(options) end\n\n"
    "---@param low integer\n---@param high integer\n---@param scale? \"linear\"|\"log\"\nfunction lb.int(low, high, scale) end\n\n"
    "---@param low number\n---@param high number\n---@param scale? \"linear\"|\"log\"\nfunction lb.real(low, high, scale) end\n\n"
    "---One of these values.\nfunction lb.choice(...) end\n\n"
    "---@param options? { target?: string, positive?: string }\n---@return table\nfunction t:profile(options) end\n"
    "---@param rows? integer\n---@return limbeck.table\nfunction t:head(rows) end\n"
    "---@param where string\n---@return limbeck.table\nfunction t:filter(where) end\n"
    "---@param file string\n---@param options? table\n---@return limbeck.table\nfunction t:save(file, options) end\n"
    "---@param row integer\n---@param column string\nfunction t:get(row, column) end\n"
    "---@return string\nfunction t:hash() end\n\n"
    "---The table after all steps, fitted on training rows.\n---@return limbeck.table\nfunction p:table() end\n"
    "---@return table\nfunction p:profile() end\n"
    "---What the program decided by itself.\n---@return string[]\nfunction p:notes() end\n\n"
    "---Unit, rows and units of each part, rows left out and why, duplicates across parts, looks at the test part.\n"
    "---@param options? { model?: limbeck.model }\n---@return table\nfunction p:certificate(options) end\n\n";

static const char models[] =
    "---The metrics of a part or of other rows; of classes besides confusion[truth][decision], numbers of rows.\n"
    "---@param options? { on?: string|limbeck.table, tables?: table<string, limbeck.table|string>, threshold?: number, metrics?: string[] "
    "}\n---@return "
    "table\nfunction m:eval(options) end\n"
    "---The report card: metrics, intervals, confusion, curves, calibration, lift, residuals, slices, worst rows; on = \"valid\" when "
    "nothing is said.\n"
    "---@param options? { on?: string|limbeck.table, tables?: table<string, limbeck.table|string>, threshold?: number, slices?: string[], "
    "importance?: boolean, seed?: integer }\n---@return table\nfunction m:report(options) end\n"
    "---The same model with another threshold: given, or chosen on rows.\n"
    "---@param options number|{ at?: number, by?: \"cost\"|\"f1\"|\"balanced\", costs?: table<string, table<string, number>>, on?: "
    "string|limbeck.table, tables?: table<string, limbeck.table|string> }\n---@return limbeck.model\nfunction m:with_threshold(options) "
    "end\n"
    "---@param rows limbeck.table|string a table, or the name of a file\n---@param options? { threshold?: number, tables?: table<string, "
    "limbeck.table|string> }\n"
    "---@return limbeck.table one row per input row, also for rows that could not be read\nfunction m:predict(rows, options) end\n"
    "---@param file string\n---@return limbeck.model\nfunction m:save(file) end\n"
    "---@return string\nfunction m:hash() end\n\n";

static const char defining[] =
    "---@class limbeck.vector numbers of a column, with arithmetic\n---@field n integer\n---@operator add(any): limbeck.vector\n"
    "---@operator sub(any): limbeck.vector\n---@operator mul(any): limbeck.vector\n---@operator div(any): limbeck.vector\n"
    "---@operator pow(any): limbeck.vector\n---@operator unm: limbeck.vector\nlocal v = {}\n\n"
    "---Of an array of numbers, or so many times a number.\n---@param cells number[]|integer\n---@param x? number\n"
    "---@return limbeck.vector\nfunction lb.vector(cells, x) end\n\n"
    "---What a module that the script requires defines; its text travels with what uses it.\nlb.define = {}\n\n"
    "---@param options { name: string, doc?: string, params?: table<string, any>, needs?: \"row\"|\"past\"|\"window\"|\"group\", window?: "
    "integer, examples?: table[], fit?: (fun(columns: table<string, table>, params: table): "
    "any), apply: fun(columns: table<string, table>, params: table, state: any): table<string, table> }\n"
    "function lb.define.step(options) end\n\n"
    "---@param options { name: string, doc?: string, title?: string, params?: table<string, any>, better: \"higher\"|\"lower\", takes?: "
    "string|string[], compute: fun(truth: limbeck.vector, outputs: limbeck.vector|limbeck.vector[], params: table, weights?: "
    "limbeck.vector, about: table): number? }\n"
    "function lb.define.metric(options) end\n\n"
    "---@param options { name: string, doc?: string, params?: table<string, any>, takes: \"classes\"|\"values\", pass: fun(outputs: "
    "limbeck.vector|limbeck.vector[], truth: limbeck.vector, weights?: limbeck.vector, params: table): any, any }\n"
    "function lb.define.loss(options) end\n\n"
    "---@param options { name: string, doc?: string, keys?: string, params?: table<string, any>, run: fun(about: table, params: table): "
    "any }\nfunction lb.define.command(options) end\n\n"
    "---A module with its text, as scripts of the workbench carry it.\n---@param options { name: string, text: string }\n"
    "function lb.define.module(options) end\n\n";

void script_write_stubs(Text *out)
{
    text_add(out, head);
    text_add(out, models);
    text_add(out, defining);
    for (size_t i = 0; i < registry_families(); i++) {
        const Family *family = registry_family(i);
        if (text_equal(family->name, "step"))
            write_members(family, "p:", "limbeck.pipeline", out);
        else if (text_equal(family->name, "plan"))
            write_members(family, "p:", "any", out);
        else if (registry_is_constructed(family))
            write_members(family, "lb.", "table", out);
    }
    text_add(out, "return lb\n");
}
