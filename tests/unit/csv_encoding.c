/* Which encoding a file has is found from few words and from many, and one bad byte does not change it. */
#include <iconv.h>
#include <string.h>

#include "table/reader.h"
#include "tests/unit/test.h"

typedef struct Sample {
    const char *text, *encodings; /* UTF-8; names split by blanks */
} Sample;

#define ANY " UTF-8 UTF-16LE UTF-16BE"

static const Sample samples[] = {
    {"姓名,城市\n张伟,北京\n", "GB18030" ANY},
    {"男,女\n", "GB18030" ANY},
    {"编号,产品,价格\n1,苹果,5\n2,香蕉,3\n", "GB18030" ANY},
    {"订单号,客户,备注\n1001,李娜,已发货\n1002,王芳,等待付款\n", "GB18030" ANY},
    {"姓名,城市\n陳大文,臺北\n", "BIG5" ANY},
    {"編號,產品,價格\n1,蘋果,5\n2,香蕉,3\n", "BIG5" ANY},
    {"id,city\n1,高雄\n2,臺中\n", "BIG5" ANY},
    {"名前,都市\n田中,東京\n", "SHIFT_JIS EUC-JP" ANY},
    {"商品,価格\nりんご,100\nバナナ,80\n", "SHIFT_JIS EUC-JP" ANY},
    {"id,city\n1,大阪\n2,名古屋\n", "SHIFT_JIS EUC-JP" ANY},
    {"이름,도시\n김철수,서울\n", "EUC-KR" ANY},
    {"Straße,Größe\nMüllerstraße 5,groß\n", "LATIN1 WINDOWS-1252" ANY},
    {"株式会社,売上\n寿司,刺身\n", "SHIFT_JIS EUC-JP" ANY},
    {"ﾃｽﾄ,ｶﾅ\n1,2\n", "CP932"},
    {"类型,颜色\n红,蓝\n", "GB18030" ANY},
    {"省份\n黑龙江\n", "GB18030" ANY},
    {"使用者A,使用者B\n1,2\n", "BIG5" ANY},
    {"구분,색상\n빨강,파랑\n", "EUC-KR" ANY},
    {"id,Größe in µm\n1,5\n", "LATIN1" ANY},
    {"Þór,Ærø\nÆvar,Ålborg\n", "LATIN1" ANY},
    {"name,v\nO´Neil,½in\n", "LATIN1" ANY},
    {"temp,x\n70°F,±5V\n", "LATIN1" ANY},
    {"GRÖSSE,ÄRA\nÜBER,MÜSSEN\n", "LATIN1 WINDOWS-1252" ANY},
    {"x,y\nPreis: 5 €,„Öl“\n", "WINDOWS-1252" ANY},
    {"prénom,ville\nRené,Besançon\n", "LATIN1 WINDOWS-1252" ANY},
    {"été,à\nça,là\n", "LATIN1 WINDOWS-1252" ANY},
    {"œuvre,cœur\ncréée à Noël,it’s\n", "WINDOWS-1252" ANY},
    {"año,¿qué?\nespañol,señor\n", "LATIN1 WINDOWS-1252" ANY},
    {"AÇÃO,NÃO\nSão Paulo,opções\n", "LATIN1 WINDOWS-1252" ANY},
    {"a,temp\n1,25°C\n2,5 µm\n", "LATIN1 WINDOWS-1252" ANY},
    {"имя,город\nИван,Москва\n", "WINDOWS-1251 KOI8-R" ANY},
};

/* The text so many times in the other encoding; false: it cannot be said in it. */
static bool encode(const char *text, const char *encoding, int times, Text *out)
{
    iconv_t converter = iconv_open(encoding, "UTF-8");
    bool ok = converter != (iconv_t)-1;
    for (int i = 0; ok && i < times; i++) {
        char buffer[1024], *to = buffer, *from = (char *)text;
        size_t left = strlen(text), room = sizeof buffer;
        ok = iconv(converter, &from, &left, &to, &room) != (size_t)-1;
        text_add_bytes(out, buffer, (size_t)(to - buffer));
    }
    if (converter != (iconv_t)-1)
        iconv_close(converter);
    return ok;
}

static void check_sample(const Sample *sample, const char *encoding, int times)
{
    Text bytes = {0}, plain = {0};
    Error e = {0};
    for (int i = 0; i < times; i++)
        text_add(&plain, sample->text);
    if (encode(sample->text, encoding, times, &bytes)) {
        Table *t = table_read_bytes(NULL, "x.csv", (const uint8_t *)bytes.bytes, bytes.size, NULL, &e);
        Table *same = table_read_bytes(NULL, "x.csv", (const uint8_t *)plain.bytes, plain.size, NULL, &e);
        CHECK_OK(t && same, e);
        test_check(t && same && table_equal(t, same), __FILE__, __LINE__, "%s x %d as %s: %s, %s", sample->text, times, encoding,
                   t ? t->notes.items[0] : "", t ? t->names[0] : "");
        table_unref(t);
        table_unref(same);
    } else {
        test_check(false, __FILE__, __LINE__, "%s cannot be %s", sample->text, encoding);
    }
    text_done(&bytes);
    text_done(&plain);
}

static void kinds(void)
{
    TEST("csv: the encoding is found from a few words and from many");
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char *list = mem_strdup(samples[i].encodings), *rest = NULL;
        for (char *name = strtok_r(list, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
            check_sample(&samples[i], name, 1);
            check_sample(&samples[i], name, 300);
        }
        mem_free(list);
    }
}

/* Wherever it stands, in short texts and long ones; at an even and an odd place. */
static void zero_bytes(void)
{
    static const char *const texts[] = {"ab,1\ncd,2\nef,3\n", "Z\xC3\xBCrich,1\nvan,2\n", "abc,5\nabcd,6\n"};
    TEST("csv: a zero byte in text is a slip, not UTF-16, and stays in its cell");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int times = 1; times <= 100; times += 99) {
            Text whole = {0}, slipped = {0};
            text_add(&whole, "name,n\n");
            for (int k = 0; k < times; k++)
                text_add(&whole, texts[i]);
            Error e = {0};
            for (size_t at = 10; at < 13; at++) {
                text_clear(&slipped);
                text_add_bytes(&slipped, whole.bytes, at);
                text_add_bytes(&slipped, "", 1);
                text_add_bytes(&slipped, whole.bytes + at, whole.size - at);
                Table *t = table_read_bytes(NULL, "x.csv", (const uint8_t *)whole.bytes, whole.size, NULL, &e);
                Table *u = table_read_bytes(NULL, "x.csv", (const uint8_t *)slipped.bytes, slipped.size, NULL, &e);
                CHECK_OK(t && u, e);
                if (t && u) {
                    CHECK(strstr(u->notes.items[0], "encoding utf-8") != NULL);
                    CHECK_INT(u->rows + u->rejects_count, t->rows + t->rejects_count);
                    CHECK_INT(u->columns_count, t->columns_count);
                }
                table_unref(t);
                table_unref(u);
            }
            text_done(&whole);
            text_done(&slipped);
        }
}

static const char *first_note(const Table *t, const char *word)
{
    for (size_t i = 0; t && i < t->notes.count; i++)
        if (strstr(t->notes.items[i], word))
            return t->notes.items[i];
    return "(no such note)";
}

static void bad_bytes(void)
{
    Error e = {0};
    Text csv = {0};
    TEST("csv: bytes that are not UTF-8 are counted and shown, and change nothing else");
    text_add(&csv, "id,city\n");
    for (int i = 0; i < 100; i++)
        text_addf(&csv, "%d,M\xC3\xBCnchen%s\n", i, i == 41 ? "\xFF" : "");
    Table *t = table_read_bytes(NULL, "x.csv", (const uint8_t *)csv.bytes, csv.size, NULL, &e);
    CHECK_OK(t != NULL, e);
    CHECK(strstr(first_note(t, "encoding"), "encoding utf-8,"));
    CHECK_TEXT(first_note(t, "not utf-8"), "1 byte is not utf-8, the first in line 43: shown as \xEF\xBF\xBD");
    CHECK_TEXT(t ? column_text(t->columns[1], 41, NULL) : "", "M\xC3\xBCnchen\xEF\xBF\xBD");
    CHECK_TEXT(t ? column_text(t->columns[1], 42, NULL) : "", "M\xC3\xBCnchen");
    table_unref(t);
    text_done(&csv);
    static const char one[] = "a,b\nM\xC3\xBCnchen,1\ncaf\xC3\xA9,2\nK\xF6ln,3\n";
    t = table_read_bytes(NULL, "x.csv", (const uint8_t *)one, sizeof one - 1, NULL, &e);
    CHECK(strstr(first_note(t, "encoding"), "encoding utf-8,"));
    table_unref(t);
    static const char cut[] = "a,b\n\xE4\xBA\xAC,1\n\xE4\xBA";
    Value *options = value_map();
    value_set(options, "partial", value_flag(true));
    t = table_read_bytes(NULL, "x.csv", (const uint8_t *)cut, sizeof cut - 1, options, &e);
    CHECK_TEXT(first_note(t, "not utf-8"), "(no such note)");
    CHECK_INT(t ? t->rows : 0, 1);
    table_unref(t);
    value_free(options);
}

static void wrong_mark(void)
{
    Error e = {0};
    TEST("csv: marks are told, and an encoding that is given is used");
    Table *t = table_read_bytes(NULL, "x.csv",
                                (const uint8_t *)"\xEF\xBB\xBF"
                                                 "a,b\n1,2\n",
                                11, NULL, &e);
    CHECK(strstr(first_note(t, "encoding"), "encoding utf-8 by its mark,"));
    CHECK_TEXT(t->names[0], "a");
    table_unref(t);
    Value *options = value_map();
    value_set(options, "encoding", value_text("latin-1"));
    t = table_read_bytes(NULL, "x.csv", (const uint8_t *)"\xC3\xBC,b\n1,2\n", 9, options, &e);
    CHECK_TEXT(t->names[0], "\xC3\x83\xC2\xBC");
    table_unref(t);
    value_free(options);
}

void unit_csv_encoding(void)
{
    kinds();
    zero_bytes();
    bad_bytes();
    wrong_mark();
}
