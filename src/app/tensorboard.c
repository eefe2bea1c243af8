/* Event files. */
#include "app/tensorboard.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"

/* Tags of the messages Event, Summary and Summary.Value: number of the field and its wire type. */
enum {
    EVENT_WALL_TIME = 0x09, /* 1, double */
    EVENT_STEP = 0x10,      /* 2, varint */
    EVENT_VERSION = 0x1a,   /* 3, bytes */
    EVENT_SUMMARY = 0x2a,   /* 5, message */
    SUMMARY_VALUE = 0x0a,   /* 1, message */
    VALUE_TAG = 0x0a,       /* 1, bytes */
    VALUE_SIMPLE = 0x15     /* 2, float */
};

static void add_little(Text *out, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        text_add_char(out, (char)(v >> (8 * i) & 0xff));
}

static void add_varint(Text *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        text_add_char(out, (char)((v & 0x7f) | 0x80));
    text_add_char(out, (char)v);
}

static void add_bytes(Text *out, int tag, const void *bytes, size_t size)
{
    text_add_char(out, (char)tag);
    add_varint(out, size);
    text_add_bytes(out, bytes, size);
}

static void add_double(Text *out, int tag, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    text_add_char(out, (char)tag);
    add_little(out, bits, 8);
}

static void add_float(Text *out, int tag, float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    text_add_char(out, (char)tag);
    add_little(out, bits, 4);
}

static uint32_t masked_crc(const void *bytes, size_t size)
{
    uint32_t crc = crc32c(0, bytes, size);
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

void tensorboard_frame(const void *bytes, size_t size, Text *out)
{
    Text length = {0};
    add_little(&length, size, 8);
    text_add_bytes(out, length.bytes, length.size);
    add_little(out, masked_crc(length.bytes, length.size), 4);
    text_add_bytes(out, bytes, size);
    add_little(out, masked_crc(bytes, size), 4);
    text_done(&length);
}

/* NaN and infinities are texts in JSON, and numbers there. */
static bool number_of(const Value *v, float *out)
{
    static const struct {
        const char *text;
        float value;
    } others[] = {{"nan", NAN}, {"inf", INFINITY}, {"-inf", -INFINITY}};
    if (value_is_number(v)) {
        *out = (float)value_number(v);
        return true;
    }
    for (size_t i = 0; v->type == VALUE_TEXT && i < sizeof others / sizeof *others; i++)
        if (text_equal(v->text, others[i].text)) {
            *out = others[i].value;
            return true;
        }
    return false;
}

static void add_value(Text *summary, const char *name, float x)
{
    Text one = {0};
    char *tag = mem_strdup(name), *dot = strchr(tag, '.');
    if (dot)
        *dot = '/';
    add_bytes(&one, VALUE_TAG, tag, strlen(tag));
    add_float(&one, VALUE_SIMPLE, x);
    add_bytes(summary, SUMMARY_VALUE, one.bytes, one.size);
    mem_free(tag);
    text_done(&one);
}

static void add_epoch(const Value *event, Text *out)
{
    const Value *m = value_get(event, "m"), *rate = value_get(event, "lr");
    Text message = {0}, summary = {0};
    float x;
    for (size_t i = 0; i < value_entries(m); i++)
        if (number_of(m->items[i], &x))
            add_value(&summary, m->keys[i], x);
    if (rate && number_of(rate, &x))
        add_value(&summary, "learning_rate", x);
    add_double(&message, EVENT_WALL_TIME, clock_parse(value_get_text(event, "t", "")));
    text_add_char(&message, EVENT_STEP);
    add_varint(&message, (uint64_t)value_get_int(event, "step", 0));
    add_bytes(&message, EVENT_SUMMARY, text_get(&summary), summary.size);
    tensorboard_frame(message.bytes, message.size, out);
    text_done(&summary);
    text_done(&message);
}

void tensorboard_write(const Tail *t, Text *out)
{
    static const char version[] = "brain.Event:2";
    Text message = {0};
    add_double(&message, EVENT_WALL_TIME, t->started);
    add_bytes(&message, EVENT_VERSION, version, sizeof version - 1);
    tensorboard_frame(message.bytes, message.size, out);
    text_done(&message);
    for (size_t i = 0; i < t->epochs->size; i++)
        add_epoch(t->epochs->items[i], out);
}
