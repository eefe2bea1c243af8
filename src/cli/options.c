/* Global options go anywhere before the first word of a verb that passes options on; a verb's own come from its rows. */
#include "cli/options.h"

#include <string.h>

#include "base/number.h"

static const char *const color_choices[] = {"auto", "never", "16", "256", "truecolor", NULL};
static const char *const graph_choices[] = {"auto", "braille", "block", "line", "ascii", NULL};

#define GLOBAL(text, member, ctype, kind) \
    .name = text, .type = kind, .offset = offsetof(CliLine, member) + FIELD_CHECK(ctype, CliLine, member)
#define GLOBAL_FLAG(text, member) GLOBAL(text, member, bool, FIELD_FLAG), .def = "false"
#define GLOBAL_TEXT(text, member) GLOBAL(text, member, char *, FIELD_TEXT), .def = ""

static const Field global_fields[] = {
    {GLOBAL_FLAG("json", options.json), .doc = "machine-readable output on stdout"},
    {GLOBAL_FLAG("quiet", options.quiet), .doc = "only errors"},
    {GLOBAL_FLAG("read_only", options.read_only), .doc = "look at runs: none is started, steered or changed"},
    {GLOBAL_FLAG("sandbox", options.sandbox), .doc = "scripts reach only their folder and their run, within limits"},
    {GLOBAL_FLAG("trust", options.trust), .doc = "scripts open files of any path"},
    {GLOBAL("script_memory", options.script_memory, int64_t, FIELD_INT), .def = "0", .min = 0, .max = 1 << 24, .unit = "MiB",
     .doc = "most memory of a script; 0: half of the machine's, 2048 in a sandbox"},
    {GLOBAL("script_seconds", options.script_seconds, int64_t, FIELD_INT), .def = "0", .min = 0, .max = 1 << 30, .unit = "s",
     .doc = "most processor time of a script's own lines; 0: no limit, 60 in a sandbox"},
    {GLOBAL_FLAG("guided", guided), .doc = "begin with the guided first screen"},
    {GLOBAL_FLAG("help", help), .doc = "help for this verb"},
    {GLOBAL_FLAG("version", version), .doc = "print the version"},
    {GLOBAL("seed", options.seed, int64_t, FIELD_INT), .def = "-1", .min = -1, .max = 9e15, .doc = "default seed"},
    {GLOBAL("threads", options.threads, int64_t, FIELD_INT), .def = "0", .min = 0, .max = 1024, .doc = "0: all cores"},
    {GLOBAL_TEXT("color", options.color), .doc = "auto never 16 256 truecolor"},
    {GLOBAL_TEXT("graph", options.graph), .doc = "auto braille block line ascii"},
    {GLOBAL_TEXT("theme", options.theme), .doc = "name or file"},
    {GLOBAL_TEXT("headless", size), .doc = "COLSxROWS: replay keys without a terminal"},
    {GLOBAL_TEXT("keys", options.keys), .doc = ".keys file to replay"},
    {GLOBAL_TEXT("snap", options.snap), .doc = "directory for snapshots"},
    {0},
};

static bool parse_size(CliLine *line, Error *e)
{
    const char *text = line->size, *x = text ? strchr(text, 'x') : NULL;
    int64_t width = 0, height = 0;
    if (!text)
        return true;
    if (!x || !number_parse_int(text, (size_t)(x - text), &width) || !number_parse_int(x + 1, strlen(x + 1), &height) || width < 1 ||
        height < 1 || width > 1000 || height > 1000)
        return error_set(e, ERROR_USAGE, "--headless needs COLSxROWS, for example 120x36; found \"%s\"", text);
    line->options.width = (int)width;
    line->options.height = (int)height;
    return true;
}

static bool check_choice(const char *option, const char *text, const char *const *choices, Error *e)
{
    Text all = {0};
    for (int i = 0; choices[i]; i++) {
        if (!text || text_equal(text, choices[i])) {
            text_done(&all);
            return true;
        }
        text_addf(&all, "%s%s", i ? ", " : "", choices[i]);
    }
    error_set(e, ERROR_USAGE, "--%s: \"%s\" is not one of %s", option, text, text_get(&all));
    text_done(&all);
    return false;
}

static bool check_trust(const CliLine *line, Error *e)
{
    return !(line->options.sandbox && line->options.trust) || error_set(e, ERROR_USAGE, "--sandbox and --trust: give one of them");
}

/* A list takes one item each time it is given. */
static bool set_option(const Field *f, void *data, const char *value, Error *e)
{
    if (f->type == FIELD_TEXTS) {
        text_list_add((TextList *)((char *)data + f->offset), value);
        return true;
    }
    char *what = text_format("--%s", f->name);
    bool ok = field_set_text(f, data, value, what, e);
    mem_free(what);
    return ok;
}

static const char *option_name_at(const void *self, size_t i)
{
    const CliLine *line = self;
    size_t n = sizeof global_fields / sizeof *global_fields - 1;
    if (i < n)
        return global_fields[i].name;
    const Field *own = line->verb ? line->verb->spec.params : NULL;
    for (i -= n; own && own->name; own++)
        if (i-- == 0)
            return own->name;
    return NULL;
}

/* name as the user wrote it. */
static bool unknown_option(const CliLine *line, const char *name, Error *e)
{
    const char *near = text_nearest(name, option_name_at, line);
    if (near)
        return error_set(e, ERROR_USAGE, "no option --%s; did you mean --%s?", name, near);
    return error_set(e, ERROR_USAGE, "no option --%s; `limbeck help%s%s` lists them", name, line->verb ? " " : "",
                     line->verb ? line->verb->spec.name : "");
}

/* --batch-size and --batch_size are the same option. */
static const Field *find_option(CliLine *line, const char *written, void **data)
{
    char *name = mem_strdup(written);
    for (char *p = name; *p; p++)
        *p = *p == '-' ? '_' : *p;
    const Field *own = line->verb ? fields_find(line->verb->spec.params, name) : NULL;
    const Field *found = own ? own : fields_find(global_fields, name);
    *data = own ? line->params : line;
    mem_free(name);
    return found;
}

/* Nothing is a value only where nothing is the default. */
static bool is_value(const Field *f, const char *value, Error *e)
{
    return f->type != FIELD_TEXT || *value || !f->def || !*f->def ||
           error_set(e, ERROR_USAGE, "--%s needs a value; without the option it is \"%s\"", f->name, f->def);
}

/* `--name=value`, `--name value` or a bare flag. *i moves on when the value is the next word. */
static bool take_option(CliLine *line, const TextList *arguments, size_t *i, Error *e)
{
    const char *word = arguments->items[*i] + 2, *equals = strchr(word, '=');
    char *name = mem_strndup(word, equals ? (size_t)(equals - word) : strlen(word));
    void *data;
    const Field *f = find_option(line, name, &data);
    bool ok;
    if (!f)
        ok = unknown_option(line, name, e);
    else if (equals)
        ok = is_value(f, equals + 1, e) && set_option(f, data, equals + 1, e);
    else if (f->type == FIELD_FLAG)
        ok = set_option(f, data, "true", e);
    else if (*i + 1 < arguments->count)
        ok = is_value(f, arguments->items[++*i], e) && set_option(f, data, arguments->items[*i], e);
    else
        ok = error_set(e, ERROR_USAGE, "--%s needs a value", name);
    mem_free(name);
    return ok;
}

static const char *long_form(const char *word)
{
    static const struct {
        const char *is, *means;
    } table[] = {{"-h", "--help"}, {"-o", "--output"}, {"-V", "--version"}, {"-q", "--quiet"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (text_equal(word, table[i].is))
            return table[i].means;
    return word;
}

/* sample-data is the verb sample_data. */
static const Spec *find_verb(const char *word)
{
    char *name = mem_strdup(word);
    for (char *p = name; *p; p++)
        *p = *p == '-' ? '_' : *p;
    const Spec *spec = registry_find("verb", name);
    mem_free(name);
    return spec;
}

static void take_word(CliLine *line, const char *word, bool is_first)
{
    const Spec *spec = is_first ? find_verb(word) : NULL;
    if (!spec) {
        text_list_add(&line->words, word);
        return;
    }
    line->verb = (const Verb *)(const void *)spec;
    line->params = params_new(spec);
}

/* After the script's name, or at once for a verb without options of its own (lua), all words belong to it. */
static bool passes_rest(const CliLine *line)
{
    return line->verb && line->verb->passes_options && (line->words.count || !line->verb->spec.params);
}

static bool take_arguments(CliLine *line, const TextList *arguments, Error *e)
{
    bool only_words = false, named = false;
    for (size_t i = 0; i < arguments->count; i++) {
        const char *word = arguments->items[i];
        if (!only_words && text_equal(word, "--")) {
            only_words = true;
        } else if (!only_words && text_starts(word, "--")) {
            if (!take_option(line, arguments, &i, e))
                return false;
        } else if (!only_words && word[0] == '-' && word[1]) {
            return error_set(e, ERROR_USAGE, "no option %s; `limbeck help` lists verbs, `limbeck help VERB` their options", word);
        } else {
            take_word(line, word, !named);
            named = true;
            only_words = only_words || passes_rest(line);
        }
    }
    return true;
}

bool cli_parse(int argc, char **argv, CliLine *line, Error *e)
{
    TextList arguments = {0};
    *line = (CliLine){0};
    line->options.seed = -1;
    bool rest = false;
    for (int i = 1; i < argc; i++) {
        text_list_add(&arguments, rest ? argv[i] : long_form(argv[i]));
        rest = rest || text_equal(argv[i], "run") || text_equal(argv[i], "lua");
    }
    bool ok = take_arguments(line, &arguments, e) && check_trust(line, e) && parse_size(line, e) &&
              check_choice("color", line->options.color, color_choices, e) && check_choice("graph", line->options.graph, graph_choices, e);
    text_list_done(&arguments);
    return ok;
}

void cli_line_done(CliLine *line)
{
    if (line->verb)
        params_free(&line->verb->spec, line->params);
    mem_free(line->options.color);
    mem_free(line->options.graph);
    mem_free(line->options.theme);
    mem_free(line->options.keys);
    mem_free(line->options.snap);
    mem_free(line->size);
    text_list_done(&line->words);
}

static void add_number(TextList *list, const char *name, int64_t n)
{
    char *word = text_format("--%s=%lld", name, (long long)n);
    if (n > 0)
        text_list_add(list, word);
    mem_free(word);
}

TextList cli_script_options(const CliOptions *o)
{
    TextList list = {0};
    if (o->sandbox)
        text_list_add(&list, "--sandbox");
    if (o->trust)
        text_list_add(&list, "--trust");
    add_number(&list, "script-memory", o->script_memory);
    add_number(&list, "script-seconds", o->script_seconds);
    return list;
}
