/* The sections of limbeck-define(7): what modules define, family by family. */
#include "cli/cli.h"

static const char steps[] =
    ".Sh STEPS\n.Bd -literal\n"
    "local lb = require \"limbeck\"\nlb.define.step {\n  name = \"cap_at\", doc = \"caps numbers at the highest training value, or "
    "below\",\n"
    "  params = { below = { type = \"real\", default = 0, min = 0, max = 1e9, doc = \"to take off the cap\" } },\n"
    "  fit = function(columns, params)\n    local caps = {}\n"
    "    for name, x in pairs(columns) do caps[name] = x:max() - params.below end\n    return caps\n  end,\n"
    "  apply = function(columns, params, caps)\n    local out = {}\n"
    "    for name, x in pairs(columns) do out[name] = x:clip(-math.huge, caps[name]) end\n    return out\n  end,\n}\n.Ed\n"
    "Then p:cap_at { \"x\" } is a step like any other.\n"
    "The functions are given the columns that parameters of type columns select and those of type column name, never the target; without "
    "such a parameter there is one, "
    "columns.\nA column of numbers is a vector, any other an array: nil is a missing cell, n the number of rows.\n"
    "What fit learns of the training rows and returns is plain values.\nWhat apply returns, vectors or arrays by name, replaces the "
    "columns "
    "given or joins the table; numbers that it makes are reals.\n"
    "Examples may be given: examples = { { args = { ... }, input = \"x\\enrows\", output = \"x\\enrows\" } }.\n"
    ".Pp\nneeds says which rows apply sees beside each row:\n.Bl -tag -width Ds\n"
    ".It row\nnone; what it needs to know of others is in what fit returns.\n"
    ".It past\nthose up to its own in time: apply is given the rows of each series in order.\n"
    ".It window\nthe last N of them, its own among them: window = N. Rows with fewer are not learned from.\n"
    ".It group\nall of its group.\n.El\n"
    "Where it sees other rows a step learns nothing, stands before the split and has the parameters by and time besides.\n"
    "Each is tried on the rows a recipe is designed with: later rows left out, another order, one group alone; what changes is refused.\n"
    "It is also called without rows, to know what it makes.\n";

static const char metrics[] =
    ".Sh METRICS\n.Bd -literal\n"
    "lb.define.metric {\n  name = \"cost\", doc = \"mean cost of what is decided\", better = \"lower\", takes = \"positive\",\n"
    "  params = { missed = 5.0, alarm = 1.0 },\n"
    "  compute = function(truth, p, params, weights, about)\n    local found = p:ge(about.threshold)\n"
    "    return ((1 - found) * truth * params.missed + found * (1 - truth) * params.alarm):mean()\n  end,\n}\n.Ed\n"
    "It is computed beside the others, and named like them: early_stop { metric = \"valid.cost\" }.\n"
    "takes says for which targets, a text or a list of:\n.Bl -tag -width Ds\n"
    ".It positive\ntwo classes: truth is 1 where the class is the positive one, else 0; outputs are its probabilities.\n"
    ".It values\nnumbers, in the unit of the target.\n"
    ".It classes\nany number of classes: truth is the number of the class, from 1; outputs is a list of vectors, for each class one.\n"
    ".El\nWithout takes these are positive and values.\nweights are those of the loss by row, nil: all 1. about has classes, their "
    "number, and threshold.\nnil is the figure of a part where the metric is not defined.\n";

static const char losses[] =
    ".Sh LOSSES\n.Bd -literal\n"
    "lb.define.loss {\n  name = \"lopsided\", doc = \"a prediction too low costs more\", takes = \"values\",\n"
    "  params = { low = { type = \"real\", default = 3, min = 0, max = 100, doc = \"cost of one too low\" } },\n"
    "  pass = function(outputs, truth, weights, params)\n    local d = outputs - truth\n"
    "    local slope = d:lt(0):where(-params.low, 1)\n    return d * slope, slope\n  end,\n}\n.Ed\n"
    "Then loss = lb.lopsided { low = 5 } trains by it, and the loss of every part is its mean.\n"
    "pass returns the losses and their derivatives by the outputs, both before the weights of rows, which limbeck applies.\n"
    "takes = \"values\": outputs and truth are vectors in standardized units, of several numbers row after row; so are losses and "
    "gradients.\n"
    "takes = \"classes\": outputs is a list of vectors, one for each class, before the softmax; truth is the number of the class, from 1; "
    "losses is a vector of rows, gradients a list like outputs.\n"
    "It runs over the whole batch, on one thread, in a state that lives as long as the training: it must not remember anything between "
    "calls.\nAn error stops the training.\n"
    ".Ql limbeck check_gradients MODULE.lua\ncompares gradients with differences of losses.\n";

static const char commands[] =
    ".Sh COMMANDS\n.Bd -literal\n"
    "lb.define.command {\n  name = \"drop_sparse\", doc = \"drop the columns of which too much is missing\", keys = \"<F6>\",\n"
    "  params = { share = { type = \"real\", default = 0.5, min = 0, max = 1, doc = \"more than this is missing\" } },\n"
    "  run = function(about, params)\n    local sparse = {}\n    for _, c in ipairs(about.columns) do\n"
    "      if c.missing > params.share * about.rows then sparse[#sparse + 1] = c.name end\n    end\n"
    "    if #sparse == 0 then return \"nothing is missing that much\" end\n"
    "    return { say = #sparse .. \" columns go\", run = { { step = \"drop\", columns = sparse } } }\n  end,\n}\n.Ed\n"
    "Once a script that requires the module is opened, the command is in the palette, in help and on its key, and in the command line as\n"
    ".Ql \\&:drop_sparse share=0.6 .\n"
    "about is what the workbench knows: view, file, rows, columns (as limbeck profile --json tells them), target, steps and net.\n"
    "A text that run returns is said; a list is done: lines of the command line, and steps to add; { say = ..., run = list } is both.\n"
    "It runs in a process of its own: one that fails or does not end leaves the session as it was, and Esc gives it up.\n";

static const char vectors[] =
    ".Sh VECTORS\n"
    "lb.vector { 1, 2, nil, n = 3 } makes one of an array, lb.vector(100, 0) one of equal numbers; #v, v[i], v[i] = x, ipairs and pairs "
    "work "
    "as with arrays.\n"
    "+ - * / ^ and unary - take numbers, vectors as long and arrays; a missing cell stays missing.\n.Bd -literal\n"
    "v:lt(x) le gt ge eq ne          1 or 0 in each cell; x a number or a vector\n"
    "c:where(a, b)                   a where c is not 0, else b\n"
    "v:log() log1p exp sqrt abs floor ceil round tanh sign\n"
    "v:clip(low, high) v:fill(x) v:map(f)\n"
    "v:shift(n)                      the cell n rows before; negative: behind\n"
    "v:cumsum()                      sums up to each cell\n"
    "v:order() v:pick(places)        places from the smallest to the largest; cells at places\n"
    "v:count() sum mean sd min max median quantile(q)\n"
    "                                of the cells that are there; sd divides by n - 1\n"
    "v:list()                        a plain array\n.Ed\n";

void docs_add_defining(Text *out)
{
    text_add(out, steps);
    text_add(out, metrics);
    text_add(out, losses);
    text_add(out, commands);
    text_add(out, vectors);
}
