/* The one list of foreign kinds of files. */
#include "table/readers/magic.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"

enum { ZIP_LOOK = 4096 };

typedef struct Magic {
    const char *bytes;
    size_t size, at;
    const char *kind, *advice; /* advice: $ stands for the file, @ for the file without its ending */
} Magic;

#define BYTES(text) text, sizeof text - 1

static const Magic kinds[] = {
    {BYTES("PAR1"), 0, "a Parquet file", "duckdb -c \"copy (from '$') to '@.csv'\""},
    {BYTES("ARROW1"), 0, "an Arrow (Feather) file", "python3 -c \"import pandas; pandas.read_feather('$').to_csv('@.csv', index=False)\""},
    {BYTES("FEA1"), 0, "a Feather file", "python3 -c \"import pandas; pandas.read_feather('$').to_csv('@.csv', index=False)\""},
    {BYTES("ORC"), 0, "an ORC file", "python3 -c \"import pandas; pandas.read_orc('$').to_csv('@.csv', index=False)\""},
    {BYTES("Obj\x01"), 0, "an Avro file", "duckdb -c \"install avro; load avro; copy (from read_avro('$')) to '@.csv'\""},
    {BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, "an old Office file (.xls)", "libreoffice --headless --convert-to csv '$'"},
    {BYTES("SQLite format 3"), 0, "an SQLite database", "sqlite3 -header -csv '$' 'select * from TABLE' > '@.csv'"},
    {BYTES("\x89HDF\r\n\x1A\n"), 0, "an HDF5 file", "python3 -c \"import pandas; pandas.read_hdf('$').to_csv('@.csv', index=False)\""},
    {BYTES("\x93NUMPY"), 0, "a NumPy array", "python3 -c \"import numpy; numpy.savetxt('@.csv', numpy.load('$'), delimiter=',')\""},
    {BYTES("MATLAB 5.0 MAT-file"), 0, "a MATLAB file", "write it as text there: writetable(T, '@.csv')"},
    {BYTES("<stata_dta>"), 0, "a Stata file", "python3 -c \"import pandas; pandas.read_stata('$').to_csv('@.csv', index=False)\""},
    {BYTES("$FL2"), 0, "an SPSS file", "python3 -c \"import pandas; pandas.read_spss('$').to_csv('@.csv', index=False)\""},
    {BYTES("\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08"), 12, "a SAS file",
     "python3 -c \"import pandas; pandas.read_sas('$').to_csv('@.csv', index=False)\""},
    {BYTES("RDX"), 0, "an R workspace", "write it as text there: write.csv(x, '@.csv', row.names = FALSE)"},
    {BYTES("X\n\0\0\0"), 0, "an R object (.rds)", "write it as text there: write.csv(readRDS('$'), '@.csv', row.names = FALSE)"},
    {BYTES("\x28\xB5\x2F\xFD"), 0, "packed with zstd", "zstd -d '$'"},
    {BYTES("\xFD"
           "7zXZ\0"),
     0, "packed with xz", "xz -dk '$'"},
    {BYTES("BZh"), 0, "packed with bzip2", "bunzip2 -k '$'"},
    {BYTES("\x04\x22\x4D\x18"), 0, "packed with lz4", "lz4 -d '$'"},
    {BYTES("7z\xBC\xAF\x27\x1C"), 0, "a 7z archive", "7z x '$'"},
    {BYTES("Rar!\x1A\x07"), 0, "a RAR archive", "unrar x '$'"},
    {BYTES("ustar"), 257, "a tar archive", "tar xf '$'"},
    {BYTES("%PDF-"), 0, "a PDF document", "pdftotext -layout '$', or ask its author for the table"},
    {BYTES("\x89PNG\r\n\x1A\n"), 0, "a PNG picture", NULL},
    {BYTES("\xFF\xD8\xFF"), 0, "a JPEG picture", NULL},
    {BYTES("GIF8"), 0, "a GIF picture", NULL},
    {BYTES("AVI "), 8, "a film (AVI)", NULL},
    {BYTES("WEBP"), 8, "a WebP picture", NULL},
    {BYTES("\x7F"
           "ELF"),
     0, "a program", NULL},
    {BYTES("<!DOCTYPE html"), 0, "a web page", "save the table itself, as CSV"},
    {BYTES("<html"), 0, "a web page", "save the table itself, as CSV"},
    {BYTES("<?xml"), 0, "an XML document", "write its records as CSV, for example with xmlstarlet"},
    {BYTES("{\\rtf"), 0, "a text document (RTF)", "save it as plain text"},
};

static bool holds(const uint8_t *bytes, size_t size, const char *word)
{
    size_t length = strlen(word), end = size < ZIP_LOOK ? size : ZIP_LOOK;
    for (size_t i = 0; i + length <= end; i++)
        if (memcmp(bytes + i, word, length) == 0)
            return true;
    return false;
}

static Magic zip_kind(const char *name, const uint8_t *bytes, size_t size)
{
    static const char *const office = "libreoffice --headless --convert-to csv '$'";
    if (text_ends(name, ".xlsx") || text_ends(name, ".xlsm") || holds(bytes, size, "xl/"))
        return (Magic){.kind = "an Excel workbook", .advice = office};
    if (text_ends(name, ".ods") || holds(bytes, size, "opendocument.spreadsheet"))
        return (Magic){.kind = "a spreadsheet (OpenDocument)", .advice = office};
    if (text_ends(name, ".npz"))
        return (Magic){.kind = "an archive of NumPy arrays",
                       .advice = "python3 -c \"import numpy; print(numpy.load('$').files)\" names them"};
    return (Magic){.kind = "a zip archive", .advice = "unzip '$'"};
}

/* Kinds whose first bytes are numbers of their own: pickles, and a JSON head behind its length. */
static Magic odd_kind(const uint8_t *b, size_t size)
{
    uint64_t length = 0;
    for (size_t i = 8; size > 10 && i-- > 0;)
        length = length << 8 | b[i];
    if (size > 10 && length >= 2 && length < (1u << 27) && b[8] == '{' && (b[9] == '"' || b[9] == '}'))
        return (Magic){.kind = "a model (safetensors)", .advice = "limbeck predict '$' applies it to rows"};
    bool pickle = size > 3 && b[0] == 0x80 && b[1] >= 2 && b[1] <= 5 && b[2] && strchr("\x95}](c", b[2]);
    if (!pickle)
        return (Magic){0};
    return (Magic){.kind = "a Python pickle",
                   .advice = "python3 -c \"import pandas; pandas.read_pickle('$').to_csv('@.csv', index=False)\""};
}

static Magic find_kind(const char *name, const uint8_t *bytes, size_t size)
{
    if (size > 4 && (memcmp(bytes, "PK\x03\x04", 4) == 0 || memcmp(bytes, "PK\x05\x06", 4) == 0))
        return zip_kind(name, bytes, size);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (size >= kinds[i].at + kinds[i].size && memcmp(bytes + kinds[i].at, kinds[i].bytes, kinds[i].size) == 0)
            return kinds[i];
    return odd_kind(bytes, size);
}

static void add_advice(Text *out, const char *advice, const char *name)
{
    const char *slash = strrchr(name, '/'), *dot = strrchr(name, '.');
    size_t stem = dot && dot > name && (!slash || dot > slash + 1) ? (size_t)(dot - name) : strlen(name);
    for (const char *p = advice; *p; p++) {
        if (*p == '$')
            text_add(out, name);
        else if (*p == '@')
            text_add_bytes(out, name, stem);
        else
            text_add_char(out, *p);
    }
}

/* "x.parquet": the ending is a word of the kind. */
static bool is_named_so(const Magic *m, const char *name)
{
    enum { SHORTEST = 3 };
    const char *dot = strrchr(name, '.');
    size_t size = dot ? strlen(dot + 1) : 0;
    for (const char *p = m->kind; size >= SHORTEST && *p; p++)
        if (strncasecmp(p, dot + 1, size) == 0)
            return true;
    return false;
}

/* Words may begin like a short mark (ORC, RDX, BZh): what is all text is no foreign file unless its kind is text too. */
static bool is_plain_text(const Magic *m, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < m->size; i++)
        if (m->bytes[i] < ' ' || m->bytes[i] == '<' || m->bytes[i] == '%' || m->bytes[i] == '{')
            return false;
    for (size_t i = 0; i < size && i < ZIP_LOOK; i++)
        if (bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\t')
            return false;
    return m->size > 0;
}

bool magic_check(const char *name, const uint8_t *bytes, size_t size, Error *e)
{
    Magic m = find_kind(name, bytes, size);
    if (!m.kind || (is_plain_text(&m, bytes, size) && !is_named_so(&m, name)))
        return true;
    Text advice = {0};
    if (m.advice)
        add_advice(&advice, m.advice, name);
    error_at(e, ERROR_FAILED, name, 0, 0, "is %s, no table that limbeck reads%s%s", m.kind, m.advice ? "; try: " : "", text_get(&advice));
    text_done(&advice);
    return false;
}
