/* Repairs of findings: one step for all columns that ask for the same, nothing dropped or merged that is not shown, findings that
 * close, and none offered twice. */
#include "app/app.h"
#include "app/document.h"
#include "base/io.h"
#include "table/reader.h"
#include "tests/unit/test.h"

static Table *table_of(const Text *csv)
{
    Error e = {0};
    Table *t = table_read_bytes(NULL, "t.csv", (const uint8_t *)csv->bytes, csv->size, NULL, &e);
    CHECK_OK(t != NULL, e);
    return t;
}

static size_t count_uses(const Recipe *r, const char *step)
{
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++)
        n += text_equal(r->uses[i].step->spec.name, step);
    return n;
}

static size_t place(const Recipe *r, const char *step)
{
    size_t i = 0;
    while (i < r->count && !text_equal(r->uses[i].step->spec.name, step))
        i++;
    return i;
}

/* Thirty columns with gaps, ten of them with a word for none, an id, rows twice, 70 services. */
static void write_wide(Text *csv)
{
    text_add(csv, "id,service,kpi");
    for (int k = 0; k < 30; k++)
        text_addf(csv, ",m%d", k);
    text_add(csv, ",attack\n");
    for (int i = 0; i < 600; i++) {
        int of = i >= 590 ? i - 590 : i;
        text_addf(csv, "u%d,s%d,%s%d", of, of * 7 % 70, of == 77 ? "x" : "", of % 13);
        for (int k = 0; k < 30; k++)
            text_addf(csv, (of + k) % 50 == 0 ? k < 10 ? ",?" : "," : ",%d", (of * (k + 3)) % 41);
        text_addf(csv, ",%s\n", of % 3 ? "no" : "yes");
    }
}

static Document *repair(const Document *d, const Profile *p, const char *except)
{
    bool *taken = mem_alloc((p->findings_count + 1) * sizeof *taken);
    for (size_t i = 0; i < p->findings_count; i++)
        taken[i] = !p->findings[i].is_optional && !(except && text_equal(p->findings[i].step, except));
    Document *next = document_with_repairs(d, p, taken, true);
    mem_free(taken);
    return next;
}

static void grouped(void)
{
    Error e = {0};
    Text csv = {0};
    TEST("repairs: a wide table gets a short recipe that keeps its columns, and repaired findings close");
    write_wide(&csv);
    Table *t = table_of(&csv);
    Document *d = document_from_table(t, "t.csv", NULL);
    Profile *p = profile_table(NULL, t, "attack", NULL, &e);
    CHECK_OK(p != NULL, e);
    CHECK(p->findings_count > 30);
    Document *next = repair(d, p, NULL), *left = repair(d, p, "drop");
    const Recipe *r = next->pipeline->recipe;
    CHECK_INT(r->count, 6); /* drop_duplicates, drop, cast, fill_missing, one_hot, standardize */
    CHECK_INT(count_uses(r, "cast"), 1);
    CHECK_INT(count_uses(r, "fill_missing"), 1);
    CHECK(place(r, "drop_duplicates") < place(r, "drop"));
    CHECK(place(r, "cast") < next->pipeline->split_at && place(r, "fill_missing") >= next->pipeline->split_at);
    CHECK_INT(count_uses(left->pipeline->recipe, "drop"), 0);
    Table *shown = pipeline_view(NULL, next->pipeline, place(r, "one_hot"), &e);
    CHECK_OK(shown != NULL, e);
    CHECK_INT(shown->rows, 590);
    CHECK(table_column(shown, "service") && !table_column(shown, "id"));
    CHECK_INT(table_column(shown, "kpi")->missing, 0);
    Profile *after = profile_table(NULL, shown, "attack", NULL, &e);
    document_mark_repaired(next, after);
    for (size_t i = 0; i < after->findings_count; i++)
        test_check(!after->findings[i].step || after->findings[i].is_optional, __FILE__, __LINE__, "still asks: %s %s",
                   after->findings[i].column, after->findings[i].text);
    Document *again = repair(next, after, NULL);
    CHECK_INT(again->pipeline->recipe->count, r->count);
    document_unref(again);
    profile_free(after);
    profile_free(p);
    table_unref(shown);
    document_unref(left);
    document_unref(next);
    document_unref(d);
    table_unref(t);
    text_done(&csv);
}

/* 40 prices with a comma, two of them no price, and days that only parse_date reads. */
static void disguised(void)
{
    Error e = {0};
    Text csv = {0};
    TEST("repairs: numbers in disguise are read and filled before a net sees them; dates only when somebody asks");
    text_add(&csv, "price;day;y\n");
    for (int i = 0; i < 40; i++) {
        if (i % 20 != 7)
            text_addf(&csv, "%d,5 EUR", i * 7 % 31);
        text_addf(&csv, ";%d/3/2024;%s\n", 14 + i % 9, i % 3 ? "no" : "yes");
    }
    Table *t = table_of(&csv);
    Document *d = document_from_table(t, "t.csv", NULL);
    Profile *p = profile_table(NULL, t, "y", NULL, &e);
    CHECK_OK(p != NULL, e);
    Document *next = repair(d, p, NULL);
    const Recipe *r = next->pipeline->recipe;
    CHECK_INT(count_uses(r, "parse_number"), 1);
    CHECK_INT(count_uses(r, "parse_date"), 0);
    CHECK(place(r, "parse_number") < next->pipeline->split_at && place(r, "fill_missing") >= next->pipeline->split_at);
    Table *shown = pipeline_view(NULL, next->pipeline, place(r, "one_hot"), &e);
    CHECK_OK(shown != NULL, e);
    const Column *price = table_column(shown, "price");
    CHECK(price->type == COLUMN_REAL && price->missing == 0);
    CHECK_NEAR(price->data.reals[1], 7.5, 0);
    table_unref(shown);
    document_unref(next);
    document_unref(d);
    profile_free(p);
    table_unref(t);
    text_done(&csv);
}

static size_t finding_of(const App *a, const char *column, const char *step)
{
    const Profile *p = app_profile(a);
    for (size_t i = 0; p && i < p->findings_count; i++)
        if (text_equal(p->findings[i].column, column) && text_equal(p->findings[i].step, step))
            return i;
    return SIZE_MAX;
}

static void settle(App *a)
{
    for (int i = 0; i < 20 && (app_poll(a) || !app_is_idle(a)); i++)
        continue;
}

static void shown_and_switched(void)
{
    static const AppHost host = {0};
    Error e = {0};
    Text csv = {0};
    TEST("repairs: a finding shows the cells it changes, is taken or left, and A obeys");
    char *path = io_join(test_directory(), "wide.csv"), *runs = io_join(test_directory(), "runs");
    AppOptions options = {.runs = runs, .headless = true, .threads = 1};
    write_wide(&csv);
    CHECK_OK(io_replace(path, csv.bytes, csv.size, &e), e);
    App *a = app_new(&options, &host);
    CHECK_OK(app_open(a, path, &e), e);
    settle(a);
    size_t kpi = finding_of(a, "kpi", "cast"), id = finding_of(a, "id", "drop"), repeats = finding_of(a, "id", "drop_duplicates");
    CHECK(kpi != SIZE_MAX && id != SIZE_MAX && repeats != SIZE_MAX);
    RepairPreview *shown = app_repair_preview(a, kpi);
    CHECK_INT(shown->cells, 1);
    CHECK_INT(shown->shown_count, 1);
    CHECK_INT(shown->shown[0].row, 77);
    CHECK_TEXT(shown->shown[0].before, "x12");
    CHECK(!shown->shown[0].after);
    app_repair_preview_free(shown);
    shown = app_repair_preview(a, repeats);
    CHECK_INT(shown->rows_gone, 10);
    app_repair_preview_free(shown);
    CHECK(app_finding_is_on(a, id) && !app_finding_is_on(a, repeats));
    app_switch_finding(a, id);
    CHECK(!app_finding_is_on(a, id));
    CHECK_OK(app_repair(a, &e), e);
    CHECK_INT(count_uses(app_document(a)->pipeline->recipe, "drop"), 0);
    app_undo(a);
    settle(a);
    CHECK_OK(app_repair_finding(a, finding_of(a, "kpi", "cast"), &e), e);
    CHECK_INT(app_document(a)->pipeline->recipe->count, 1);
    app_free(a);
    mem_free(path);
    mem_free(runs);
    text_done(&csv);
}

void unit_repairs(void)
{
    grouped();
    disguised();
    shown_and_switched();
}
