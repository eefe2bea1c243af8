/* What the CSV reader sniffs: where the header stands and how rows may differ from it, comments, titles, stray quotes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "table/reader.h"
#include "tests/unit/test.h"

static Table *read_text(const char *csv, const char *options)
{
    Error e = {0};
    Value *v = options ? json_parse(options, strlen(options), NULL) : NULL;
    Table *t = table_read_bytes(NULL, "test.csv", (const uint8_t *)csv, strlen(csv), v, &e);
    test_check(t != NULL, __FILE__, __LINE__, "%s: %s", csv, e.message);
    value_free(v);
    return t;
}

static char *names_of(const Table *t)
{
    Text out = {0};
    for (size_t i = 0; i < t->columns_count; i++)
        text_addf(&out, "%s%s", i ? "," : "", t->names[i]);
    return text_take(&out);
}

static bool has_note(const Table *t, const char *word)
{
    for (size_t i = 0; i < t->notes.count; i++)
        if (strstr(t->notes.items[i], word))
            return true;
    return false;
}

typedef struct ShapeCase {
    const char *csv, *options, *names;
    size_t rows, rejects;
    const char *note; /* NULL: none asked for */
} ShapeCase;

static void check_shapes(const ShapeCase *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const ShapeCase *c = &cases[i];
        Table *t = read_text(c->csv, c->options);
        if (!t)
            continue;
        char *names = names_of(t);
        test_check(strcmp(names, c->names) == 0 && t->rows == c->rows && t->rejects_count == c->rejects, __FILE__, __LINE__,
                   "%s: %s, %zu rows, %zu rejects", c->csv, names, t->rows, t->rejects_count);
        test_check(!c->note || has_note(t, c->note), __FILE__, __LINE__, "%s: no note says \"%s\"", c->csv, c->note);
        mem_free(names);
        table_unref(t);
    }
}

#define CHECK_SHAPES(cases) check_shapes(cases, sizeof cases / sizeof *cases)

static void uneven(void)
{
    static const ShapeCase cases[] = {
        {"id,name,lat\n1,n,0.5,\n", NULL, "id,name,lat", 1, 0, "1 delimiter more"},
        {"id,name,lat\n1,n,0.5,\n2,m,0.7,\n", NULL, "id,name,lat", 2, 0, "1 delimiter more"},
        {"id,name,lat\n1,n,0.5,\n2,m,0.7,\n3,o,0.9,\n4,p,1.1,\n", NULL, "id,name,lat", 4, 0, NULL},
        {"id,name,lat\n1,n,0.5,\n2,m,0.7\n3,q,0.9,\n", NULL, "id,name,lat", 3, 0, NULL},
        {"id,name,lat\n1,n,0.5,\n2,m,,\n3,q,0.9,7\n4,r,0.1,\n", NULL, "row,id,name,lat", 4, 0, NULL},
        {"id;name\n1;n;;\n2;m;;\n", NULL, "id,name", 2, 0, "2 delimiters more"},
        {"name,city\nBob,Rome,\nAnn,Oslo,\n", NULL, "name,city", 2, 0, NULL},
        {"name\nBob,\nAnn,\n", NULL, "name", 2, 0, NULL},
        {"a,b,c,\n1,2,3\n4,5,6\n", NULL, "a,b,c", 2, 0, NULL},
        {"mpg,cyl\nMazda RX4,21,6\n", NULL, "row,mpg,cyl", 1, 0, "row names"},
        {"mpg,cyl\nMazda RX4,21,6\nDatsun,22.8,4\n", NULL, "row,mpg,cyl", 2, 0, "row names"},
        {"row,cyl\na,21,6\nb,22.8,4\n", NULL, "row,row_2,cyl", 2, 0, NULL},
        {"id,name\n1,a,5,6\n2,b,7,8\n", NULL, "id,name,column_3,column_4", 2, 0, "last 2 columns have no name"},
        {"a,b,c,d\n1,2,3\n", NULL, "a,b,c,d", 1, 0, "fewer fields"},
        {"a,b,c,d\n1,2,3\n4,5,6\n7,8,9\n", NULL, "a,b,c,d", 3, 0, "3 rows have fewer fields"},
        {"a,b,c,d\n1,2,3\n4,5,6,7\n8,9,10,11\n", NULL, "a,b,c,d", 2, 1, "1 row could not be read"},
        {"a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n", NULL, "a,b,c", 2, 2, "2 rows could not be read"},
    };
    TEST("csv: a header is kept when rows have a field more or less");
    CHECK_SHAPES(cases);
}

static void headers(void)
{
    static const ShapeCase cases[] = {
        {"cell,2019,2020,2021\nA,5,6,7\nB,1,2,3\n", NULL, "cell,2019,2020,2021", 2, 0, "names from the header"},
        {"2019,2020,2021\n5,6,7\n8,9,10\n", NULL, "2019,2020,2021", 2, 0, NULL},
        {"id,2020-01-01,2020-01-02\na,1,2\nb,3,4\n", NULL, "id,2020-01-01,2020-01-02", 2, 0, NULL},
        {",0,1\n0,0.5,0.3\n1,0.2,0.1\n", NULL, "column_1,0,1", 2, 0, NULL},
        {"0,1,2\n0.5,0.3,0.2\n0.1,0.2,0.3\n", NULL, "0,1,2", 2, 0, NULL},
        {"wave,400,410,420\ns1,0.5,0.4,0.3\ns2,0.1,0.4,0.2\n", NULL, "wave,400,410,420", 2, 0, NULL},
        {"gene,control,24\nx,1,2\ny,3,4\n", NULL, "gene,control,24", 2, 0, NULL},
        {"name,share\nx,5%\ny,\"1,200.5\"\n", NULL, "name,share", 2, 0, NULL},
        {"a,a\n1,2\n", NULL, "a,a_2", 1, 0, NULL},
        {"\"7\",\"2\"\n3,4\n", NULL, "7,2", 1, 0, NULL},
        {"\"7\",\"2\"\n\"3\",\"4\"\n", NULL, "column_1,column_2", 2, 0, NULL},
        {"1,2\n3,4\n", NULL, "column_1,column_2", 2, 0, "no header"},
        {"1,2,3\n4,5,6\n7,8,9\n", NULL, "column_1,column_2,column_3", 3, 0, NULL},
        {"2019,5\n2020,6\n2021,7\n", NULL, "column_1,column_2", 3, 0, NULL},
        {"2020-01-01,1\n2020-01-02,2\n", NULL, "column_1,column_2", 2, 0, NULL},
        {"Bob,12\nAnn,13\n", NULL, "column_1,column_2", 2, 0, NULL},
        {"true,false\ntrue,true\n", NULL, "column_1,column_2", 2, 0, NULL},
        {"x,x\ny,z\n", NULL, "column_1,column_2", 2, 0, NULL},
        {"yes,no\nyes,yes\nno,no\n", NULL, "column_1,column_2", 3, 0, NULL},
        {"1,2\n3,4\n", "{\"header\": true}", "1,2", 1, 0, NULL},
        {"a,b\n3,4\n", "{\"header\": false}", "column_1,column_2", 2, 0, NULL},
        {"cell,2019\nA,5\n", "{\"header\": \"no\"}", "column_1,column_2", 2, 0, NULL},
    };
    TEST("csv: text, years, dates and counts are names; values are none; the option decides");
    CHECK_SHAPES(cases);
}

static void lines_above(void)
{
    static const ShapeCase cases[] = {
        {"Report\na,b\n1,2\n", NULL, "a,b", 1, 0, "skipped 1 line above the table (skip = 1): Report"},
        {"Report 2024\n\na,b,c\n1,2,3\n4,5,6\n", NULL, "a,b,c", 2, 0, "skipped 2 lines"},
        {"Sales, confidential\nregion,q1,q2\nA,1,2\nB,3,4\n", NULL, "region,q1,q2", 2, 0, "skipped 1 line"},
        {"Report,,\n,,\na,b,c\n1,2,3\n4,5,6\n", NULL, "a,b,c", 2, 0, "skipped 2 lines"},
        {"Report\na,b\n1,2\n", "{\"skip\": 1}", "a,b", 1, 0, NULL},
        {"x\ny\n1\n", "{\"skip\": 0}", "x", 2, 0, NULL},
        {"# made by hand\n# twice, no less\nid,v\n1,2\n# inside\n3,4\n", NULL, "id,v", 2, 0, "3 comment lines (comment = \"#\")"},
        {"# id,v\n1,2\n3,4\n", NULL, "id,v", 2, 0, "names from a comment line"},
        {"#chrom\tstart\nchr1\t5\n", NULL, "chrom,start", 1, 0, NULL},
        {"#made\nid,v\n1,2\n#5,6\n", NULL, "id,v", 2, 0, "1 comment line "},
        {"id,v\n1,2\n;x\n3,4\n", "{\"comment\": \";\"}", "id,v", 2, 0, "comment = \";\""},
        {"#a,b\n1,2\n", "{\"comment\": \"\", \"header\": true}", "#a,b", 1, 0, NULL},
    };
    TEST("csv: titles and comments above the table are passed over, and that is said");
    CHECK_SHAPES(cases);
}

/* The number that a note proposes gives the same table as an option. */
static void proposed(void)
{
    static const char *const texts[] = {"Report\n\nby hand\na,b\n1,2\n3,4\n", "Report\r\rby hand\ra,b\r1,2\r3,4\r",
                                        "\nReport\r\n\r\na,b\r\n1,2\r\n3,4\r\n", "R,,\n,,\na,b,c\n1,2,3\n4,5,6\n"};
    TEST("csv: the skip that is said reads the same table");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Table *t = read_text(texts[i], NULL);
        const char *said = NULL;
        for (size_t k = 0; k < t->notes.count && !said; k++)
            said = strstr(t->notes.items[k], "skip = ");
        CHECK(said != NULL);
        char *options = text_format("{\"skip\": %d}", said ? atoi(said + 7) : -1);
        Table *same = read_text(texts[i], options);
        test_check(t->rows == 2 && table_equal(t, same), __FILE__, __LINE__, "%s: %s", texts[i], options);
        mem_free(options);
        table_unref(same);
        table_unref(t);
    }
}

static void stray_quotes(void)
{
    static const ShapeCase cases[] = {
        {"id,name\n1,\"abc\n2,def\n3,ghi\n4,x\"y\n5,jkl\n", NULL, "id,name", 4, 1, "line 2: text behind a closing quote"},
        {"id,q\n1,\"open\n2,x\n3,y\n", NULL, "id,q", 2, 1, "line 2: a quote opens here and is never closed"},
        {"id,q\n1,\"Joe \"The Man\" S\"\n2,ok\n3,\"fine\"\n", NULL, "id,q", 2, 1, "line 2: text behind"},
        {"id,q\n1,\"abc\n2,def\n3,x\n4,\"\n5,z\n", NULL, "id,q", 3, 2, "holds rows together"},
        {"id,v,w\n1,\"a,b\n2,c,d\n3,e,f\n4,g\",h\n5,i,j\n", NULL, "id,v,w", 4, 1, NULL},
        {"id,q\n1,\"a\" \n2, \"b, c\"\n3,d \"e\"\n", NULL, "id,q", 3, 0, NULL},
        {"id,q\n1,\"a\nb, c\"\n2,\"x\n\ny, z\n\"\n", NULL, "id,q", 2, 0, NULL},
        {"id,q,r\n1,\"a\nb, c, d\",5\n2,\"x\",6\n", NULL, "id,q,r", 2, 0, NULL},
        {"id,q\n1,\"a\nb\nc\"\n2,x\n", "{\"max_lines\": 2}", "id,q", 1, 3, "too many lines"},
        {"id,q\n1,\"a\nb\nc\"\n2,x\n", "{\"max_lines\": 3}", "id,q", 2, 0, NULL},
        {"'a','b'\n'1,5','x'\n'2,5','it''s'\n", NULL, "a,b", 2, 0, "quote ',"},
        {"a,b\n'tis,1\nit's,2\n", NULL, "a,b", 2, 0, "quote \","},
        {"id,q\n1,\"abc\n2,def\n", "{\"quote\": \"\"}", "id,q", 2, 0, "quote none"},
    };
    TEST("csv: a stray quote costs its own line only, and fields of several lines stay whole");
    CHECK_SHAPES(cases);
    Table *t = read_text("id,q\n1,\"a\nb, c\"\n2, \"b, c\"\n", NULL);
    CHECK_TEXT(column_text(t->columns[1], 0, NULL), "a\nb, c");
    CHECK_TEXT(column_text(t->columns[1], 1, NULL), "b, c");
    table_unref(t);
}

static void numbers(void)
{
    static const struct {
        const char *csv, *options, *type, *first, *note;
    } cases[] = {
        {"x;y\n2,5;a\n3,25;b\n", NULL, "real", "2.5", "decimal comma"},
        {"x\ty\n\"1.234,5\"\ta\n2.500\tb\n12\tc\n", NULL, "real", "1234.5", "points between thousands"},
        {"x;y\n-0,125;a\n7;b\nNA;c\n", NULL, "real", "-0.125", "decimal comma"},
        {"1,5;2,5\n3,1;4,2\n", NULL, "real", "1.5", "decimal comma"},
        {"x,y\n\"2,5\",a\n\"3,5\",b\n", NULL, "real", "2.5", "decimal comma"},
        {"x;y\n2,5;1.5\n3,5;2.25\n", NULL, "text", "2,5", NULL},
        {"x;y\n2,5;a\nnone;b\n", NULL, "text", "2,5", NULL},
        {"x;y\n1,234;a\n2,500;b\n", NULL, "text", "1,234", "may be thousands or a decimal comma"},
        {"x;y\n1,234;a\n2,500;b\n", "{\"decimal\": \",\"}", "real", "1.234", NULL},
        {"x;y\n1,234;a\n2,500;b\n", "{\"thousands\": \",\"}", "int", "1234", NULL},
        {"x,y\n\"229,932.50\",a\n\"1,000\",b\n", NULL, "text", "229,932.50", "separators of thousands"},
        {"x,y\n\"229,932.50\",a\n\"1,000\",b\n", "{\"thousands\": \",\"}", "real", "229932.5", NULL},
        {"x,y\n\"1,23\",a\n\"1,000\",b\n", "{\"thousands\": \",\"}", "text", "1,23", NULL},
        {"x;y\n1.5;a\n2,5;b\n", "{\"decimal\": \",\"}", "text", "1.5", NULL},
        {"x;y\n2,5;a\n3,25;b\n", "{\"decimal\": \".\"}", "text", "2,5", NULL},
        {"x;y\n2024-01-02;2,5\n2024-01-03;3,5\n", NULL, "date", "2024-01-02", "decimal comma"},
        {"x;y\n007;2,5\n008;3,5\n", NULL, "text", "007", NULL},
        {"x;y\n9007199254740993;2,5\n1;3,5\n", NULL, "int", "9007199254740993", NULL},
        {"x,y\n03/04/2024,1\n05/06/2024,2\n", NULL, "text", "03/04/2024", "day or month first"},
        {"x,y\n03/14/2024,1\n05/06/2024,2\n", NULL, "text", "03/14/2024", "month first"},
        {"x,y\n31.12.2024,1\n01.02.2024,2\n", NULL, "text", "31.12.2024", "day first"},
    };
    TEST("csv: decimal commas and thousands are read where the cells leave no doubt, and said where they do");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Table *t = read_text(cases[i].csv, cases[i].options);
        Text first = {0};
        if (t && t->rows)
            column_format(t->columns[0], 0, &first);
        test_check(t && strcmp(column_type_name(t->columns[0]->type), cases[i].type) == 0, __FILE__, __LINE__, "%s", cases[i].csv);
        CHECK_TEXT(text_get(&first), cases[i].first);
        test_check(!cases[i].note || (t && has_note(t, cases[i].note)), __FILE__, __LINE__, "%s: no note says \"%s\"", cases[i].csv,
                   cases[i].note);
        text_done(&first);
        table_unref(t);
    }
}

/* Real damage: what each file is, and what is said about it. */
static void public_files(void)
{
    static const struct {
        const char *file;
        size_t rows, columns, rejects;
        const char *name, *note; /* of column 1 (from 0); one of the notes */
    } cases[] = {
        {"horror/begrotingsanalyse-2011.csv", 42, 20, 0, "column_2", "encoding utf-8"},
        {"horror/characters.csv", 382, 18, 0, "景點編號", "encoding big5"},
        {"horror/excel_pasting.csv", 17, 9, 0, "2000", "skipped 3 lines"},
        {"horror/mixedGLB.csv", 133, 19, 0, "Jan", "skipped 3 lines"},
        {"horror/null.csv", 10, 4, 0, "column_2", "no header"},
        {"horror/spanish_chars.csv", 116, 8, 0, "FN_ID", "encoding latin-1"},
        {"horror/sparse_with_column_errors.csv", 2237, 4, 0, "Bezeichnung", "encoding latin-1"},
        {"horror/utf-16le_encoded.csv", 327, 19, 0, "Organisation_name", "encoding utf-16le by its mark"},
        {"horror/utf8bom.csv", 0, 2, 0, "win", "encoding utf-8 by its mark"},
        {"horror/weird_head_padding.csv", 60, 11, 16, "1985", "skipped 11 lines"},
        {"horror/complex.csv", 3, 4, 0, "another date", NULL},
        {"openrefine/example-latin1.tsv", 2, 11, 0, "End", "1 delimiter more"},
        {"openrefine/example-utf8.tsv", 2, 11, 0, "End", "1 delimiter more"},
        {"openrefine/example-utf16be-bom.tsv", 2, 11, 0, "End", "encoding utf-16be by its mark"},
        {"openrefine/example-utf16le-bom.tsv", 2, 11, 0, "End", "encoding utf-16le by its mark"},
        {"openrefine/example-linebreaks-in-cells.csv", 2, 3, 0, "description", NULL},
        {"openrefine/example-linebreaks-in-cells.tsv", 2, 4, 0, "2nd", NULL},
        {"openrefine/government_contracts.csv", 6422, 10, 0, "Contractor Name", NULL},
        {"openrefine/movies.tsv", 232, 9, 0, "Directed by", "encoding latin-1"},
        {"openrefine/persons_with_empty_column.csv", 3, 3, 0, "Age", NULL},
        {"openrefine/big5.txt", 0, 0, 0, NULL, "encoding big5"},
        {"openrefine/euc-jp.txt", 0, 0, 0, NULL, "encoding euc-jp"},
        {"openrefine/euc-kr.txt", 0, 0, 0, NULL, "encoding euc-kr"},
        {"openrefine/shift_jis.txt", 0, 0, 0, NULL, "encoding shift_jis"},
    };
    TEST("csv-edge: every damaged file is what it is, and what was assumed is said");
    if (!test_data("csv-edge/horror")) {
        test_skip("csv-edge is not there");
        return;
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[200];
        Error e = {0};
        snprintf(path, sizeof path, "csv-edge/%s", cases[i].file);
        Table *t = table_read(NULL, test_data(path), NULL, &e);
        CHECK_OK(t != NULL, e);
        if (!t)
            continue;
        test_check(!cases[i].note || has_note(t, cases[i].note), __FILE__, __LINE__, "%s: %s", path, t->notes.items[0]);
        bool same = !cases[i].name || (t->rows == cases[i].rows && t->columns_count == cases[i].columns &&
                                       t->rejects_count == cases[i].rejects && strcmp(t->names[1], cases[i].name) == 0);
        test_check(same, __FILE__, __LINE__, "%s: %zu x %zu, %zu rejects, %s", path, t->rows, t->columns_count, t->rejects_count,
                   t->columns_count > 1 ? t->names[1] : "");
        table_unref(t);
    }
}

void unit_csv_shape(void)
{
    public_files();
    numbers();
    uneven();
    headers();
    lines_above();
    proposed();
    stray_quotes();
}
