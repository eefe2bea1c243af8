/* Keys by name, and .keys files: the sessions that tests and demonstrations replay. */
#include "tui/key.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

static const struct KeyName {
    const char *name;
    Key key;
} names[] = {
    /* the first name of a key is the one we write */
    {"Enter", {KEYS_ENTER, 0}},
    {"Esc", {KEYS_ESCAPE, 0}},
    {"Tab", {KEYS_TAB, 0}},
    {"S-Tab", {KEYS_BACKTAB, 0}},
    {"Backspace", {KEYS_BACKSPACE, 0}},
    {"Delete", {KEYS_DELETE, 0}},
    {"Up", {KEYS_UP, 0}},
    {"Down", {KEYS_DOWN, 0}},
    {"Left", {KEYS_LEFT, 0}},
    {"Right", {KEYS_RIGHT, 0}},
    {"Home", {KEYS_HOME, 0}},
    {"End", {KEYS_END, 0}},
    {"PgUp", {KEYS_PAGE_UP, 0}},
    {"PgDn", {KEYS_PAGE_DOWN, 0}},
    {"Space", {KEYS_CHAR, ' '}},
    {"Resize", {KEYS_RESIZE, 0}},
    {"EOF", {KEYS_EOF, 0}},
    {"Paste", {KEYS_PASTE, 0}},
    {"CR", {KEYS_ENTER, 0}},
    {"Return", {KEYS_ENTER, 0}},
    {"Escape", {KEYS_ESCAPE, 0}},
    {"BS", {KEYS_BACKSPACE, 0}},
    {"Del", {KEYS_DELETE, 0}},
    {"PageUp", {KEYS_PAGE_UP, 0}},
    {"PageDown", {KEYS_PAGE_DOWN, 0}},
};
enum { NAMES = sizeof names / sizeof *names };

bool key_equal(Key a, Key b)
{
    return a.code == b.code && a.glyph == b.glyph;
}

const char *key_label(Key key, char out[16])
{
    for (size_t i = 0; i < NAMES; i++) {
        if (key_equal(names[i].key, key)) {
            snprintf(out, 16, "<%s>", names[i].name);
            return out;
        }
    }
    out[0] = '\0';
    if (key.code == KEYS_CHAR)
        out[utf8_encode(key.glyph, out)] = '\0';
    if (key.code == KEYS_CONTROL)
        snprintf(out, 16, "<C-%c>", (char)key.glyph);
    if (key.code == KEYS_FUNCTION)
        snprintf(out, 16, "<F%d>", (int)(key.glyph % 100));
    return out;
}

static bool parse_named(const char *name, size_t size, Key *out)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (strlen(names[i].name) == size && memcmp(names[i].name, name, size) == 0) {
            *out = names[i].key;
            return true;
        }
    }
    if (size == 3 && name[0] == 'C' && name[1] == '-' && name[2] > ' ' && name[2] < 0x7F) {
        char c = name[2];
        *out = (Key){KEYS_CONTROL, (uint32_t)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c)};
        return true;
    }
    int64_t number;
    if (size >= 2 && name[0] == 'F' && number_parse_int(name + 1, size - 1, &number) && number >= 1 && number <= 24) {
        *out = (Key){KEYS_FUNCTION, (uint32_t)number};
        return true;
    }
    return false;
}

bool key_parse(const char *token, Key *out)
{
    size_t size = strlen(token);
    if (size == 0)
        return false;
    if (size > 2 && token[0] == '<' && token[size - 1] == '>')
        return parse_named(token + 1, size - 2, out);
    uint32_t code;
    if (!utf8_is_valid(token, size) || utf8_decode(token, size, &code) != size || utf8_code_width(code) < 1)
        return false;
    *out = (Key){KEYS_CHAR, code};
    return true;
}

static bool takes_argument(const char *token, const char *word, const char **argument, size_t *size)
{
    size_t head = strlen(word), length = strlen(token);
    if (!text_starts(token, word) || length < head + 2 || token[length - 1] != '>')
        return false;
    *argument = token + head;
    *size = length - head - 1;
    return true;
}

static bool is_file_name(const char *name)
{
    for (const char *c = name; *c; c++) {
        bool fine = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("._-", *c);
        if (!fine)
            return false;
    }
    return *name && *name != '.';
}

/* A pasted text has lines, a token is one line: \n, \t and \\ are written out. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        bool escaped = *from == '\\' && from[1] && strchr("nt\\", from[1]);
        if (escaped)
            from++;
        *to++ = !escaped ? *from : *from == 'n' ? '\n' : *from == 't' ? '\t' : '\\';
    }
    *to = 0;
}

static bool parse_angle(const char *token, KeysStep *out)
{
    static const struct {
        const char *word;
        KeysStepKind kind;
    } words[] = {{"<wait:", KEYS_STEP_WAIT}, {"<snap:", KEYS_STEP_SNAP}, {"<resize:", KEYS_STEP_RESIZE}, {"<paste:", KEYS_STEP_PASTE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *argument;
        size_t size;
        if (takes_argument(token, words[i].word, &argument, &size)) {
            out->kind = words[i].kind;
            out->text = mem_strndup(argument, size);
            if (out->kind == KEYS_STEP_PASTE)
                unescape(out->text);
            return out->kind != KEYS_STEP_SNAP || is_file_name(out->text);
        }
    }
    return false;
}

static bool parse_step(const char *token, KeysStep *out)
{
    if (parse_angle(token, out))
        return true;
    if (text_starts(token, "text:")) {
        out->kind = KEYS_STEP_TEXT;
        out->text = mem_strdup(token + 5);
        return true;
    }
    if (token[0] == ':' && token[1]) {
        out->kind = KEYS_STEP_COMMAND;
        out->text = mem_strdup(token);
        return true;
    }
    out->kind = KEYS_STEP_KEY;
    return key_parse(token, &out->key);
}

static bool parse_line(const char *file, const char *token, KeysStep *step, Error *e)
{
    if (parse_step(token, step))
        return true;
    mem_free(step->text);
    return error_at(
        e, ERROR_USAGE, file, step->line, 0,
        "\"%.60s\" is no key; one token a line: j <Enter> <C-c> text:abc :save x.lua <wait:idle> <snap:name> <resize:80x24> <paste:text>",
        token);
}

bool keys_parse(const char *file, const char *bytes, size_t size, KeysScript *out, Error *e)
{
    *out = (KeysScript){0};
    size_t room = 0, at = 0;
    for (long line = 1; at < size; line++) {
        const char *end = memchr(bytes + at, '\n', size - at);
        size_t length = end ? (size_t)(end - bytes) - at : size - at;
        size_t used = length > 0 && bytes[at + length - 1] == '\r' ? length - 1 : length;
        char *token = mem_strndup(bytes + at, used);
        at += length + 1;
        KeysStep step = {.line = line};
        bool skip = !*token || text_starts(token, "# ");
        bool ok = skip || parse_line(file, token, &step, e);
        mem_free(token);
        if (!ok) {
            keys_done(out);
            return false;
        }
        if (!skip) {
            MEM_GROW(out->steps, out->count, room);
            out->steps[out->count++] = step;
        }
    }
    return true;
}

void keys_done(KeysScript *s)
{
    for (size_t i = 0; i < s->count; i++)
        mem_free(s->steps[i].text);
    mem_free(s->steps);
    *s = (KeysScript){0};
}
