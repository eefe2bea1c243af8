/* What stands behind a test figure, as a value and in words. */
#include "learn/certificate.h"

#include <string.h>

#include "base/number.h"
#include "learn/duplicates.h"
#include "learn/looks.h"

static Value *text_or_null(const char *text)
{
    return text ? value_text(text) : value_null();
}

static void add_parts(Value *v, const SplitReport *s)
{
    for (int i = 0; i < PART_COUNT; i++) {
        Value *part = value_map();
        value_set(part, "rows", value_int((int64_t)s->rows[i]));
        value_set(part, "units", value_int((int64_t)s->units[i]));
        value_set(v, part_name((Part)i), part);
    }
    value_set(v, "in_two_parts", value_int((int64_t)s->shared));
    if (s->key) {
        value_set(v, "key", value_text(s->key));
        value_set(v, "keys_in_two_parts", value_int((int64_t)s->keys_shared));
    }
}

static void set_left(Value *v, const SplitReport *s, const RowsReport *rows)
{
    Value *account = rows_report_value(rows), *left = value_map(), *behind = value_map();
    const Value *all = value_get(account, "left_out");
    if (rows->unread)
        value_set(left, "could not be read", value_int((int64_t)rows->unread));
    for (size_t i = 0; i < value_entries(all); i++)
        if (text_starts(all->keys[i], "dropped by"))
            value_set(text_ends(all->keys[i], ROWS_BEHIND_SPLIT) ? behind : left, all->keys[i], value_copy(all->items[i]));
    value_free(account);
    for (int i = 0; i < LEFT_COUNT; i++)
        if (s->left[i])
            value_set(left, split_left_name((SplitLeft)i), value_int((int64_t)s->left[i]));
    value_set(v, "left_out", left);
    if (behind->size)
        value_set(v, "left_behind", behind);
    else
        value_free(behind);
}

Value *certificate_make(const CertificateTask *t, Error *e)
{
    const SplitReport *s = t->split;
    size_t twins[PART_COUNT];
    if (!duplicates_across_parts(t->pipeline, t->parts, twins, e))
        return NULL;
    Value *v = value_map(), *duplicates = value_map();
    value_set(v, "unit", value_text(unit_kind_name(s->unit)));
    value_set(v, "column", text_or_null(s->column));
    value_set(v, "order", text_or_null(s->order));
    value_set(v, "gap", value_real(s->gap));
    value_set(v, "reach", text_or_null(s->reach));
    value_set(v, "gap_unit", value_text(s->gap_unit));
    add_parts(v, s);
    set_left(v, s, t->rows);
    for (int i = PART_VALID; i < PART_COUNT; i++)
        value_set(duplicates, part_name((Part)i), value_int((int64_t)twins[i]));
    value_set(v, "duplicates", duplicates);
    if (t->seen) {
        value_set(v, "seen_rows", value_int((int64_t)(t->seen->rows + t->seen->units)));
        value_set(v, "unknown_models", value_int((int64_t)t->seen->unknown));
    }
    value_set(v, "test_consulted", value_int(t->looks));
    return v;
}

Value *certificate_of(Job *job, const Pipeline *p, const SeenTask *models, const RowsReport *after, Error *e)
{
    RawParts raw;
    SeenReport seen = {0};
    char test[HASH_ROOM] = "";
    if (!pipeline_raw_parts(job, p, &raw, e))
        return NULL;
    Table *rows = models->count ? seen_filter_part(p, raw.parts, models, &seen, e) : table_ref(raw.parts[models->part]);
    bool ok = rows && seen_part_digest(p, raw.parts[PART_TEST], test, e);
    CertificateTask task = {
        p, &raw.split, raw.parts, models->count ? &seen : NULL, ok ? looks_count(models->runs, test) : 0, after ? after : &raw.rows};
    Value *v = ok ? certificate_make(&task, e) : NULL;
    if (v)
        value_set(v, "test_digest", value_text(test));
    table_unref(rows);
    raw_parts_done(&raw);
    return v;
}

static void add_count(Text *out, int64_t n, const char *one, const char *many)
{
    char number[NUMBER_ROOM];
    text_addf(out, "%s %s", number_format_count(n, number), n == 1 ? one : many);
}

static void add_unit(const Value *c, Text *out)
{
    const char *column = value_get_text(c, "column", ""), *order = value_get_text(c, "order", "");
    char number[NUMBER_ROOM];
    double gap = value_get_real(c, "gap", 0);
    text_addf(out, "%s%s%s", value_get_text(c, "unit", ""), *column ? " " : "", column);
    if (*order)
        text_addf(out, " in the order of %s", order);
    if (*value_get_text(c, "reach", ""))
        text_addf(out, ", no target lies in the next part (they reach %s)", value_get_text(c, "reach", ""));
    if (gap > 0)
        text_addf(out, ", gap %s%s%s", number_format_real(gap, number), *value_get_text(c, "gap_unit", "") ? " " : "",
                  value_get_text(c, "gap_unit", ""));
}

static void add_part_counts(const Value *c, const char *name, Text *out)
{
    char number[NUMBER_ROOM];
    for (int i = 0; i < PART_COUNT; i++)
        text_addf(out, "%s%s", i ? " / " : "", number_format_count(value_get_int(value_get(c, part_name((Part)i)), name, 0), number));
}

static void add_left(const Value *left, Text *out)
{
    for (size_t i = 0; i < value_entries(left); i++) {
        text_add(out, i ? ", " : "");
        add_count(out, left->items[i]->integer, "row", "rows");
        text_addf(out, " (%s)", left->keys[i]);
    }
    if (!left || !left->size)
        text_add(out, "no row");
}

static void add_left_out(const Value *c, Text *out)
{
    add_left(value_get(c, "left_out"), out);
}

static void add_left_behind(const Value *c, Text *out)
{
    add_left(value_get(c, "left_behind"), out);
}

static void add_twins(const Value *c, Text *out)
{
    const Value *twins = value_get(c, "duplicates");
    for (int i = PART_VALID; i < PART_COUNT; i++) {
        text_add(out, i == PART_VALID ? "" : ", ");
        add_count(out, value_get_int(twins, part_name((Part)i), 0), "row", "rows");
        text_addf(out, " of %s", part_name((Part)i));
    }
}

static void add_seen(const Value *c, Text *out)
{
    add_count(out, value_get_int(c, "seen_rows", 0), "row", "rows");
    if (value_get_int(c, "unknown_models", 0))
        text_addf(out, ", %lld unknown", (long long)value_get_int(c, "unknown_models", 0));
}

static void add_looks(const Value *c, Text *out)
{
    add_count(out, value_get_int(c, "test_consulted", 0), "time", "times");
}

static void add_shared_keys(const Value *c, Text *out)
{
    add_count(out, value_get_int(c, "keys_in_two_parts", 0), "value", "values");
    text_addf(out, " of key %s", value_get_text(c, "key", ""));
}

typedef struct Line {
    const char *name, *before, *after; /* of the table; around the same in a sentence */
    void (*add)(const Value *c, Text *out);
    const char *key; /* shown only when the certificate has it; NULL: always */
    bool begins;     /* a line of the sentence */
} Line;

static void add_rows(const Value *c, Text *out)
{
    add_part_counts(c, "rows", out);
}

static void add_units(const Value *c, Text *out)
{
    add_part_counts(c, "units", out);
}

static void add_shared(const Value *c, Text *out)
{
    add_count(out, value_get_int(c, "in_two_parts", 0), "unit", "units");
}

static const Line lines[] = {
    {"unit", "unit ", "", add_unit, NULL, false},
    {"rows, train / valid / test", "rows ", "", add_rows, NULL, false},
    {"units", "units ", "", add_units, "column", false},
    {"in two parts", "", " in two parts", add_shared, NULL, false},
    {"keys in two parts", "", " in two parts", add_shared_keys, "keys_in_two_parts", false},
    {"left out", "", " left out", add_left_out, NULL, false},
    {"left out of the parts", "", " left out of the parts", add_left_behind, "left_behind", false},
    {"equal to a training row", "", " equal to a training row", add_twins, NULL, true},
    {"a model was trained on", "", " that a model was trained on", add_seen, "seen_rows", false},
    {"test part consulted", "test part consulted ", "", add_looks, NULL, false},
};

static bool is_shown(const Value *c, const Line *line)
{
    const Value *v = line->key ? value_get(c, line->key) : c;
    return v && v->type != VALUE_NULL;
}

void certificate_line(const Value *c, Text *out)
{
    text_add(out, "certificate: ");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!is_shown(c, &lines[i]))
            continue;
        text_addf(out, "%s%s", !i ? "" : lines[i].begins ? ";\n  " : "; ", lines[i].before);
        lines[i].add(c, out);
        text_add(out, lines[i].after);
    }
}

void certificate_print(const Value *c, Text *out)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!is_shown(c, &lines[i]))
            continue;
        text_addf(out, "%-27s ", lines[i].name);
        lines[i].add(c, out);
        text_add_char(out, '\n');
    }
}
