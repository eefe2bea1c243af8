/* Patterns of file names: {label}_{speaker}_{take}.wav. A piece ends where what stands behind it first comes. */
#include <string.h>

#include "base/mem.h"
#include "table/readers/sounds.h"

static void add_piece(TextList *list, const char *from, const char *to)
{
    char *piece = mem_strndup(from, (size_t)(to - from));
    text_list_add(list, piece);
    mem_free(piece);
}

bool sounds_pattern_parse(const char *text, SoundsPattern *out, Error *e)
{
    *out = (SoundsPattern){0};
    const char *at = text;
    for (const char *open = strchr(at, '{'); open; open = strchr(at, '{')) {
        const char *close = strchr(open, '}');
        if (!close || close == open + 1)
            return error_set(e, ERROR_USAGE, "pattern \"%s\": a column is written {name}", text);
        add_piece(&out->between, at, open);
        char *name = mem_strndup(open + 1, (size_t)(close - open) - 1);
        bool is_new = !text_list_has(&out->names, name);
        text_list_add(&out->names, name);
        mem_free(name);
        if (!is_new)
            return error_set(e, ERROR_USAGE, "pattern \"%s\": a column is there twice", text);
        at = close + 1;
        if (*at == '{')
            return error_set(e, ERROR_USAGE, "pattern \"%s\": something must stand between two columns", text);
    }
    text_list_add(&out->between, at);
    return out->names.count > 0 || error_set(e, ERROR_USAGE, "pattern \"%s\" names no column; write for example %s", text, SOUNDS_PATTERN);
}

bool sounds_pattern_match(const SoundsPattern *p, const char *file, TextList *pieces)
{
    if (!text_starts(file, p->between.items[0]))
        return false;
    file += strlen(p->between.items[0]);
    for (size_t i = 0; i < p->names.count; i++) {
        const char *behind = p->between.items[i + 1];
        bool is_last = i + 1 == p->names.count;
        size_t size = strlen(file), tail = strlen(behind);
        if (size < tail + 1 || (is_last && !text_ends(file, behind)))
            return false;
        const char *end = is_last ? file + size - tail : strstr(file + 1, behind);
        if (!end)
            return false;
        add_piece(pieces, file, end);
        file = end + tail;
    }
    return true;
}

void sounds_pattern_done(SoundsPattern *p)
{
    text_list_done(&p->names);
    text_list_done(&p->between);
}
