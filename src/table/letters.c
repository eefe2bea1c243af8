/* Case by simple ranges of code points: each pairs capitals with small letters at a fixed distance. */
#include "table/letters.h"

#include "base/utf8.h"

typedef struct CaseRange {
    uint32_t first, last; /* capitals */
    uint32_t step;        /* 1: a block that is shifted; 2: capital and small letter alternate */
    uint32_t distance;
} CaseRange;

static const CaseRange ranges[] = {
    {'A', 'Z', 1, 32},     {0xC0, 0xD6, 1, 32},   {0xD8, 0xDE, 1, 32},  {0x100, 0x12E, 2, 1},  {0x132, 0x136, 2, 1},
    {0x139, 0x147, 2, 1},  {0x14A, 0x176, 2, 1},  {0x179, 0x17D, 2, 1}, {0x391, 0x3A1, 1, 32}, {0x3A3, 0x3AB, 1, 32},
    {0x410, 0x42F, 1, 32}, {0x400, 0x40F, 1, 80}, {0x460, 0x480, 2, 1},
};

uint32_t letters_lower_code(uint32_t c)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const CaseRange *r = &ranges[i];
        if (c >= r->first && c <= r->last && (c - r->first) % r->step == 0)
            return c + r->distance;
    }
    return c;
}

uint32_t letters_upper_code(uint32_t c)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const CaseRange *r = &ranges[i];
        uint32_t small = c - r->distance;
        if (c >= r->distance && small >= r->first && small <= r->last && (small - r->first) % r->step == 0)
            return small;
    }
    return c;
}

static void map(const char *bytes, size_t size, uint32_t (*change)(uint32_t), Text *out)
{
    for (size_t i = 0; i < size;) {
        uint32_t code;
        size_t used = utf8_decode(bytes + i, size - i, &code);
        uint32_t changed = change(code);
        char room[4];
        if (changed == code)
            text_add_bytes(out, bytes + i, used);
        else
            text_add_bytes(out, room, utf8_encode(changed, room));
        i += used;
    }
}

void letters_lower(const char *bytes, size_t size, Text *out)
{
    map(bytes, size, letters_lower_code, out);
}

void letters_upper(const char *bytes, size_t size, Text *out)
{
    map(bytes, size, letters_upper_code, out);
}

size_t letters_blank(const char *bytes, size_t size)
{
    if (size == 0)
        return 0;
    if (bytes[0] == ' ' || (bytes[0] >= '\t' && bytes[0] <= '\r'))
        return 1;
    uint32_t code;
    size_t used = utf8_decode(bytes, size, &code);
    bool blank = code == 0xA0 || (code >= 0x2000 && code <= 0x200B) || code == 0x202F || code == 0x3000 || code == 0xFEFF;
    return blank ? used : 0;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

const char *letters_trim(const char *bytes, size_t *size)
{
    size_t used;
    while ((used = letters_blank(bytes, *size)) > 0) {
        bytes += used;
        *size -= used;
    }
    while (*size > 0) {
        size_t start = *size - 1;
        while (start > 0 && is_continuation(bytes[start]))
            start--;
        if (letters_blank(bytes + start, *size - start) != *size - start)
            break;
        *size = start;
    }
    return bytes;
}

size_t letters_count(const char *bytes, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < size; n++) {
        uint32_t code;
        i += utf8_decode(bytes + i, size - i, &code);
    }
    return n;
}
