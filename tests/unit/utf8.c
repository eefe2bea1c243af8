/* UTF-8: decoding, widths and the sanitizer. */
#include "base/utf8.h"

#include "tests/unit/test.h"

static void check_decoding(void)
{
    char bytes[4];
    uint32_t code;
    TEST("every code point comes back from its bytes");
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        size_t size = utf8_encode(c, bytes);
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        bool good = utf8_decode(bytes, size, &code) == size && code == (surrogate ? 0xFFFD : c);
        test_check(good, __FILE__, __LINE__, "U+%04X came back as U+%04X", (unsigned)c, (unsigned)code);
    }
    TEST("bad bytes are one replacement each");
    const char *const bad[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xFE",
        "\xC3",
        "\xE2\x82",
        "\xF0\x9F\x98",
        "\xC3(",
        "\xE2\x28\xA1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        test_check(utf8_decode(bad[i], strlen(bad[i]), &code) == 1 && code == 0xFFFD, __FILE__, __LINE__, "row %zu was accepted", i);
        CHECK(!utf8_is_valid(bad[i], strlen(bad[i])));
    }
    CHECK(utf8_is_valid("na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x98\x80", 15) && utf8_is_valid("\xEF\xBF\xBD", 3));
}

static void check_widths(void)
{
    TEST("cells: narrow, wide, combining");
    struct {
        uint32_t code;
        int width;
    } const rows[] = {
        {'a', 1},    {' ', 1},    {0xE9, 1},     {0x301, 0},   {0x4E2D, 2}, {0xAC00, 2},  {0x1F600, 2}, {0x20AC, 1},
        {0x200D, 0}, {0x200B, 0}, {0x2588, 1},   {0x28FF, 1},  {0x3000, 2}, {0xFF21, 2},  {0xFF71, 1},  {0, 0},
        {0x1B, 0},   {0x9B, 0},   {0x2026, 1},   {0x1F1E6, 1}, {0x231A, 2}, {0x20000, 2}, {0x3FFFD, 2}, {0x3042, 2},
        {0x0E31, 0}, {0x05D0, 1}, {0x10FFFF, 1}, {0xE0041, 0}, {0xFE0F, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        test_check(utf8_code_width(rows[i].code) == rows[i].width, __FILE__, __LINE__, "U+%04X", (unsigned)rows[i].code);
    }
    for (uint32_t c = 0x4E00; c <= 0x9FFF; c++) {
        test_check(utf8_code_width(c) == 2, __FILE__, __LINE__, "U+%04X", (unsigned)c);
    }
    CHECK_INT(utf8_width("na\xC3\xAFve \xE4\xB8\xAD\xE6\x96\x87"), 10);
    CHECK_INT(utf8_width("e\xCC\x81\xFF"), 2);

    TEST("the prefix that fits keeps glyphs whole");
    CHECK_INT(utf8_fit("\xE4\xB8\xAD\xE6\x96\x87", 3), 3);
    CHECK_INT(utf8_fit("\xE4\xB8\xAD\xE6\x96\x87", 4), 6);
    CHECK_INT(utf8_fit("\xE4\xB8\xAD", 1), 0);
    CHECK_INT(utf8_fit("e\xCC\x81x", 1), 3);
    CHECK_INT(utf8_fit("abc", 9), 3);
    CHECK_INT(utf8_fit("abc", 0), 0);
}

/* What a terminal may be given: printable, no control, no format character, no variation selector. */
static bool is_harmless(const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        uint32_t c;
        size_t used = utf8_decode(text + i, size - i, &c);
        bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || (used == 1 && c == 0xFFFD);
        bool format = c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
                      (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xFE00 && c <= 0xFE0F) ||
                      (c >= 0xE0000 && c <= 0xE0FFF) || (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
        if (control || format) {
            return false;
        }
        i += used;
    }
    return true;
}

static void check_examples(void)
{
    struct {
        const char *in;
        size_t size;
        const char *out;
    } const rows[] = {
        {"plain \xC3\xA9 \xE4\xB8\xAD", 12, "plain \xC3\xA9 \xE4\xB8\xAD"},
        {"a\nb", 3,
         "a\xE2\x90\xA4"
         "b"},
        {"a\0b", 3,
         "a\xE2\x90\x80"
         "b"},
        {"\x1B[31m", 5, "\xE2\x90\x9B[31m"},
        {"\r\t\x7F", 3, "\xE2\x90\x8D\xE2\x90\x89\xE2\x90\xA1"},
        {"\xC2\x9B", 2, "\xEF\xBF\xBD"},
        {"\xFF\xC3", 2, "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xE2\x80\xAE"
         "abc",
         6,
         "\xEF\xBF\xBD"
         "abc"},
        {"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81z", 10, "e\xCC\x81\xCC\x81z"},
        {"\xCC\x81x", 3, "\xE2\x97\x8C\xCC\x81x"},
        {"\xE2\x9D\xA4\xEF\xB8\x8F", 6, "\xE2\x9D\xA4"},
        {"", 0, ""},
    };
    TEST("the sanitizer: examples");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Text t = {0};
        utf8_sanitize(&t, rows[i].in, rows[i].size);
        CHECK_TEXT(text_get(&t), rows[i].out);
        text_done(&t);
    }
}

static void check_every_code(void)
{
    TEST("the sanitizer: every code point and every byte is made harmless and keeps its place");
    Text t = {0};
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char in[6] = "a";
        size_t size = 1 + utf8_encode(c, in + 1);
        in[size++] = 'z';
        text_clear(&t);
        utf8_sanitize(&t, in, size);
        size_t cells = utf8_width(t.bytes);
        test_check(is_harmless(t.bytes, t.size) && t.bytes[0] == 'a' && t.bytes[t.size - 1] == 'z' && cells >= 2 && cells <= 4, __FILE__,
                   __LINE__, "U+%04X", (unsigned)c);
    }
    for (int b = 0; b < 256; b++) {
        char in[3] = {'a', (char)b, 'z'};
        text_clear(&t);
        utf8_sanitize(&t, in, 3);
        test_check(is_harmless(t.bytes, t.size) && utf8_width(t.bytes) == 3, __FILE__, __LINE__, "byte %d", b);
    }
    text_done(&t);
}

static void check_random_bytes(void)
{
    TEST("the sanitizer: random bytes and towers of marks");
    uint64_t state = 7;
    Text t = {0};
    for (int i = 0; i < 20000; i++) {
        char in[24];
        for (size_t k = 0; k < sizeof in; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            in[k] = (char)(state >> 56);
        }
        text_clear(&t);
        utf8_sanitize(&t, in, sizeof in);
        CHECK(is_harmless(t.bytes, t.size) && utf8_is_valid(t.bytes, t.size));
    }
    Text tower = {0};
    text_add(&tower, "a");
    for (int i = 0; i < 1000; i++) {
        text_add(&tower, "\xCC\x81");
    }
    text_clear(&t);
    utf8_sanitize(&t, tower.bytes, tower.size);
    CHECK_INT(t.size, 5);
    text_done(&tower);
    text_done(&t);
}

static void check_lines(void)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", ""},
        {"a\tb\nc", "a\tb\nc"},
        {"a\r\nb\r\n", "a\r\nb\r\n"},
        {"a\rb\n", "a\u240Db\n"},
        {"\r", "\u240D"},
        {"\033[2J\n\n", "\u241B[2J\n\n"},
        {"\xC2\x9B"
         "2J\r\r\n",
         "\uFFFD"
         "2J\u240D\r\n"},
        {"\xFF\n", "\uFFFD\n"},
    };
    TEST("the sanitizer of lines keeps their ends and tabs, and nothing else");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text t = {0};
        utf8_sanitize_lines(&t, rows[i].in, strlen(rows[i].in));
        CHECK_TEXT(text_get(&t), rows[i].out);
        text_done(&t);
    }
}

void unit_utf8(void)
{
    check_lines();
    check_decoding();
    check_widths();
    check_examples();
    check_every_code();
    check_random_bytes();
}
