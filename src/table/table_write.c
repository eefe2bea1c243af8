/* Tables to files: finds the writer by the ending or by its name, packs what ends in .gz, and replaces the file whole. */
#include <string.h>
#include <strings.h>

#include "base/io.h"
#include "base/mem.h"
#include "table/reader.h"
#include "table/readers/gzip.h"

#define WRITER(name) extern const Writer name##_writer;
#include "table/writers/writers.def"
#undef WRITER

const Family *writer_family(void)
{
    static const Spec *const members[] = {
#define WRITER(name) &name##_writer.spec,
#include "table/writers/writers.def"
#undef WRITER
    };
    static const Family family = {"writer", "Writers", "how tables become files", members, sizeof members / sizeof *members};
    return &family;
}

static const char packed_ending[] = ".gz";

static bool is_packed(const char *path)
{
    size_t size = strlen(path), ending = strlen(packed_ending);
    return size > ending && strcasecmp(path + size - ending, packed_ending) == 0;
}

/* "tsv" of dir/sales.tsv.gz; "" when there is none. The caller owns it. */
static char *ending_of(const char *path)
{
    char *name = mem_strdup(io_base_name(path));
    if (is_packed(name))
        name[strlen(name) - strlen(packed_ending)] = '\0';
    const char *dot = strrchr(name, '.');
    char *ending = mem_strdup(dot && dot > name ? dot + 1 : "");
    mem_free(name);
    return ending;
}

static const Writer *writer_at(size_t i)
{
    return (const Writer *)writer_family()->members[i];
}

static const Writer *find_by_ending(const char *ending)
{
    for (size_t i = 0; i < writer_family()->count; i++)
        for (const char *const *known = writer_at(i)->endings; *known; known++)
            if (strcasecmp(*known, ending) == 0)
                return writer_at(i);
    return NULL;
}

static bool refuse_ending(const char *path, const char *ending, Error *e)
{
    Text known = {0};
    for (size_t i = 0; i < writer_family()->count; i++)
        for (const char *const *one = writer_at(i)->endings; *one; one++)
            text_addf(&known, "%s.%s", known.size ? " " : "", *one);
    error_set(e, ERROR_USAGE, "%s: no writer for .%s; there are %s, each also with .gz, or name a writer", path, ending, text_get(&known));
    text_done(&known);
    return false;
}

static bool refuse_name(const char *wanted, Error *e)
{
    Text known = {0};
    for (size_t i = 0; i < writer_family()->count; i++)
        text_addf(&known, "%s%s", i ? ", " : "", writer_at(i)->spec.name);
    error_set(e, ERROR_USAGE, "no writer \"%s\"; there are %s", wanted, text_get(&known));
    text_done(&known);
    return false;
}

/* A name without an ending, and standard output, take CSV. */
const Writer *table_find_writer(const char *path, const Value *options, Error *e)
{
    const char *wanted = value_get_text(options, "writer", NULL);
    const Writer *w = NULL;
    char *ending = ending_of(path);
    const Writer *owner = find_by_ending(ending);
    if (wanted) {
        w = (const Writer *)family_find(writer_family(), wanted);
        if (!w)
            refuse_name(wanted, e);
        else if (owner && owner != w)
            error_set(e, ERROR_USAGE, "%s: .%s is %s, not %s", path, ending, owner->spec.name, wanted);
    } else {
        w = *ending ? owner : &csv_writer;
        if (!w)
            refuse_ending(path, ending, e);
    }
    mem_free(ending);
    return e->code == ERROR_NONE ? w : NULL;
}

bool table_has_ending(const char *path)
{
    char *ending = ending_of(path);
    bool has = *ending != '\0';
    mem_free(ending);
    return has;
}

bool table_check_path(const char *path, const Value *options, Error *e)
{
    return table_find_writer(path, options, e) != NULL;
}

static Value *writer_options(const Writer *writer, const char *path, const Value *options)
{
    Value *inner = options && options->type == VALUE_MAP ? value_copy(options) : value_map();
    char *ending = ending_of(path);
    value_remove(inner, "writer");
    bool tabs = writer == &csv_writer && (strcasecmp(ending, "tsv") == 0 || strcasecmp(ending, "tab") == 0);
    if (tabs && !value_get(inner, "delimiter"))
        value_set(inner, "delimiter", value_text("\t"));
    mem_free(ending);
    return inner;
}

static bool put(const char *path, const char *bytes, size_t size, Error *e)
{
    if (text_equal(path, "-")) {
        io_print_bytes(1, bytes, size); /* a failure is the program's to say, once; a reader that left is none */
        return true;
    }
    return io_save(path, bytes, size, e);
}

static bool put_packed(const char *path, const Text *out, Error *e)
{
    char *packed = NULL;
    size_t size = 0;
    bool ok = gzip_pack(text_get(out), out->size, &packed, &size, e) && put(path, packed, size, e);
    mem_free(packed);
    return ok;
}

bool table_write(const Table *t, const char *path, const Value *options, Error *e)
{
    const Writer *writer = table_find_writer(path, options, e);
    if (!writer)
        return false;
    Text out = {0};
    Value *inner = writer_options(writer, path, options);
    void *params = params_from_value(&writer->spec, inner, e);
    bool ok = (params || !writer->spec.params) && e->code == ERROR_NONE && writer->write(params, t, &out, e);
    if (ok)
        ok = is_packed(path) ? put_packed(path, &out, e) : put(path, text_get(&out), out.size, e);
    params_free(&writer->spec, params);
    value_free(inner);
    text_done(&out);
    return ok;
}
