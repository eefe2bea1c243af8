/* Reading and writing CSV: cells, kinds, shapes, limits, encodings, gzip, and the public corpora of awkward files. */
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "table/reader.h"
#include "table/readers/gzip.h"
#include "tests/unit/test.h"

static Table *read_text(const char *csv, const char *options, Error *e)
{
    Value *v = options ? json_parse(options, strlen(options), NULL) : NULL;
    *e = (Error){0};
    Table *t = table_read_bytes(NULL, "test.csv", (const uint8_t *)csv, strlen(csv), v, e);
    value_free(v);
    return t;
}

static char *cell(const Table *t, size_t row, size_t column)
{
    Text out = {0};
    if (t && row < t->rows && column < t->columns_count)
        column_format(t->columns[column], row, &out);
    return text_take(&out);
}

static void kinds(void)
{
    static const struct {
        const char *csv, *options, *type, *first;
        size_t missing;
    } cases[] = {
        {"a\n1\n2\n", NULL, "int", "1", 0},
        {"a\n1\n2.50\n", NULL, "real", "1", 0},
        {"a\n1\nx\n", NULL, "text", "1", 0},
        {"a\n1.50\n2\nx\n", NULL, "text", "1.50", 0},
        {"a\n007\n8\n", NULL, "text", "007", 0},
        {"a\n-0\n8\n", NULL, "real", "-0", 0},
        {"a\n0.5\n-0\n", NULL, "real", "0.5", 0},
        {"a\n9223372036854775807\n", NULL, "int", "9223372036854775807", 0},
        {"a\n12345678901234567890\n", NULL, "text", "12345678901234567890", 0},
        {"a\n9007199254740993\n0.5\n", NULL, "text", "9007199254740993", 0},
        {"a\n1e-400\n1\n", NULL, "real", "0", 0},
        {"a\ntrue\nFALSE\n", NULL, "bool", "true", 0},
        {"a\ntrue\n1\n", NULL, "text", "true", 0},
        {"a\n2024-02-29\n", NULL, "date", "2024-02-29", 0},
        {"a\n2024-02-29\n2023-02-29\n", NULL, "text", "2024-02-29", 0},
        {"a\n2024-02-29 10:00:00\n", NULL, "time", "2024-02-29T10:00:00", 0},
        {"a,b\n1,x\n ,y\nNA,z\n", NULL, "int", "1", 2},
        {"a,b\n ,x\n1,y\n", NULL, "int", "", 1},
        {"a,b\n ,x\nq,y\n", NULL, "text", " ", 0},
        {"a,b\nNA,x\n,y\n", NULL, "text", "", 2},
        {"a,b\nNone,x\nq,y\n", NULL, "text", "", 1},
        {"a,b\n\"NA\",x\nq,y\n", "{\"quoted_missing\": false}", "text", "NA", 0},
        {"a,b\n?,x\n3,y\n", "{\"missing\": [\"?\"]}", "int", "", 1},
        {"zip,b\n12,x\n3,y\n", "{\"text\": [\"zip\"]}", "text", "12", 0},
        {"a,b\n inf,x\n1,y\n", NULL, "text", " inf", 0},
    };
    TEST("csv: the kind of a column comes from all its cells");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e;
        Table *t = read_text(cases[i].csv, cases[i].options, &e);
        CHECK_OK(t != NULL, e);
        if (!t)
            continue;
        char *first = cell(t, 0, 0);
        test_check(strcmp(column_type_name(t->columns[0]->type), cases[i].type) == 0, __FILE__, __LINE__, "case %zu: %s is read as %s", i,
                   cases[i].csv, column_type_name(t->columns[0]->type));
        CHECK_TEXT(first, cases[i].first);
        CHECK_INT(t->columns[0]->missing, cases[i].missing);
        mem_free(first);
        table_unref(t);
    }
}

static void shapes(void)
{
    static const struct {
        const char *csv, *options;
        size_t rows, columns, rejects;
        const char *name, *last; /* name of column 0, cell at the lower right */
    } cases[] = {
        {"a,b\r\n1,2\r\n", NULL, 1, 2, 0, "a", "2"},
        {"a,b\r1,2\r3,4", NULL, 2, 2, 0, "a", "4"},
        {"a;b\n1;2,5\n2;3\n", NULL, 2, 2, 0, "a", "3"},
        {"a\tb\n1\t2\n", NULL, 1, 2, 0, "a", "2"},
        {"a|b\n1|2\n", NULL, 1, 2, 0, "a", "2"},
        {"\xEF\xBB\xBF"
         "a,b\n1,2\n",
         NULL, 1, 2, 0, "a", "2"},
        {"1,2\n3,4\n", NULL, 2, 2, 0, "column_1", "4"},
        {"1,2\n3,4\n", "{\"header\": \"yes\"}", 1, 2, 0, "1", "4"},
        {"a,a,\n1,2,3\n", NULL, 1, 3, 0, "a", "3"},
        {"a,b\n\"x, \"\"y\"\"\nz\",2\n", NULL, 1, 2, 0, "a", "2"},
        {"a,b\n1,2\n3\n4,5,6\n7,8\n", NULL, 2, 2, 2, "a", "8"},
        {"a,b\n1,2\n3\n", "{\"ragged\": \"pad\"}", 2, 2, 0, "a", ""},
        {"a,b\n1,2\n\n\n3,4\n", NULL, 2, 2, 0, "a", "4"},
        {"Report 2024\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", NULL, 3, 3, 0, "a", "9"},
        {"x\nx\na,b\n1,2\n", "{\"skip\": 2}", 1, 2, 0, "a", "2"},
        {"a,b\n1,2\n3,4\n", "{\"rows\": 1}", 1, 2, 0, "a", "2"},
        {"a,b\n1,2\n3,4", "{\"partial\": true}", 1, 2, 0, "a", "2"},
        {"a,b\n", NULL, 0, 2, 0, "a", ""},
        {"a,b\nx \"y\",2\n", NULL, 1, 2, 0, "a", "2"},
        {"a,b\n'x,y',2\n", "{\"quote\": \"'\"}", 1, 2, 0, "a", "2"},
        {"a,b\ncaf\xE9,n\xE4h\n", NULL, 1, 2, 0, "a", "n\xC3\xA4h"},
    };
    TEST("csv: delimiters, line ends, headers, titles, ragged rows");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e;
        Table *t = read_text(cases[i].csv, cases[i].options, &e);
        CHECK_OK(t != NULL, e);
        if (!t)
            continue;
        test_check(t->rows == cases[i].rows && t->columns_count == cases[i].columns && t->rejects_count == cases[i].rejects, __FILE__,
                   __LINE__, "case %zu: %zu x %zu, %zu rejects", i, t->rows, t->columns_count, t->rejects_count);
        char *last = cell(t, t->rows - 1, t->columns_count - 1);
        CHECK_TEXT(t->names[0], cases[i].name);
        CHECK_TEXT(last, cases[i].last);
        mem_free(last);
        table_unref(t);
    }
}

static void details(void)
{
    Error e;
    TEST("csv: rejects say line, fields and reason; names are made unique; blanks are remembered");
    Table *t = read_text("a,a,\n\"1\n1\",2,3\n4,5\n6,7, \n", NULL, &e);
    CHECK_OK(t != NULL, e);
    if (!t)
        return;
    CHECK_INT(t->rejects_count, 1);
    CHECK_INT(t->rejects[0].line, 4);
    CHECK_INT(t->rejects[0].column, 2);
    CHECK_TEXT(t->rejects[0].reason, "2 fields, expected 3");
    CHECK_TEXT(t->rejects[0].excerpt, "4,5");
    CHECK_TEXT(t->names[1], "a_2");
    CHECK_TEXT(t->names[2], "column_3");
    CHECK_INT(t->columns[2]->blanks, 1);
    CHECK_TEXT(column_text(t->columns[0], 0, NULL), "1\n1");
    table_unref(t);

    TEST("csv: decimals are counted for display");
    t = read_text("a\n1.5\n2.250\n3\n", NULL, &e);
    CHECK_INT(t->columns[0]->decimals, 3);
    table_unref(t);
}

static void errors(void)
{
    static const struct {
        const char *csv, *options, *message;
    } cases[] = {
        {"", NULL, "is empty"},
        {"a,b\n1\n", "{\"ragged\": \"error\"}", "1 field, expected 2; try ragged"},
        {"a,b\n1,\"2\n3,4\n", "{\"ragged\": \"error\"}", "never closed"},
        {"a,b,c\n1,2,3\n", "{\"max_columns\": 2}", "max_columns"},
        {"a,b,c\n1,2,3\n", "{\"comment\": \"//\"}", "one character"},
        {"a,b\n123456789,2\n", "{\"max_field\": 5}", "max_field"},
        {"a,b\n1\n2\n3,4\n", "{\"max_rejects\": 1}", "max_rejects"},
        {"a,b\n1,2\n", "{\"delimiter\": \"ab\"}", "one character"},
        {"a,b\n1,2\n", "{\"delimeter\": \";\"}", "delimiter"},
        {"a,b\n1,2\n", "{\"encoding\": \"klingon\"}", "unknown encoding"},
        {"a,b\n1,2\n", "{\"reader\": \"xml\"}", "no reader"},
        {"a,b\ncaf\xE9,2\n", "{\"encoding\": \"utf-8\"}", "latin-1"},
    };
    TEST("csv: every refusal names what to do");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e;
        Table *t = read_text(cases[i].csv, cases[i].options, &e);
        test_check(!t && strstr(e.message, cases[i].message), __FILE__, __LINE__, "case %zu: %s", i, e.message);
        table_unref(t);
    }
    Error e;
    read_text("a,b\n1,2\n3,4\n5\n", "{\"ragged\": \"error\"}", &e);
    CHECK_INT(e.line, 4);
    Error binary = {0};
    CHECK(!table_read_bytes(NULL, "x.csv", (const uint8_t *)"a\0b\n", 4, NULL, &binary));
    CHECK(strstr(binary.message, "not text"));
}

static void foreign(void)
{
    static const struct {
        const char *name, *bytes;
        size_t size;
        const char *message; /* NULL: it is a table */
    } cases[] = {
        {"a.parquet", "PAR1\x15\0\x15", 7,
         "a.parquet: is a Parquet file, no table that limbeck reads; try: duckdb -c \"copy (from 'a.parquet') to 'a.csv'\""},
        {"x/b.csv", "PAR1\x15\0\x15", 7, "to 'x/b.csv'"},
        {"a.feather", "ARROW1\0\0", 8, "Feather"},
        {"a.xlsx", "PK\x03\x04\0\0", 6, "Excel workbook"},
        {"a.zip", "PK\x03\x04\0\0", 6, "unzip 'a.zip'"},
        {"a.zip", "PK\x03\x04\0\0xl/workbook.xml", 21, "Excel workbook"},
        {"a.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "libreoffice"},
        {"a.csv.zst", "\x28\xB5\x2F\xFD\x04", 5, "zstd -d 'a.csv.zst'"},
        {"a.csv.xz",
         "\xFD"
         "7zXZ\0\0",
         7, "xz -dk"},
        {"a.csv.bz2", "BZh91AY&SY\x01", 11, "bunzip2"},
        {"a.db", "SQLite format 3\0", 16, "sqlite3"},
        {"a.h5", "\x89HDF\r\n\x1A\n", 8, "HDF5"},
        {"a.npy", "\x93NUMPY\x01", 7, "NumPy"},
        {"a.pkl", "\x80\x04\x95\x1A\0", 5, "pickle"},
        {"m.csv", "\x10\0\0\0\0\0\0\0{\"a\":1}       ", 24, "safetensors"},
        {"a.pdf", "%PDF-1.7\n", 9, "PDF"},
        {"a.png", "\x89PNG\r\n\x1A\n", 8, "picture"},
        {"a.out",
         "\x7F"
         "ELF\x02",
         5, "program"},
        {"a.html", "<!DOCTYPE html>\n<html>", 22, "web page"},
        {"a.parquet", "PAR1....", 8, "Parquet"},
        {"a.csv", "PAR1,PAR2\n1,2\n", 14, NULL},
        {"a.csv", "ORC,kind\n1,2\n", 13, NULL},
        {"a.csv", "BZh,kind\n1,2\n", 13, NULL},
    };
    TEST("files of foreign kinds are refused by name, with what to do");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        char message[700] = "";
        Table *t = table_read_bytes(NULL, cases[i].name, (const uint8_t *)cases[i].bytes, cases[i].size, NULL, &e);
        if (e.code)
            error_format(&e, message, sizeof message);
        test_check(cases[i].message ? !t && strstr(message, cases[i].message) : t != NULL, __FILE__, __LINE__, "%s: %s", cases[i].name,
                   message);
        table_unref(t);
    }
}

static void fuzzed(void)
{
    TEST("csv: every cut of a nasty file loads or gives an error; nothing is read behind its end");
    static const char nasty[] = "a,\"b\"\"x\",c\r\n\"1\n\",,\"\"\"\"\r\n 2 ,NA,x\"y\n\"q\"z,\xFF,\n";
    for (size_t size = 0; size < sizeof nasty; size++) {
        char *exact = mem_copy(nasty, size ? size : 1);
        Error e = {0};
        Table *t = table_read_bytes(NULL, "cut.csv", (const uint8_t *)exact, size, NULL, &e);
        CHECK((t != NULL) != (e.code != ERROR_NONE));
        table_unref(t);
        mem_free(exact);
    }
}

static void round_trip(void)
{
    TEST("csv: read, write, read gives the same cells");
    static const char csv[] =
        "id,name,x,when,ok\n1,\"a,\"\"b\"\"\nc\",0.1,2024-01-02T03:04:05,true\n-9223372036854775808,\" x \",1e-300,,false\n"
        "3,\"NA\",123456.789,1999-12-31T00:00:00.25,\n4,,-0,,true\n5,\"\",5e-324,,\n";
    Error e;
    Table *t = read_text(csv, "{\"quoted_missing\": false}", &e);
    CHECK_OK(t != NULL, e);
    char *path = io_join(test_directory(), "back.csv");
    CHECK_OK(table_write(t, path, NULL, &e), e);
    Value *options = value_map();
    value_set(options, "quoted_missing", value_flag(false));
    Table *back = table_read(NULL, path, options, &e);
    CHECK_OK(back != NULL, e);
    CHECK(back && table_equal(t, back));
    CHECK_INT(t->columns[1]->missing, 1);
    table_unref(back);
    mem_free(path);

    TEST("json: an array of objects that reads back");
    path = io_join(test_directory(), "out.json");
    CHECK_OK(table_write(t, path, NULL, &e), e);
    char *bytes = NULL;
    size_t size = 0;
    CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
    Value *v = json_parse(bytes, size, &e);
    CHECK_OK(v != NULL, e);
    CHECK_INT(v ? v->size : 0, 5);
    CHECK_TEXT(v ? value_get_text(v->items[0], "name", "") : "", "a,\"b\"\nc");
    CHECK_INT(v ? value_get_int(v->items[1], "id", 0) : 0, INT64_MIN);
    value_free(v);
    mem_free(bytes);
    mem_free(path);
    value_free(options);
    table_unref(t);
}

static void packed(void)
{
    /* printf 'a,b\n1,2\n' | gzip -n */
    static const uint8_t gz[] = {0x1f, 0x8b, 0x08, 0,    0,    0, 0,    0,    0,    0x03, 0x4b, 0xd4, 0x49, 0xe2,
                                 0x32, 0xd4, 0x31, 0xe2, 0x02, 0, 0x7b, 0x07, 0x97, 0x0a, 0x08, 0,    0,    0};
    TEST("gzip: unpacked by its bytes; cut off and over the limit are errors");
    Error e = {0};
    char *out;
    size_t size;
    GzipLimit limit = {.size = 100, .ratio = 200};
    bool ok = gzip_unpack("x.gz", gz, sizeof gz, limit, &out, &size, &e);
    if (ok) {
        CHECK_TEXT(out, "a,b\n1,2\n");
        mem_free(out);
    } else {
        test_check(false, __FILE__, __LINE__, "%s", e.message);
    }
    e = (Error){0};
    CHECK(!gzip_unpack("x.gz", gz, 15, limit, &out, &size, &e) && strstr(e.message, "cut off"));
    limit.size = 4;
    e = (Error){0};
    CHECK(!gzip_unpack("x.gz", gz, sizeof gz, limit, &out, &size, &e) && strstr(e.message, "max_unpacked"));
}

static void spectrum_case(const char *name)
{
    char path[200];
    Error e = {0};
    char *bytes = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "csv-edge/spectrum/json/%s.json", name);
    if (!io_read_file(test_data(path), 0, &bytes, &size, &e)) {
        CHECK_OK(false, e);
        return;
    }
    Value *expected = json_parse(bytes, size, &e);
    mem_free(bytes);
    CHECK_OK(expected != NULL, e);
    snprintf(path, sizeof path, "csv-edge/spectrum/csvs/%s.csv", name);
    static const char options_text[] = "{\"header\": \"yes\"}";
    Value *options = json_parse(options_text, sizeof options_text - 1, NULL);
    Table *t = table_read(NULL, test_data(path), options, &e);
    CHECK_OK(t != NULL, e);
    CHECK_INT(t ? t->rows : 0, expected ? expected->size : 1);
    for (size_t row = 0; t && expected && row < t->rows; row++)
        for (size_t i = 0; i < t->columns_count; i++) {
            char *is = cell(t, row, i);
            CHECK_TEXT(is, value_get_text(expected->items[row], t->names[i], "(no such key)"));
            mem_free(is);
        }
    table_unref(t);
    value_free(options);
    value_free(expected);
}

static void corpora(void)
{
    TEST("csv-spectrum: every file gives its JSON");
    if (!test_data("csv-edge/spectrum")) {
        test_skip("csv-edge is not there");
        return;
    }
    TextList names = {0};
    Error e = {0};
    CHECK_OK(io_list(test_data("csv-edge/spectrum/csvs"), &names, &e), e);
    CHECK(names.count >= 11);
    for (size_t i = 0; i < names.count; i++) {
        char *name = mem_strndup(names.items[i], strlen(names.items[i]) - 4);
        spectrum_case(name);
        mem_free(name);
    }
    text_list_done(&names);
    TEST("csv-edge: damaged files load or give one clear error");
    static const char *const folders[] = {"csv-edge/horror", "csv-edge/openrefine"};
    for (size_t f = 0; f < 2; f++) {
        io_list(test_data(folders[f]), &names, &e);
        for (size_t i = 0; i < names.count; i++) {
            char *path = io_join(test_data(folders[f]), names.items[i]);
            e = (Error){0};
            Table *t = table_read(NULL, path, NULL, &e);
            test_check(t ? t->columns_count > 0 : e.message[0] != 0, __FILE__, __LINE__, "%s", names.items[i]);
            table_unref(t);
            mem_free(path);
        }
        text_list_done(&names);
    }
}

static void heads(void)
{
    TEST("csv: the head of a long file is its first rows, and says so");
    Text csv = {0};
    text_add(&csv, "id,note\n");
    for (int i = 0; i < 30000; i++)
        text_addf(&csv, "%d,\"line %d\nmore\"\n", i, i);
    char *path = io_join(test_directory(), "long.csv");
    Error e = {0};
    CHECK_OK(io_replace(path, csv.bytes, csv.size, &e), e);
    bool complete = true;
    Table *t = table_read_head(path, NULL, &complete, &e);
    CHECK_OK(t != NULL, e);
    CHECK(!complete && t && t->rows > 1000 && t->rows < 30000);
    CHECK(t && t->columns[0]->data.ints[t->rows - 1] == (int64_t)t->rows - 1 && t->rejects_count == 0);
    table_unref(t);
    mem_free(path);
    text_done(&csv);
}

/* Asked to stop, a reader gives up, or keeps whole rows: the same as reading so many. */
static void stopped(void)
{
    TEST("csv: a stop ends the reading, or keeps the rows so far");
    Text csv = {0};
    text_add(&csv, "id,kind\n");
    for (int i = 0; i < 40000; i++)
        text_addf(&csv, "%d%s,a\n", i, i == 9000 ? ".5" : "");
    Error e = {0};
    Job job = {.cancel = true};
    CHECK(!table_read_bytes(&job, "x.csv", (const uint8_t *)csv.bytes, csv.size, NULL, &e) && e.code == ERROR_CANCELED);
    job.keeps = true;
    e = (Error){0};
    Table *part = table_read_bytes(&job, "x.csv", (const uint8_t *)csv.bytes, csv.size, NULL, &e);
    CHECK_OK(part != NULL, e);
    CHECK(part && part->rows > 9000 && part->rows < 40000 && part->columns[0]->type == COLUMN_REAL);
    char *options = text_format("{\"rows\": %zu}", part ? part->rows : 0);
    Table *same = read_text(csv.bytes, options, &e);
    CHECK(part && same && table_equal(part, same));
    table_unref(same);
    table_unref(part);
    mem_free(options);
    text_done(&csv);
}

void unit_csv(void)
{
    kinds();
    shapes();
    details();
    errors();
    foreign();
    fuzzed();
    round_trip();
    packed();
    heads();
    stopped();
    corpora();
}
