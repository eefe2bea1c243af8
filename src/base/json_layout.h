/* How our JSON looks: safe on a terminal, and either without blanks or indented for people. */
#ifndef BASE_JSON_LAYOUT_H
#define BASE_JSON_LAYOUT_H

#include "base/text.h"

/* Adds JSON without blanks. DEL and C1 controls become escapes, bad UTF-8 U+FFFD; pretty: two blanks a level, flat lists on one line. */
void json_layout(const char *json, bool pretty, Text *out);
/* Adds JSON whose texts hold no code point that a terminal would obey or hide: those become escapes, so the data stay what they are. */
void json_escape_hidden(const char *json, Text *out);

#endif
