/* What a declared thing looks like. Every step, layer, loss, metric, optimizer, schedule, sampler, reader, writer, plan and command
 * begins with a Spec; every face (Lua, form, help, man page, stubs, JSON, generated tests) reads only that. */
#ifndef SPEC_SPEC_H
#define SPEC_SPEC_H

#include <stdint.h>

#include "base/value.h"

typedef enum FieldType {
    FIELD_FLAG,       /* bool */
    FIELD_INT,        /* int64_t */
    FIELD_REAL,       /* double */
    FIELD_CHOICE,     /* int: index into choices */
    FIELD_TEXT,       /* char *, owned; NULL when not given */
    FIELD_COLUMNS,    /* TextList: an ordered list of selectors: names, "numeric", /regex/, !exclude */
    FIELD_EXPRESSION, /* char *, owned: our vector language */
    FIELD_NUMBERS,    /* NumberList */
    FIELD_TEXTS,      /* TextList of plain texts */
    FIELD_SPEC,       /* SpecUse: one of `family` with its parameters */
    FIELD_SPECS,      /* SpecList: an ordered list of them (the layers of a net) */
    FIELD_VALUE,      /* Value *, owned; NULL when not given: free form (search spaces, learned tables) */
    FIELD_FUNCTION,   /* FunctionUse: a place in a script; runs only through ScriptHost */
    FIELD_OBJECT      /* void *, a reference; NULL when not given: a thing of the kind `object`, shared */
} FieldType;

typedef enum FieldScale { SCALE_LINEAR, SCALE_LOG } FieldScale;

typedef struct NumberList {
    double *items;
    size_t count;
} NumberList;

typedef struct FunctionUse {
    char *script; /* owned */
    int64_t line;
    int64_t reference; /* of the host that made it; 0: not live here */
    int64_t state;     /* reference of what it remembers between calls; 0: nothing is declared */
} FunctionUse;

struct Spec;
typedef struct SpecUse {
    const struct Spec *spec; /* NULL: none */
    void *params;            /* owned */
} SpecUse;

typedef struct SpecList {
    SpecUse *items;
    size_t count;
} SpecList;

/* One parameter, or one thing that fit() learns. Rows end with a row whose name is NULL. */
typedef struct Field {
    const char *name, *doc, *unit;
    FieldType type;
    size_t offset;
    const char *def;           /* default as text, parsed by the type; NULL: required (TEXT "" means none given) */
    double min, max;           /* hard range, refused outside; both 0: none */
    double soft_min, soft_max; /* sensible range: slider and the tuner's default; both 0: none */
    FieldScale scale;
    const char *search;         /* what a study tries when nothing is said: "range" (the sensible one) or a JSON list; NULL: not searched */
    const char *searched_as;    /* of a layer: the name in a space, for all layers of the kind; NULL: cannot be searched by name */
    const char *const *choices; /* CHOICE, and each of TEXTS: ends with NULL */
    const char *family;         /* SPEC, SPECS */
    const ObjectKind *object;   /* OBJECT */
    bool positional;            /* lb.mlp { 128, 128 }: takes the positional part of the table */
    bool names_column;          /* TEXT: the name of a column; VALUE: names of columns, or a map between them */
    bool is_map;                /* VALUE: nothing but a map, whose keys its reader checks */
    const char *lists_as; /* SPECS: a list inside the list becomes this member, with its items as layers; NULL: they lie in the outer one */
    bool of_other;        /* COLUMNS: of another table than the one that the step changes */
    void (*reads)(const Value *v, TextList *columns); /* VALUE: adds the columns that its texts read; NULL: none */
    const struct Field *element; /* VALUE: a list, and each item a list as this row says (TEXTS, NUMBERS); NULL: free form */
    const char *length_of; /* a list: one item for each of this other list of the rows; an empty default may stay empty. Of an element:
                              where the other list is one of lists too, one for each item of its list at the same place */
    const char *not_below; /* NUMBERS: item by item at least those of this other list */
    bool unique;           /* TEXTS, COLUMNS: no text twice */
    bool nullable;         /* of an element: a null is an item too */
    /* Not written where it holds its default, even where all fields are: of fields that came later, so that hashes of older files hold. */
    bool is_sparse;
    const char *when; /* "strategy=constant" or "method=z|iqr": else greyed out, and refused when given */
} Field;

typedef struct Example {
    const char *args;   /* JSON of the parameters */
    const char *input;  /* CSV, or NULL */
    const char *output; /* CSV, or "error: ..." (a substring of the message) */
} Example;

typedef struct Spec {
    const char *name, *doc, *group; /* name: recipe key, Lua name, CLI word; snake_case. doc: one line, <= 72 columns */
    const Field *params;            /* NULL: none */
    size_t params_size;
    const Example *examples; /* end with args NULL; NULL: none */
    size_t examples_count;
    const char *examples_target; /* column of their inputs that is to be predicted; NULL: none */
    const char *const *notes;    /* paragraphs for help and man page; end with NULL */
    const char *plan;            /* of a layer that is a whole net: settings of its training where none are given, JSON; NULL: none */
    /* Parameters as an older version wrote them become those of now, before they are read; NULL: they never changed. */
    void (*renew)(Value *params);
} Spec;

/* A row over a wrong C type does not compile. */
#define FIELD_CHECK(ctype, T, member) \
    (0 * sizeof(struct { \
         _Static_assert(_Generic(((T *)0)->member, ctype : 1, default : 0), "this field needs another C type"); \
         int unused_; \
     }))
#define FIELD_ROW(T, member, ctype, kind) .name = #member, .type = kind, .offset = offsetof(T, member) + FIELD_CHECK(ctype, T, member)
#define FLAG_FIELD(T, member) FIELD_ROW(T, member, bool, FIELD_FLAG)
#define INT_FIELD(T, member) FIELD_ROW(T, member, int64_t, FIELD_INT)
#define REAL_FIELD(T, member) FIELD_ROW(T, member, double, FIELD_REAL)
#define CHOICE_FIELD(T, member) FIELD_ROW(T, member, int, FIELD_CHOICE)
#define TEXT_FIELD(T, member) FIELD_ROW(T, member, char *, FIELD_TEXT)
#define COLUMNS_FIELD(T, member) FIELD_ROW(T, member, TextList, FIELD_COLUMNS)
#define EXPRESSION_FIELD(T, member) FIELD_ROW(T, member, char *, FIELD_EXPRESSION)
#define NUMBERS_FIELD(T, member) FIELD_ROW(T, member, NumberList, FIELD_NUMBERS)
#define TEXTS_FIELD(T, member) FIELD_ROW(T, member, TextList, FIELD_TEXTS)
#define SPEC_FIELD(T, member) FIELD_ROW(T, member, SpecUse, FIELD_SPEC)
#define SPECS_FIELD(T, member) FIELD_ROW(T, member, SpecList, FIELD_SPECS)
#define VALUE_FIELD(T, member) FIELD_ROW(T, member, Value *, FIELD_VALUE)
#define FUNCTION_FIELD(T, member) FIELD_ROW(T, member, FunctionUse, FIELD_FUNCTION)
#define OBJECT_FIELD(T, member, kind) FIELD_ROW(T, member, void *, FIELD_OBJECT), .object = &(kind)

#endif
