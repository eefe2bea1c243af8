/* Forms in which a run leaves: event files of TensorBoard, drawings, and what differs between scripts. */
#include <math.h>
#include <string.h>

#include "app/chart_svg.h"
#include "app/run_settings.h"
#include "app/tensorboard.h"
#include "base/io.h"
#include "base/json.h"
#include "run/run_dir.h"
#include "tests/unit/test.h"

/* The first record of every event file that TensorFlow 2 writes, here with the wall time 1795806300.5: 24 bytes of data, the masked
 * CRC-32C a37f4b22 of that length, tag and double of the time, tag, size and text of the version, and their CRC. The last four bytes were
 * computed by a bitwise CRC-32C in Python. */
static const unsigned char first_record[] = {0x18, 0,    0,    0,    0,    0,    0,    0,    0xa3, 0x7f, 0x4b, 0x22, 0x09, 0x00,
                                             0x00, 0x20, 0x17, 0x75, 0xc2, 0xda, 0x41, 0x1a, 0x0d, 'b',  'r',  'a',  'i',  'n',
                                             '.',  'E',  'v',  'e',  'n',  't',  ':',  '2',  0x0e, 0x7d, 0xc5, 0x2f};

/* The step 300 (a varint of two bytes), one figure "valid/auc" of 0.5. */
static const unsigned char second_message[] = {0x09, 0x00, 0x00, 0x40, 0x17, 0x75, 0xc2, 0xda, 0x41, 0x10, 0xac,
                                               0x02, 0x2a, 0x12, 0x0a, 0x10, 0x0a, 0x09, 'v',  'a',  'l',  'i',
                                               'd',  '/',  'a',  'u',  'c',  0x15, 0,    0,    0,    0x3f};

static void emit(RunDir *run, const char *event, const char *json)
{
    Error e = {0};
    Value *fields = json_parse(json, strlen(json), &e);
    CHECK_OK(fields && run_event(run, event, fields, false, &e), e);
}

static void check_tensorboard(void)
{
    Error e = {0};
    char *path = io_join(test_directory(), "run");
    RunDir *run = run_create(path, "train", "run", &e);
    CHECK(run != NULL);
    emit(run, "start", "{\"step\":0}");
    emit(run, "epoch", "{\"step\":300,\"epoch\":1,\"m\":{\"valid.auc\":0.5}}");
    run_close(run);
    Tail *t = tail_open(path, &e);
    tail_poll(t, true, &e);
    t->started = 1795806300.5; /* the events carry the time of this test */
    value_set((Value *)(uintptr_t)t->last_epoch, "t", value_text("2026-11-27T19:05:01.000Z"));
    Text out = {0}, second = {0};
    tensorboard_write(t, &out);
    tensorboard_frame(second_message, sizeof second_message, &second);
    CHECK_INT(out.size, sizeof first_record + second.size);
    CHECK(memcmp(out.bytes, first_record, sizeof first_record) == 0);
    CHECK(memcmp(out.bytes + sizeof first_record, second.bytes, second.size) == 0);
    text_done(&out);
    text_done(&second);
    tail_free(t);
    mem_free(path);
}

static void check_drawing(void)
{
    double x[] = {1, 2, 3, 4, 5}, y[] = {1, 2, (double)NAN, 2, 1};
    Chart c = {.title = "a<b&\"c\"\x1b[31m", .x_label = "epoch", .width = 400, .height = 200, .count = 1};
    c.series[0] = (ChartSeries){.x = x, .y = y, .count = 5, .name = "s", .decimals = 2};
    Text out = {0};
    chart_svg_write(&c, &out);
    const char *path = strstr(out.bytes, " d=\"");
    size_t moves = 0, lines = 0;
    for (const char *at = path + 4; *at != '"'; at++) {
        moves += *at == 'M';
        lines += *at == 'L';
    }
    CHECK_INT(moves, 2); /* a gap where there is no number */
    CHECK_INT(lines, 2);
    CHECK(strstr(out.bytes, "a&lt;b&amp;&quot;c&quot;") && !strchr(out.bytes, '\x1b'));
    CHECK(strstr(out.bytes, "s 1.00</text>"));
    text_done(&out);
    c.series[0].count = 0; /* nothing to draw is still a drawing */
    chart_svg_write(&c, &out);
    CHECK(text_ends(text_get(&out), "</svg>\n") && !strstr(out.bytes, "nan\"") && !strstr(out.bytes, "inf"));
    text_done(&out);
}

static void check_changes(void)
{
    static const struct {
        const char *before, *after, *changes;
    } rows[] = {
        {"a\nb\nc\n", "a\nb\nc\n", ""}, {"a\nb\nc\n", "a\nB\nc\n", "- 2  b\n+ 2  B"},           {"a\nc\n", "a\nb\nc", "+ 2  b"},
        {"x\na\nb", "a\nb", "- 1  x"},  {"", "a\nb\nc", "+ 1  a\n+ 2  b\n1 more lines differ"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *changes = run_script_changes(rows[i].before, rows[i].after, 2);
        CHECK_TEXT(changes, rows[i].changes);
        mem_free(changes);
    }
}

static Value *parsed(const char *json)
{
    Error e = {0};
    return json_parse(json, strlen(json), &e);
}

static void check_differences(void)
{
    Value *a = parsed("{\"net\":\"4\",\"lr\":\"0.1\",\"seed\":\"7\"}"),
          *b = parsed("{\"net\":\"4\",\"lr\":\"0.2\",\"extra\":\"x\",\"seed\":\"7\"}");
    const Value *both[] = {a, b, a};
    Value *names = run_differences(both, 3), *none = run_differences(both, 1);
    CHECK_INT(names->size, 2);
    CHECK_TEXT(names->items[0]->text, "lr");
    CHECK_TEXT(names->items[1]->text, "extra");
    CHECK_INT(none->size, 0);
    value_free(none);
    value_free(names);
    value_free(a);
    value_free(b);
}

void unit_run_reports(void)
{
    TEST("an event file has the bytes that TensorBoard reads");
    check_tensorboard();
    TEST("a drawing has gaps, is harmless, and stands without data");
    check_drawing();
    TEST("scripts differ by lines");
    check_changes();
    TEST("settings that are the same everywhere are not told");
    check_differences();
}
