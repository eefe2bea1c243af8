/* The line editor. Text is UTF-8; the caret always stands at a code point. */
#include "tui/input.h"

#include <string.h>

void input_init(Input *in, const char *start)
{
    *in = (Input){.text = mem_strdup(start ? start : "")};
    in->caret = strlen(in->text);
}

void input_done(Input *in)
{
    mem_free(in->text);
    *in = (Input){0};
}

void input_set(Input *in, const char *text)
{
    char *copy = mem_strdup(text ? text : "");
    mem_free(in->text);
    in->text = copy;
    in->caret = strlen(copy);
    in->selected = false;
}

void input_select(Input *in)
{
    in->selected = in->text[0] != 0;
}

static bool is_tail(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t before(const Input *in, size_t at)
{
    if (at > 0)
        at--;
    while (at > 0 && is_tail(in->text[at]))
        at--;
    return at;
}

static size_t after(const Input *in, size_t at)
{
    if (in->text[at])
        at++;
    while (is_tail(in->text[at]))
        at++;
    return at;
}

static void cut(Input *in, size_t from, size_t to)
{
    memmove(in->text + from, in->text + to, strlen(in->text + to) + 1);
    in->caret = from;
}

static void insert_bytes(Input *in, const char *bytes, size_t used)
{
    size_t size = strlen(in->text);
    in->text = mem_realloc(in->text, size + used + 1);
    memmove(in->text + in->caret + used, in->text + in->caret, size - in->caret + 1);
    memcpy(in->text + in->caret, bytes, used);
    in->caret += used;
}

static void insert(Input *in, uint32_t code)
{
    char bytes[4];
    insert_bytes(in, bytes, utf8_encode(code, bytes));
}

static size_t word_before(const Input *in)
{
    size_t at = in->caret;
    while (at > 0 && in->text[at - 1] == ' ')
        at--;
    while (at > 0 && in->text[at - 1] != ' ')
        at--;
    return at;
}

static bool control(Input *in, uint32_t letter)
{
    size_t size = strlen(in->text);
    switch (letter) {
    case 'a': in->caret = 0; return true;
    case 'e': in->caret = size; return true;
    case 'b': in->caret = before(in, in->caret); return true;
    case 'f': in->caret = after(in, in->caret); return true;
    case 'd': cut(in, in->caret, after(in, in->caret)); return true;
    case 'u': cut(in, 0, in->caret); return true;
    case 'k': cut(in, in->caret, size); return true;
    case 'w': cut(in, word_before(in), in->caret); return true;
    default: return false;
    }
}

static bool replaces(Key key)
{
    return key.code == KEYS_CHAR || key.code == KEYS_BACKSPACE || key.code == KEYS_DELETE;
}

static void drop_selected(Input *in)
{
    if (in->selected)
        input_set(in, "");
}

void input_paste(Input *in, const char *text)
{
    Text line = {0};
    size_t size = strlen(text);
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r')) /* the end of a copied line */
        size--;
    for (size_t i = 0; i < size;) {
        uint32_t code;
        char bytes[4];
        size_t used = utf8_decode(text + i, size - i, &code);
        bool second = code == '\n' && i > 0 && text[i - 1] == '\r';
        if (code == '\n' || code == '\r' || code == '\t')
            code = second ? 0 : ' ';
        if (code >= ' ' && utf8_code_width(code) >= 0)
            text_add_bytes(&line, bytes, utf8_encode(code, bytes));
        i += used ? used : 1;
    }
    drop_selected(in);
    insert_bytes(in, text_get(&line), line.size);
    text_done(&line);
}

static bool edit(Input *in, Key key)
{
    switch (key.code) {
    case KEYS_CHAR: insert(in, key.glyph); return true;
    case KEYS_LEFT: return control(in, 'b');
    case KEYS_RIGHT: return control(in, 'f');
    case KEYS_HOME: return control(in, 'a');
    case KEYS_END: return control(in, 'e');
    case KEYS_DELETE: return control(in, 'd');
    case KEYS_BACKSPACE: cut(in, before(in, in->caret), in->caret); return true;
    case KEYS_CONTROL: return control(in, key.glyph);
    default: return false;
    }
}

bool input_key(Input *in, Key key)
{
    bool was_selected = in->selected;
    if (was_selected && replaces(key))
        input_set(in, "");
    in->selected = false;
    if (edit(in, key) || (was_selected && replaces(key)))
        return true;
    in->selected = was_selected; /* not an editing key */
    return false;
}

/* As many code points before the caret as have room, with a cell left for the caret. */
static size_t first_visible(const Input *in, int width)
{
    size_t start = in->caret;
    int cells = 0;
    while (start > 0) {
        uint32_t code;
        size_t at = before(in, start);
        utf8_decode(in->text + at, start - at, &code);
        cells += utf8_code_width(code) > 0 ? utf8_code_width(code) : 0;
        if (cells >= width)
            break;
        start = at;
    }
    return start;
}

void input_paint(Pen *p, int x, int y, int width, const Input *in, bool focused, const char *ghost)
{
    if (width <= 0)
        return;
    pen_fill(p, (Rect){x, y, width, 1}, ROLE_UI_INPUT, ' ');
    pen_ground(p, (Rect){x, y, width, 1}, GROUND_INPUT);
    if (!in->text[0] && ghost)
        pen_text_fit(p, x, y, width, ROLE_UI_INPUT_GHOST, ghost);
    size_t start = focused ? first_visible(in, width) : 0;
    int shown = pen_text_fit(p, x, y, width, ROLE_UI_INPUT, in->text + start);
    if (!focused)
        return;
    if (start) { /* of a glyph of two cells none is left half */
        uint32_t code;
        utf8_decode(in->text + start, strlen(in->text + start), &code);
        pen_fill(p, (Rect){x, y, utf8_code_width(code) > 1 ? 2 : 1, 1}, ROLE_UI_INPUT, ' ');
        pen_glyph(p, x, y, ROLE_UI_INPUT_GHOST, 0x2026);
    }
    if (in->selected)
        pen_ground(p, (Rect){x, y, shown, 1}, GROUND_CELL);
    char *head = mem_strndup(in->text + start, in->caret - start);
    int at = (int)utf8_width(head);
    mem_free(head);
    if (at < width)
        pen_ground(p, (Rect){x + at, y, 1, 1}, GROUND_CELL);
}
