/* The other way of faces.h: literals as our own writer writes them, read back from a line of Lua. Nothing runs: there are numbers, texts,
 * tables and lb.NAME {...}, and no other expression. */
#ifndef SPEC_LUA_TEXT_H
#define SPEC_LUA_TEXT_H

#include "base/value.h"
#include "spec/spec.h"

typedef struct LuaText {
    const char *at; /* what is left of the line */
    /* The value of lb.NAME {...}; takes both. NULL with e set: well written, and not known here. */
    Value *(*make)(const char *name, Value *positions, Value *names, Error *e);
    Error unknown; /* the first that make did not know */
    int depth;
} LuaText;

bool lua_text_take(LuaText *t, const char *words); /* these, with any blanks between; false: it goes on otherwise, nothing is taken */
bool lua_text_is_end(LuaText *t);                  /* blanks only */
char *lua_text_name(LuaText *t);                   /* a word; NULL: there is none; the caller owns it */
Value *lua_text_literal(LuaText *t);               /* NULL: it is none */
/* The rest of a table behind its brace, names only: a map; NULL: it is none. is_first: else the next item follows a comma. */
Value *lua_text_items(LuaText *t, bool is_first);

#endif
