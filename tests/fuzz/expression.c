/* Expressions of derive and filter: any text gives a column or an error. */
#include <stdlib.h>
#include <string.h>

#include "table/expr.h"
#include "table/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Table *sample(void)
{
    static Table *t;
    static const char csv[] = "x,y,t,d,b\n1,2.5,a,2024-02-29,true\n,,,,\n-3,1e300,\"b c\",1999-12-31,false\n";
    if (!t) {
        Error e = {0};
        registry_add(reader_family());
        t = table_read_bytes(NULL, "sample.csv", (const uint8_t *)csv, sizeof csv - 1, NULL, &e);
    }
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    char *text = mem_strndup((const char *)data, size);
    Expr *x = expr_parse(text, &e);
    Column *c = x ? expr_eval(x, sample(), &e) : NULL;
    if (!c && e.code == ERROR_NONE)
        abort();
    column_unref(c);
    expr_free(x);
    mem_free(text);
    return 0;
}
