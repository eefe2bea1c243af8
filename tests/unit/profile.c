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
        if (strcmp(p->columns[i].name, name) == 0) return &p->columns[i];
    return NULL;
}

static const Finding *finding(const Profile *p, const char *name, const char *step)
{
    for (size_t i = 0; i < p->findings_count; i++)
        if (text_equal(p->findings[i].column, name) && text_equal(p->findings[i].step, step)) return &p->findings[i];
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
    CHECK_NEAR(x->sd, 4.193248541803041, 1e-14);   /* numpy.std([1, 2, 2, 10], ddof=1) */
    CHECK_NEAR(x->p25, 1.75, 1e-15);               /* numpy.quantile */
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
    } cases[] = { /* scikit-learn roc_auc_score; mutual_info_score, in nats */
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
        CHECK_NEAR(column(p, cases[i].name)->auc, cases[i].auc, 1e-12);
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
    CHECK(finding(p, "customerID", "drop") && finding(p, "TotalCharges", "fill_missing") && finding(p, "TotalCharges", "log1p"));
    CHECK(strstr(finding(p, "TotalCharges", "log1p")->text, "log1p makes it -0.74"));
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
        text_addf(&csv, "u%03d,%s,%d,%d,%s\n", i, plan, i == 9 ? 9999 : 20 + i * 7 % 60, 5, i % 4 ? "no" : "yes");
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
    CHECK(finding(p, "plan", "normalize_text") && strstr(finding(p, "plan", "normalize_text")->text, "\"two  YEAR\" is another spelling of \"Two year\" (6 rows)"));
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

void unit_profile(void)
{
    figures();
    telco();
    findings();
}
