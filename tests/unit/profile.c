/* Profiles: figures against numpy's, relation to the target against scikit-learn's, and each finding. */
#include "table/profile.h"

#include "base/mem.h"
#include "table/reader.h"
#include "tests/unit/test.h"

static Table *read_text(const char *csv)
{
    Error e = {0};
    Table *t = table_read_bytes(NULL, "test.csv", (const uint8_t *)csv, strlen(csv), NULL, &e);
    CHECK_OK(t != NULL, e);
    return t;
}

static const ColumnProfile *column(const Profile *p, const char *name)
{
    for (size_t i = 0; i < p->columns_count; i++)
        if (strcmp(p->columns[i].name, name) == 0)
            return &p->columns[i];
    return NULL;
}

static const Finding *finding(const Profile *p, const char *name, const char *step)
{
    for (size_t i = 0; i < p->findings_count; i++)
        if (text_equal(p->findings[i].column, name) && text_equal(p->findings[i].step, step))
            return &p->findings[i];
    return NULL;
}

static void figures(void)
{
    Error e = {0};
    TEST("profile: figures of a small column by hand");
    Table *t = read_text("x,g\n1,a\n2,b\n2,a\n,a\n10,\n");
    Profile *p = profile_table(NULL, t, NULL, NULL, &e);
    CHECK_OK(p != NULL, e);
    const ColumnProfile *x = column(p, "x"), *g = column(p, "g");
    CHECK_INT(x->count, 4);
    CHECK_INT(x->missing, 1);
    CHECK_INT(x->distinct, 3);
    CHECK_NEAR(x->mean, 3.75, 1e-15);
    CHECK_NEAR(x->sd, 4.193248541803041, 1e-14); /* numpy.std([1, 2, 2, 10], ddof=1) */
    CHECK_NEAR(x->p25, 1.75, 1e-15);             /* numpy.quantile */
    CHECK_NEAR(x->p50, 2, 1e-15);
    CHECK_NEAR(x->p75, 4, 1e-15);
    CHECK_TEXT(x->top[0].value, "2");
    CHECK_INT(x->top[0].count, 2);
    CHECK_INT(x->bins[0] + x->bins[3] + x->bins[PROFILE_BINS - 1], 4);
    CHECK_TEXT(g->top[0].value, "a");
    CHECK_TEXT(g->min_text, "a");
    CHECK_TEXT(g->max_text, "b");
    CHECK(isnan(x->auc));
    profile_free(p);
    CHECK(!profile_table(NULL, t, "y", NULL, &e));
    CHECK(strstr(e.message, "no column"));
    e = (Error){0};
    CHECK(!profile_table(NULL, t, "g", "zebra", &e));
    CHECK(strstr(e.message, "zebra"));
    table_unref(t);

    TEST("profile: no rows, nothing but missing cells");
    t = read_text("a,b\n");
    p = profile_table(NULL, t, "b", NULL, &e);
    CHECK(p && p->rows == 0 && p->columns_count == 2);
    profile_free(p);
    table_unref(t);
}

static void telco(void)
{
    static const struct {
        const char *name;
        double auc, nats;
    } cases[] = {
        /* scikit-learn roc_auc_score on rates of the same rows; mutual_info_score, in nats */
        {"gender", 0.5048760595172429, 3.708291440468513e-05},
        {"SeniorCitizen", 0.5629805611173122, 0.010577263953987639},
        {"Partner", 0.5851362938907403, 0.011453657253317845},
        {"Dependents", 0.5851880508026406, 0.014467261139423964},
    };
    Error e = {0};
    TEST("profile: telco-churn as measured with numpy and scikit-learn");
    if (!test_data("telco-churn/Telco-Customer-Churn.csv")) {
        test_skip("telco-churn is not there");
        return;
    }
    Table *t = table_read(NULL, test_data("telco-churn/Telco-Customer-Churn.csv"), NULL, &e);
    CHECK_OK(t != NULL, e);
    Profile *p = profile_table(NULL, t, "Churn", NULL, &e);
    CHECK_OK(p != NULL, e);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ColumnProfile *c = column(p, cases[i].name);
        CHECK_NEAR(c->auc, cases[i].auc, c->type == COLUMN_TEXT ? 2e-3 : 1e-12); /* texts: rates of other rows */
        CHECK_NEAR(column(p, cases[i].name)->mutual_information, cases[i].nats / log(2.0), 1e-12);
    }
    const ColumnProfile *tenure = column(p, "tenure"), *total = column(p, "TotalCharges");
    CHECK_NEAR(tenure->mean, 32.37114865824223, 1e-12);
    CHECK_NEAR(tenure->sd, 24.55948102309446, 1e-12);
    CHECK_NEAR(tenure->skew, 0.2394887299846215, 1e-12);
    CHECK_NEAR(tenure->p25, 9, 0);
    CHECK_NEAR(tenure->p75, 55, 0);
    CHECK_NEAR(tenure->auc, 0.740, 0.0005);
    CHECK_INT(tenure->rates_count, 8);
    CHECK_INT(tenure->rates[0].rows, 862);
    CHECK_INT(tenure->rates[7].rows, 944);
    CHECK_NEAR((double)tenure->rates[0].positives / 862, 0.5835266821345708, 1e-12);
    CHECK_TEXT(tenure->rates[1].label, "3-9");
    CHECK_NEAR(tenure->mutual_information, 0.1034683814, 1e-9);
    CHECK_NEAR(column(p, "Contract")->mutual_information, 0.142, 0.0005);
    CHECK_NEAR(column(p, "Contract")->auc, 0.739, 0.0005);
    CHECK_INT(total->missing, 11);
    CHECK_INT(t->columns[19]->blanks, 11);
    CHECK_INT(total->distinct, 6530);
    CHECK(finding(p, "customerID", "drop") && finding(p, "TotalCharges", "fill_missing"));
    CHECK(!finding(p, "TotalCharges", "log1p")); /* it would turn 0.96 into -0.74 */
    CHECK(finding(p, "Churn", NULL) && strstr(finding(p, "Churn", NULL)->text, "26.5 % Yes: always No scores 73.5 % accuracy"));
    CHECK(column(p, "customerID")->is_id && column(p, "Churn")->is_target);
    profile_free(p);
    table_unref(t);
}

static void findings(void)
{
    Error e = {0};
    TEST("profile: each kind of dirt is found and names its step");
    Text csv = {0};
    text_add(&csv, "id,plan,spend,flat,y\n");
    for (int i = 0; i < 300; i++) {
        const char *plan = i % 50 == 7 ? "two  YEAR" : i % 3 ? "Two year" : "One year";
        text_addf(&csv, "u%03d,%s,%d,%d,%s\n", i, plan, i == 9 ? 7777 : 20 + i * 7 % 60, 5, i % 4 ? "no" : "yes");
    }
    text_add(&csv, "u000,One year,20,5,yes\nu001,Two year,27,5,no\n1,2\n");
    Table *t = read_text(csv.bytes);
    Profile *p = profile_table(NULL, t, "y", NULL, &e);
    CHECK_OK(p != NULL, e);
    CHECK_INT(p->rejects, 1);
    CHECK(finding(p, "id", "drop"));
    CHECK(finding(p, "flat", "drop"));
    CHECK(finding(p, "spend", "clip_outliers"));
    CHECK(finding(p, NULL, "drop_duplicates") && strstr(finding(p, NULL, "drop_duplicates")->text, "2 rows"));
    CHECK(finding(p, "plan", "normalize_text") &&
          strstr(finding(p, "plan", "normalize_text")->text, "\"two  YEAR\" is another spelling of \"Two year\" (6 rows)"));
    CHECK(p->findings[0].mark == 'x' && p->findings[p->findings_count - 1].mark == '*');
    Value *v = profile_to_value(p, t);
    const Value *rejects = value_get(v, "rejects");
    CHECK_INT(rejects->size, 1);
    CHECK_INT(value_get_int(rejects->items[0], "line", 0), 304);
    CHECK_INT(value_get(v, "columns")->size, 5);
    value_free(v);
    Text out = {0};
    profile_print(p, t, &out);
    CHECK(strstr(text_get(&out), "drop_duplicates"));
    text_done(&out);
    profile_free(p);
    table_unref(t);
    text_done(&csv);
}

static Profile *profile_of(const Text *csv, const char *target, Table **t)
{
    Error e = {0};
    *t = read_text(text_get(csv));
    Profile *p = profile_table(NULL, *t, target, NULL, &e);
    CHECK_OK(p != NULL, e);
    return p;
}

static void exact(void)
{
    Text csv = {0};
    Table *t;
    TEST("profile: whole numbers of 19 digits stay apart");
    text_add(&csv, "sim,y\n");
    for (int i = 0; i < 40; i++)
        text_addf(&csv, "%lld,%s\n", 8949020000000000001LL + 2 * i, i < 20 ? "no" : "yes");
    Profile *p = profile_of(&csv, "y", &t);
    const ColumnProfile *c = column(p, "sim");
    Value *v = profile_to_value(p, t), *figures = value_get(v, "columns")->items[0];
    CHECK_INT(c->distinct, 40);
    CHECK_INT(value_get_int(figures, "min", 0), 8949020000000000001LL);
    CHECK_INT(value_get_int(figures, "max", 0), 8949020000000000079LL);
    CHECK_INT(value_get_int(figures, "p50", 0), 8949020000000000040LL);
    CHECK_TEXT(c->top[0].value, "8949020000000000001");
    CHECK_NEAR(c->sd, 23.38090388900024, 1e-12); /* numpy.std(numpy.arange(40) * 2, ddof=1) */
    CHECK_NEAR(c->auc, 1, 0);
    value_free(v);
    profile_free(p);
    table_unref(t);
    text_clear(&csv);

    TEST("profile: moments far from zero, and of numbers beyond the square root of the range");
    text_add(&csv, "far,huge,tiny\n");
    static const double around[] = {-0.002, -0.001, 0, 0.001, 0.002};
    for (int i = 0; i < 5000; i++)
        text_addf(&csv, "%.9f,%de200,%de-200\n", 1e9 + around[i % 5], i % 5, i % 5 + 1);
    p = profile_of(&csv, NULL, &t);
    CHECK_NEAR(column(p, "far")->mean - 1e9, 0, 2e-7);
    CHECK_NEAR(column(p, "far")->sd, 0.0014143550053, 1e-8); /* of the nearest doubles: their spacing is 1.2e-7 */
    CHECK_NEAR(column(p, "huge")->sd / 1e200, 1.4143550053, 1e-9);
    CHECK_NEAR(column(p, "tiny")->sd / 1e-200, 1.4143550053, 1e-9);
    profile_free(p);
    table_unref(t);
    text_clear(&csv);

    TEST("profile: -0.0 is 0.0");
    text_add(&csv, "x,z\n-0.0,a\n0.0,a\n0.5,b\n");
    p = profile_of(&csv, NULL, &t);
    CHECK_INT(column(p, "x")->distinct, 2);
    CHECK(finding(p, NULL, "drop_duplicates") && strstr(finding(p, NULL, "drop_duplicates")->text, "1 row"));
    profile_free(p);
    table_unref(t);
    text_done(&csv);
}

static void odd_cells(void)
{
    Text csv = {0};
    Table *t;
    TEST("profile: one cell of a thousand does not make a coin look like a leak");
    uint64_t h = 7;
    text_add(&csv, "kpi,ref,y\n");
    for (int i = 0; i < 1000; i++) {
        h = h * UINT64_C(6364136223846793005) + 1442695040888963407u;
        char *kpi = i == 500 ? mem_strdup("4x") : text_format("%llu", (unsigned long long)(h >> 44));
        text_addf(&csv, "%s,r%llu,%s\n", kpi, (unsigned long long)(h >> 54) % 500, h >> 63 ? "yes" : "no");
        mem_free(kpi);
    }
    Profile *p = profile_of(&csv, "y", &t);
    const Finding *f = finding(p, "kpi", "cast");
    CHECK(f && strstr(f->text, "1 cell is no number: \"4x\" in row 501"));
    CHECK(f && text_equal(value_get_text(f->params, "to", ""), "int"));
    CHECK(!finding(p, "kpi", "drop"));
    CHECK(column(p, "kpi")->auc > 0.4 && column(p, "kpi")->auc < 0.6);
    CHECK(column(p, "ref")->auc > 0.4 && column(p, "ref")->auc < 0.6);
    CHECK(column(p, "ref")->mutual_information < 0.2);
    profile_free(p);
    table_unref(t);
    text_done(&csv);
}

static void codes(void)
{
    static const char *const cells[] = {"00501", "+49170", "12345678901234567890123", "1-2"};
    TEST("profile: codes that look like numbers stay texts");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        Text csv = {0};
        Table *t;
        text_add(&csv, "x,n\n");
        for (int k = 0; k < 30; k++)
            text_addf(&csv, "%s%d,%d\n", cells[i], k % 3, k);
        Profile *p = profile_of(&csv, NULL, &t);
        CHECK(!finding(p, "x", "cast"));
        profile_free(p);
        table_unref(t);
        text_done(&csv);
    }
}

static void meaning(void)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {{"-3 dB", "3 dB", false},
                 {"1.5", "15", false},
                 {"10.1.11.1", "10.11.1.1", false},
                 {">50K", "<=50K", false},
                 {"C++", "C#", false},
                 {"C++", "C", false},
                 {"A-", "A", false},
                 {"A+", "A", false},
                 {"10-20", "10 20", false},
                 {"5 %", "5", false},
                 {"$5", "5", false},
                 {"1e-5 m", "1e5 m", false},
                 {"- 3 dB", "3 dB", false},
                 {"\u22123 dB", "3 dB", false},
                 {"#1", "1", false},
                 {"Two year", "two  YEAR", true},
                 {"Month-to-month", "month to month", true},
                 {" No", "no", true},
                 {"Covid-19", "covid 19", true},
                 {"north_west", "north-west", true},
                 {"\u22123 dB", "-3 dB", true}};
    TEST("profile: what carries meaning is no spelling");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text csv = {0};
        Table *t;
        text_add(&csv, "x,n\n");
        for (int k = 0; k < 6; k++)
            text_addf(&csv, "\"%s\",%d\nother thing,%d\n", k % 3 ? cases[i].a : cases[i].b, k, k);
        Profile *p = profile_of(&csv, NULL, &t);
        test_check((finding(p, "x", "normalize_text") != NULL) == cases[i].same, __FILE__, __LINE__, "%s and %s", cases[i].a, cases[i].b);
        profile_free(p);
        table_unref(t);
        text_done(&csv);
    }
}

/* Values 10, 11, ... and one more at the end, `times` rows of it. */
static void add_column(Text *csv, double first, double step, const char *odd, int times)
{
    text_add(csv, "x,n\n");
    for (int i = 0; i < 300; i++)
        text_addf(csv, "%g,%d\n", first + step * (i * 7 % 100), i);
    for (int i = 0; i < times; i++)
        text_addf(csv, "%s,%d\n", odd, 300 + i);
}

static void sentinels(void)
{
    static const struct {
        double first, step;
        const char *odd;
        int times;
        bool found;
    } cases[] = {{0, 1, "-999", 1, true}, {0, 1, "9999", 200, true},    {0, 1, "9999", 1, true}, {-20, 0.5, "-99", 2, true},
                 {0, 1, "-1", 60, true},  {5, 1, "-9999", 9, true},     {60, 1, "0", 30, true},  {-50, 1, "-51", 1, false},
                 {0, 1, "100", 5, false}, {0, 1, "99", 3, false},       {-2, 1, "-3", 1, false}, {0, 1, "0", 30, false},
                 {-1, 1, "-1", 1, false}, {-1000, 10, "-999", 1, false}};
    TEST("profile: numbers that stand for no value, at any share");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text csv = {0};
        Table *t;
        add_column(&csv, cases[i].first, cases[i].step, cases[i].odd, cases[i].times);
        Profile *p = profile_of(&csv, NULL, &t);
        test_check((finding(p, "x", "make_missing") != NULL) == cases[i].found, __FILE__, __LINE__, "%s times %d beside %g + %g",
                   cases[i].odd, cases[i].times, cases[i].first, cases[i].step);
        profile_free(p);
        table_unref(t);
        text_done(&csv);
    }
}

static void more_findings(void)
{
    Text csv = {0};
    Table *t;
    TEST("profile: leaks, duplicate keys, words for no value, skew, nearly constant columns");
    text_add(&csv, "id,work,paid,ibu,amount,after,y\n");
    for (int i = 0; i < 400; i++)
        text_addf(&csv, "u%d,%s,%s,%d,%.3f,%d,%s\n", i == 9 ? 8 : i,
                  i % 10 == 3 ? " ?"
                  : i % 2     ? "Private"
                              : "State",
                  i % 7 ? "none" : "card", i % 3 ? 0 : i % 50, exp(i % 97 / 12.0), i % 4 == 0 ? 100 + i : i % 90,
                  i % 4 == 0 ? "yes" : "no");
    Profile *p = profile_of(&csv, "y", &t);
    const Finding *leak = finding(p, "after", "drop"), *word = finding(p, "work", "make_missing"),
                  *level = finding(p, "paid", "make_missing");
    CHECK(leak && leak->is_optional && strstr(leak->text, "AUC 1.000"));
    CHECK(finding(p, "id", "drop_duplicates") && finding(p, "id", "drop_duplicates")->is_optional);
    CHECK(word && !word->is_optional && strstr(word->text, "in 40 rows"));
    CHECK(level && level->is_optional);
    CHECK(finding(p, "amount", "log1p"));
    CHECK(!finding(p, "ibu", "clip_outliers"));
    profile_free(p);
    table_unref(t);
    text_clear(&csv);
    text_add(&csv, "double,price\n");
    for (int i = 0; i < 60; i++)
        text_addf(&csv, "%d.5,%d.25\n", 2 * i, i);
    p = profile_of(&csv, "price", &t);
    CHECK(finding(p, "double", "drop") && strstr(finding(p, "double", "drop")->text, "correlates with price by 1.000"));
    profile_free(p);
    table_unref(t);
    text_done(&csv);
}

/* 40 of 100 rows are yes; of the training rows 10 of 65. */
static void balance(void)
{
    Text csv = {0};
    Error e = {0};
    uint8_t training[100];
    TEST("profile: the share of a class is of the rows that count, and of more classes no single answer is praised");
    text_add(&csv, "x,y,kind\n");
    for (int i = 0; i < 100; i++) {
        training[i] = i >= 30 && i < 100 && !(i >= 40 && i < 50 && i % 2);
        text_addf(&csv, "%d,%s,%s\n", i * 37 % 100, i < 40 ? "yes" : "no", i % 5 == 0 ? "a" : i % 2 ? "b" : "c");
    }
    Table *t = read_text(text_get(&csv));
    Profile *p = profile_table_for(NULL, t, &(ProfileUse){.target = "y", .positive = "yes", .training = training}, &e);
    CHECK_OK(p != NULL, e);
    CHECK(finding(p, "y", NULL) && strstr(finding(p, "y", NULL)->text, "15.4 % yes: always no scores 84.6 % accuracy")); /* 10 of 65 */
    profile_free(p);
    p = profile_table_for(NULL, t, &(ProfileUse){.target = "kind", .positive = "a"}, &e);
    CHECK_OK(p != NULL, e);
    CHECK(finding(p, "kind", NULL) && strstr(finding(p, "kind", NULL)->text, "20.0 % a, the rest") &&
          !strstr(finding(p, "kind", NULL)->text, "accuracy"));
    profile_free(p);
    table_unref(t);
    text_done(&csv);
}

/* Ten rows of each: the form of its first cells, and what the finding says. */
static void disguises(void)
{
    static const struct {
        const char *cells[3], *step, *parameter, *value, *says;
    } cases[] = {
        {{"$1,200.50", "$3", "(7)"}, "parse_number", "decimal", "point", "the text \"$1,200.50\" in row 1 is a number"},
        {{"1.234,5 EUR", "2 EUR", "?"}, "parse_number", "decimal", "comma", "is a number"},
        {{"12 %", "7 %", "9 %"}, "parse_number", "decimal", "point", "is a number"},
        {{"$7", "$1,234", "$2,500"},
         NULL,
         NULL,
         NULL,
         "the text \"$1,234\" in row 2 is a number that can be read two ways: parse_number { decimal = \"point\" or \"comma\" }"},
        {{"31/12/2024", "1/2/2024", "3/4/2024"}, "parse_date", "order", "dmy", "the text \"31/12/2024\" in row 1 is a date"},
        {{"Dec 31, 2024 2:05 PM", "Feb 1, 2024", "Mar 3, 2024"}, "parse_date", "order", "dmy", "is a date"},
        {{"1/2/2024", "3/4/2024", "5/6/2024"}, NULL, NULL, NULL, "can be read two ways: parse_date { order = \"dmy\" or \"mdy\" }"},
        {{"0301234", "0302345", "0 30 45"}, NULL, NULL, NULL, NULL},
        {{"12 kg", "7 kg", "9 kg"}, NULL, NULL, NULL, NULL},
        {{"10.1.11.1", "10.1.11.2", "10.1.11.3"}, NULL, NULL, NULL, NULL},
    };
    TEST("numbers and dates in disguise are found, with the way they are written, or both ways");
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Text csv = {0};
        Table *t;
        text_add(&csv, "x;y\n");
        for (int i = 0; i < 30; i++)
            text_addf(&csv, "%s;%d\n", cases[k].cells[i % 3], i * 7 % 5);
        Profile *p = profile_of(&csv, NULL, &t);
        const Finding *f = NULL;
        for (size_t i = 0; i < p->findings_count; i++)
            if (text_equal(p->findings[i].column, "x") &&
                (strstr(p->findings[i].text, "is a number") || strstr(p->findings[i].text, "is a date")))
                f = &p->findings[i];
        test_check(!f == !cases[k].says && (!f || (strstr(f->text, cases[k].says) && text_equal(f->step, cases[k].step))), __FILE__,
                   __LINE__, "%s: %s -> %s", cases[k].cells[0], f ? f->text : "nothing", f && f->step ? f->step : "no step");
        if (f && f->step)
            CHECK_TEXT(value_get_text(f->params, cases[k].parameter, ""), cases[k].value);
        profile_free(p);
        table_unref(t);
        text_done(&csv);
    }
}

void unit_profile(void)
{
    disguises();
    balance();
    exact();
    odd_cells();
    meaning();
    codes();
    sentinels();
    more_findings();
    figures();
    telco();
    findings();
}
