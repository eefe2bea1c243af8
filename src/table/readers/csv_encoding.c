/* Which encoding the bytes have: a mark at the start, UTF-8 by its strict form, UTF-16 by its line ends, and otherwise the one in
 * which the text is most plausible: each candidate walks the bytes and gives every character a mark between 0 and 1. Frequent
 * characters of the language weigh most, then the common part of the character set; Latin letters must stand among letters. */
#include <iconv.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "table/readers/csv.h"

enum { SAMPLE = 1 << 15, CODES = 1 << 16, PARTS = 12 };
static const double plausible = 0.4;

typedef struct Part { /* of a two-byte set: leads, trails, how plausible such a character is */
    uint8_t lead, lead_end, trail, trail_end;
    double mark;
} Part;

typedef struct Wide {
    const char *name;
    const char *frequent; /* UTF-8 */
    bool half_katakana;   /* single bytes A1..DF */
    bool four_bytes;      /* GB18030 */
    Part parts[PARTS];    /* the first that fits counts */
} Wide;

#define FREQUENT_HANS \
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那" \
    "得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看" \
    "定天分还进好小" \
    "部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明" \
    "性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产" \
    "或新己制身果" \
    "加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名" \
    "真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量" \
    "再感建务做接必" \
    "场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白" \
    "却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉" \
    "格望觉术领共确" \
    "州京省县男女店号码价城市商北上海广深圳杭武汉南成都重庆天津苏李王张刘陈杨赵黄" \
    "周吴是否"
#define FREQUENT_HANT \
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那" \
    "得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看" \
    "定天分還進好小" \
    "部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明" \
    "性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產" \
    "或新己制身果" \
    "加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名" \
    "真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量" \
    "再感建務做接必" \
    "場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白" \
    "卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉" \
    "格望覺術領共確" \
    "臺灣台北高雄新竹縣鄉鎮號碼男女價店州京省城商港島路街巷李張劉陳楊趙黃周吳林蔡" \
    "是否景點"
#define FREQUENT_JA \
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下" \
    "来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友" \
    "左休父雨" \
    "会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持" \
    "野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終台広住" \
    "無真有口少町料" \
    "工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰古" \
    "歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶" \
    "弟牛魚兄犬妹姉漢" \
    "県市区番号阪横浜名古神奈愛福岡広島札幌仙鈴佐藤田中村井松清林原和第価格比較商" \
    "店数量性" \
    "株式有限資税込個枚歳氏住所郵便町丁職業売益合均率政府経済議党選挙裁判警察米軍" \
    "億兆銀企製品開情報告調査計画実施結果対策関係必要問題可能性場状況参加支援活環" \
    "境安全管理技術基的提供利受付申登録更新確認変削除追表示択設定力寿司刺身鉄線駅" \
    "港際庁課長員部室宅在庫納期単位種類記"
#define FREQUENT_KO \
    "이다는의에을가하고지로기사자리인도한은를서시어수대스나아그정일보해있라들여전" \
    "부조상주공제장아과원비구만와성소동면유마국경오안생내미개세으었게관것무계치진" \
    "위음당모적우연신" \
    "할발선현호트드회실민방행중문재력물용통업단체거학교간물식년월시군구서울부산인" \
    "천광주김이박최정강조윤남녀번호름가격도시명" \
    "분색빨파랑노초록검흰회매품격날짜별온합액량총균점순직급팀여건층읍길번" \
    "코메뉴추천댓글쇼핑폰커피빵옷책배송환불예약입출결석출발완료대기취소확인없있"

static const Wide wides[] = {
    {"gb18030",
     FREQUENT_HANS,
     false,
     true,
     {{0xA1, 0xA3, 0xA1, 0xFE, 0.6},
      {0xA4, 0xA9, 0xA1, 0xFE, 0.05},
      {0xB0, 0xD7, 0xA1, 0xFE, 0.6},
      {0xD8, 0xF7, 0xA1, 0xFE, 0.15},
      {0x81, 0xFE, 0x40, 0x7E, 0.05},
      {0x81, 0xFE, 0x80, 0xFE, 0.05}}},
    {"shift_jis",
     FREQUENT_JA,
     true,
     false,
     {{0x82, 0x82, 0x9F, 0xF1, 1.0},
      {0x83, 0x83, 0x40, 0x7E, 0.9},
      {0x83, 0x83, 0x80, 0x96, 0.9},
      {0x81, 0x82, 0x40, 0x7E, 0.6},
      {0x81, 0x82, 0x80, 0x9E, 0.6},
      {0x81, 0x81, 0x9F, 0xFC, 0.4},
      {0x88, 0x97, 0x40, 0x7E, 0.6},
      {0x88, 0x97, 0x80, 0xFC, 0.6},
      {0x83, 0x84, 0x40, 0xD6, 0.05},
      {0x98, 0x9F, 0x40, 0xFC, 0.1},
      {0xE0, 0xEA, 0x40, 0xFC, 0.1},
      {0xED, 0xFC, 0x40, 0xFC, 0.05}}},
    {"big5",
     FREQUENT_HANT,
     false,
     false,
     {{0xA1, 0xA3, 0x40, 0x7E, 0.6},
      {0xA1, 0xA3, 0xA1, 0xFE, 0.6},
      {0xA4, 0xC6, 0x40, 0x7E, 0.6},
      {0xA4, 0xC6, 0xA1, 0xFE, 0.6},
      {0xC9, 0xF9, 0x40, 0x7E, 0.1},
      {0xC9, 0xF9, 0xA1, 0xFE, 0.1}}},
    {"euc-jp",
     FREQUENT_JA,
     false,
     false,
     {{0xA4, 0xA4, 0xA1, 0xF3, 1.0},
      {0xA5, 0xA5, 0xA1, 0xF6, 0.9},
      {0xA1, 0xA3, 0xA1, 0xFE, 0.55},
      {0xA6, 0xA8, 0xA1, 0xFE, 0.05},
      {0xB0, 0xCF, 0xA1, 0xFE, 0.55},
      {0xD0, 0xF4, 0xA1, 0xFE, 0.1},
      {0x8E, 0x8E, 0xA1, 0xDF, 0.3}}},
    {"euc-kr",
     FREQUENT_KO,
     false,
     false,
     {{0xB0, 0xC8, 0xA1, 0xFE, 0.65},
      {0xA1, 0xA3, 0xA1, 0xFE, 0.5},
      {0xA4, 0xAC, 0xA1, 0xFE, 0.05},
      {0xCA, 0xFD, 0xA1, 0xFE, 0.1},
      {0x81, 0xC6, 0x41, 0xFE, 0.1}}},
};

/* The two-byte codes of the frequent characters. */
static void mark_frequent(const Wide *w, uint8_t *codes)
{
    iconv_t converter = iconv_open(w->name, "UTF-8");
    memset(codes, 0, CODES);
    for (const char *p = w->frequent; converter != (iconv_t)-1 && *p;) {
        uint32_t code;
        char *in = (char *)p, out[8], *to = out;
        size_t size = utf8_decode(p, strlen(p), &code), left = size, room = sizeof out;
        if (iconv(converter, &in, &left, &to, &room) == 0 && to - out == 2)
            codes[(uint8_t)out[0] << 8 | (uint8_t)out[1]] = 1;
        p += size;
    }
    if (converter != (iconv_t)-1)
        iconv_close(converter);
}

/* Bytes of the character at b and its mark; 0: none of this set. */
static size_t wide_character(const Wide *w, const uint8_t *codes, const uint8_t *b, size_t size, double *mark)
{
    *mark = 0.5;
    if (w->half_katakana && b[0] >= 0xA1 && b[0] <= 0xDF)
        return 1;
    *mark = 0.05;
    if (w->four_bytes && size >= 4 && b[0] >= 0x81 && b[1] >= 0x30 && b[1] <= 0x39 && b[2] >= 0x81 && b[3] >= 0x30 && b[3] <= 0x39)
        return 4;
    if (size < 2)
        return 0;
    for (size_t i = 0; i < PARTS && w->parts[i].lead; i++) {
        const Part *p = &w->parts[i];
        if (b[0] < p->lead || b[0] > p->lead_end || b[1] < p->trail || b[1] > p->trail_end || b[1] == 0x7F)
            continue;
        *mark = codes[b[0] << 8 | b[1]] ? 1.0 : p->mark;
        return 2;
    }
    return 0;
}

static bool is_ascii_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* A character that ends in an ASCII letter and stands among ASCII letters is rather a Latin letter or sign in a word. */
static double among_letters(const uint8_t *b, size_t size, size_t at, size_t used)
{
    bool before = at > 0 && is_ascii_letter(b[at - 1]), behind = at + used < size && is_ascii_letter(b[at + used]);
    if (used == 1)
        return before || behind ? 0.3 : 1;
    if (used != 2 || !is_ascii_letter(b[at + 1]))
        return 1;
    return before && behind ? 0.3 : before || behind ? 0.6 : 1;
}

static double wide_score(const Wide *w, uint8_t *codes, const uint8_t *b, size_t size)
{
    double sum = 0, mark;
    size_t characters = 0, bad = 0;
    mark_frequent(w, codes);
    for (size_t i = 0; i < size;) {
        if (b[i] < 0x80) {
            i++;
            continue;
        }
        size_t used = wide_character(w, codes, b + i, size - i, &mark);
        bad += used == 0;
        characters += used > 0;
        sum += used ? mark * among_letters(b, size, i, used) : 0;
        i += used ? used : 1;
    }
    return characters ? sum / (double)characters - 5.0 * (double)bad / (double)(characters + bad) : 0;
}

static bool is_latin_letter(uint8_t c)
{
    return (c >= 0xC0 && c != 0xD7 && c != 0xF7) || (c && strchr("\x8A\x8C\x8E\x9A\x9C\x9E\x9F", c));
}

static bool is_latin_sign(uint8_t c)
{
    return c && strchr("\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xA0\xA1\xA3\xA7\xA9\xAA\xAB\xAE\xB0\xB1\xB2\xB3\xB4\xB5\xB7\xBA\xBB\xBC"
                       "\xBD\xBE\xBF\xD7",
                       c);
}

static bool is_small(uint8_t c)
{
    return c >= 0xDF;
}

/* Latin-1 and windows-1252: single letters among ASCII letters, at most two in a row. */
static double latin_mark(const uint8_t *b, size_t size, size_t i, size_t run)
{
    bool near = (i > 0 && is_ascii_letter(b[i - 1])) || (i + run < size && is_ascii_letter(b[i + run]));
    if (run > 2)
        return 0;
    if (run == 2) {
        bool signs = is_latin_sign(b[i]) || is_latin_sign(b[i + 1]), letters = is_latin_letter(b[i]) && is_latin_letter(b[i + 1]);
        bool grows = is_small(b[i]) && !is_small(b[i + 1]);
        return letters && !grows ? (near ? 0.9 : 0.5) : letters || !signs ? 0.1 : 0.4;
    }
    if (is_latin_letter(b[i]))
        return near ? 1.0 : 0.7;
    bool joins = strchr("\x91\x92\x93\x94\x96\x97\xA0\xA1\xAA\xAB\xB4\xB7\xBA\xBB\xBF\xB0\xB2\xB3\xB5\xBD\xA9\xAE\x99", b[i]) && b[i];
    return !is_latin_sign(b[i]) ? 0.1 : !near || joins ? 0.7 : 0.2;
}

static double latin_score(const uint8_t *b, size_t size)
{
    double sum = 0;
    size_t all = 0;
    for (size_t i = 0; i < size; i++) {
        size_t run = 0;
        while (i + run < size && b[i + run] >= 0x80)
            run++;
        if (run == 0)
            continue;
        sum += (double)run * latin_mark(b, size, i, run);
        all += run;
        i += run - 1;
    }
    return all ? sum / (double)all : 0;
}

/* Cyrillic words: small letters behind letters. small: the bit pattern of small letters in the upper half. */
static double cyrillic_score(const uint8_t *b, size_t size, uint8_t small)
{
    double sum = 0;
    size_t all = 0;
    for (size_t i = 0; i < size; i++) {
        if (b[i] < 0x80)
            continue;
        bool letter = b[i] >= 0xC0, is_small = letter && (b[i] & 0xE0) == small;
        bool behind = i > 0 && b[i - 1] >= 0xC0, behind_small = behind && (b[i - 1] & 0xE0) == small;
        bool before = i + 1 < size && b[i + 1] >= 0xC0;
        sum += !letter ? 0 : is_small ? (behind || before ? 0.9 : 0.4) : behind_small ? 0 : before ? 0.8 : 0.3;
        all++;
    }
    return all ? sum / (double)all : 0;
}

/* Whole lines that hold bytes beyond ASCII. */
static size_t collect(const char *bytes, size_t size, uint8_t *out)
{
    size_t used = 0;
    for (size_t i = 0; i < size && used < SAMPLE;) {
        const char *end = memchr(bytes + i, '\n', size - i);
        size_t length = end ? (size_t)(end - bytes) + 1 - i : size - i;
        bool high = false;
        if (length > SAMPLE - used)
            length = SAMPLE - used;
        for (size_t k = 0; k < length && !high; k++)
            high = (uint8_t)bytes[i + k] >= 0x80;
        if (high) {
            memcpy(out + used, bytes + i, length);
            used += length;
        }
        i += length;
    }
    return used;
}

static bool has_controls(const uint8_t *b, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (b[i] >= 0x80 && b[i] < 0xA0)
            return true;
    return false;
}

/* The most plausible of those that are not Unicode; *best: how plausible. */
static const char *most_plausible(const char *bytes, size_t size, double *best)
{
    uint8_t *b = mem_alloc(SAMPLE), *codes = mem_alloc(CODES);
    size_t used = collect(bytes, size, b);
    const char *name = has_controls(b, used) ? "windows-1252" : "latin-1";
    *best = latin_score(b, used);
    for (size_t i = 0; i < sizeof wides / sizeof *wides; i++) {
        double score = wide_score(&wides[i], codes, b, used);
        if (score > *best)
            *best = score, name = wides[i].name;
    }
    double windows = cyrillic_score(b, used, 0xE0), koi = cyrillic_score(b, used, 0xC0);
    if (windows > *best)
        *best = windows, name = "windows-1251";
    if (koi > *best)
        *best = koi, name = "koi8-r";
    mem_free(codes);
    mem_free(b);
    return name;
}

/* Line ends, delimiters and digits stand in every table: as 16-bit units their zero byte tells the order. */
static const char *sniff_utf16(const char *bytes, size_t size)
{
    size_t little = 0, big = 0, zeros = 0, units = (size < SAMPLE ? size : SAMPLE) / 2;
    for (size_t i = 0; i < units; i++) {
        char first = bytes[2 * i], second = bytes[2 * i + 1];
        little += second == 0 && first && strchr("\n\r\t,;|\" ", first);
        big += first == 0 && second && strchr("\n\r\t,;|\" ", second);
        zeros += first == 0 && second == 0;
    }
    if (zeros || little == big)
        return NULL;
    return little > big ? "utf-16le" : "utf-16be";
}

/* UTF-16 of Latin letters is half zeros, and of other letters no UTF-8 or full of control characters: a few zeros in good UTF-8 without
 * such are slips. */
static bool has_slips(const char *bytes, size_t size)
{
    size_t zeros = 0, looked = size < SAMPLE ? size : SAMPLE;
    for (size_t i = 0; i < looked; i++) {
        if (bytes[i] > 0 && bytes[i] < ' ' && !strchr("\n\r\t", bytes[i]))
            return false;
        zeros += bytes[i] == 0;
    }
    return zeros <= looked / 8 && utf8_count(bytes, size).bad == 0;
}

CsvEncoding csv_encoding(const char *bytes, size_t size)
{
    static const struct {
        const char *bytes, *name;
        size_t size;
    } marks[] = {{"\xFF\xFE\0\0", "utf-32le", 4},
                 {"\0\0\xFE\xFF", "utf-32be", 4},
                 {"\xEF\xBB\xBF", "utf-8", 3},
                 {"\xFF\xFE", "utf-16le", 2},
                 {"\xFE\xFF", "utf-16be", 2}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (size >= marks[i].size && memcmp(bytes, marks[i].bytes, marks[i].size) == 0)
            return (CsvEncoding){.name = marks[i].name, .mark = marks[i].size};
    bool wide = memchr(bytes, 0, size < SAMPLE ? size : SAMPLE) && !has_slips(bytes, size);
    const char *units = wide ? sniff_utf16(bytes, size) : NULL;
    if (units)
        return (CsvEncoding){.name = units};
    double best;
    Utf8Count count = utf8_count(bytes, size);
    if (count.bad == 0 || count.good >= 2 * count.bad)
        return (CsvEncoding){.name = "utf-8", .is_clean = count.bad == 0};
    const char *name = most_plausible(bytes, size, &best);
    bool unsure = best < plausible;
    return (CsvEncoding){.name = unsure && count.good > 0 ? "utf-8" : name, .unsure = unsure};
}
