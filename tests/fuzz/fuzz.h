/* What the fuzzers share: the families announced once, a scratch directory in memory that goes when the process ends, and the one
 * promise that holds everywhere: what is refused is refused with a sentence. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "cli/cli.h"
#include "learn/learn.h"
#include "learn/plans.h"
#include "run/run_log.h"
#include "steps/step.h"
#include "table/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_families(void)
{
    static bool is_ready;
    if (is_ready)
        return;
    is_ready = true;
    families_register();
}

/* The C library loads and leaves a converter with each use, which is most of the time of a small input: these stay. */
static inline void fuzz_hold_encodings(void)
{
    static const char *const names[] = {"BIG5",         "EUC-JP",       "EUC-KR",     "CP949",    "GB18030",  "KOI8-R",
                                        "CP932",        "UTF-16",       "UTF-16BE",   "UTF-16LE", "UTF-32BE", "UTF-32LE",
                                        "WINDOWS-1251", "WINDOWS-1252", "ISO-8859-1", "LATIN1"};
    static iconv_t held[2 * sizeof names / sizeof *names];
    for (size_t i = 0; i < sizeof names / sizeof *names && !held[2 * i]; i++) {
        held[2 * i] = iconv_open("UTF-8", names[i]);
        held[2 * i + 1] = iconv_open(names[i], "UTF-8");
    }
}

static char fuzz_place[64];

static inline void fuzz_leave(void)
{
    Error ignored = {0};
    io_remove_tree(fuzz_place, &ignored);
}

static inline const char *fuzz_directory(void)
{
    if (!fuzz_place[0]) {
        snprintf(fuzz_place, sizeof fuzz_place, "%s/limbeck-fuzz.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        if (!mkdtemp(fuzz_place))
            abort();
        atexit(fuzz_leave);
    }
    return fuzz_place;
}

/* A file of the scratch directory with these bytes; the name is static. */
static inline void fuzz_write(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
        abort();
}

static inline const char *fuzz_file(const char *name, const void *bytes, size_t size)
{
    static char path[160];
    snprintf(path, sizeof path, "%s/%s", fuzz_directory(), name);
    fuzz_write(path, bytes, size);
    return path;
}

static inline void fuzz_check(bool ok, const Error *e)
{
    if (!ok && (e->code == ERROR_NONE || !e->message[0]))
        abort();
}

/* A few rows of each type, for whatever came out of a parser to work on. */
static inline const Table *fuzz_table(void)
{
    static Table *t;
    static const char csv[] =
        "x,y,t,d,b,k\n1,2.5,a,2024-02-29,true,p\n,,,,,q\n-3,1e300,\"b c\",1999-12-31,false,p\n4,0,a,2024-03-01,true,q\n"
        "7,-1.5,\xC3\xA9,1970-01-01,false,r\n1,2.5,a,2024-02-29,true,p\n";
    Error e = {0};
    fuzz_families();
    if (!t && !(t = table_read_bytes(NULL, "sample.csv", (const uint8_t *)csv, sizeof csv - 1, NULL, &e)))
        abort();
    return t;
}

/* Log lines that are JSON maps get their right CRC, so that damage reaches what is behind it; the rest stays as it is. */
static inline void fuzz_seal(const uint8_t *data, size_t size, Text *out)
{
    for (size_t at = 0; at < size;) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t length = end ? (size_t)(end - data) - at : size - at;
        Value *v = json_parse((const char *)data + at, length, NULL);
        if (v && v->type == VALUE_MAP && v->size)
            run_log_seal(v, out);
        else
            text_add_bytes(out, data + at, end ? length + 1 : length);
        value_free(v);
        at += length + 1;
    }
}

#endif
