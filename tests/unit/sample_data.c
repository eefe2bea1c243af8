/* The sample tables: the committed bytes come out again, the planted dirt is there, and there is something to learn. */
#include "table/sample_data.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "table/profile.h"
#include "table/reader.h"
#include "tests/unit/test.h"

static void same_bytes(void)
{
    static const struct {
        const char *name, *hash;
    } cases[] = {
        {"churn.csv", "d102f4b4221b7ef7cd667cf03604ed6815599dbb79358f057fd5f3009c3248a1"},
        {"usage.csv", "5ef991daabdf4a12ec2bc07930f7c7a81d9bd88c3faef95483d639fd51787131"},
    };
    TEST("sample data: seed 7 gives the same bytes on every machine");
    SampleData data;
    sample_data_make(7, &data);
    const Text *made[] = {&data.churn, &data.usage};
    for (size_t i = 0; i < 2; i++) {
        char hex[HASH_ROOM];
        sha256_hex(made[i]->bytes, made[i]->size, hex);
        CHECK_TEXT(hex, cases[i].hash);
    }
    SampleData other;
    sample_data_make(8, &other);
    CHECK(strcmp(other.churn.bytes, data.churn.bytes) != 0);
    CHECK(data.churn.size + data.usage.size + data.readme.size < 400000);
    sample_data_done(&other);

    TEST("sample data: the committed files are what the generator writes");
    static const char *const files[] = {"sample_data/churn.csv", "sample_data/usage.csv", "sample_data/README.md"};
    const Text *texts[] = {&data.churn, &data.usage, &data.readme};
    for (size_t i = 0; i < 3; i++) {
        char *bytes = NULL;
        size_t size = 0;
        Error e = {0};
        CHECK_OK(io_read_file(files[i], 0, &bytes, &size, &e), e);
        CHECK(bytes && size == texts[i]->size && memcmp(bytes, texts[i]->bytes, size) == 0);
        mem_free(bytes);
    }
    sample_data_done(&data);
}

static int by_chance(const void *a, const void *b)
{
    const SampleCustomer *x = a, *y = b;
    return (x->logit > y->logit) - (x->logit < y->logit);
}

static void learnable(void)
{
    TEST("sample data: the best possible AUC is near 0.85, about a quarter leave");
    SampleCustomer *customers = mem_alloc(SAMPLE_CUSTOMERS * sizeof *customers);
    sample_customers(7, customers);
    qsort(customers, SAMPLE_CUSTOMERS, sizeof *customers, by_chance);
    double yes = 0, no = 0, won = 0;
    for (int i = 0; i < SAMPLE_CUSTOMERS; i++) {
        if (customers[i].churn)
            won += no;
        yes += customers[i].churn;
        no += !customers[i].churn;
    }
    CHECK_NEAR(won / (yes * no), 0.86, 0.02);
    CHECK_NEAR(yes / SAMPLE_CUSTOMERS, 0.27, 0.03);
    mem_free(customers);
}

static void dirty(void)
{
    TEST("sample data: the profile finds what was planted");
    SampleData data;
    Error e = {0};
    sample_data_make(7, &data);
    Table *t = table_read_bytes(NULL, "churn.csv", (const uint8_t *)data.churn.bytes, data.churn.size, NULL, &e);
    CHECK_OK(t != NULL, e);
    CHECK_INT(t->rows, SAMPLE_CUSTOMERS + 30);
    CHECK_INT(t->columns_count, 16);
    CHECK_INT(table_column(t, "gender")->missing, 25);
    CHECK_INT(table_column(t, "data_gb")->missing, 60);
    CHECK_INT(table_column(t, "payment_method")->missing, 20);
    CHECK(table_column(t, "total_charges")->blanks > 5);
    CHECK_INT(table_column(t, "total_charges")->type, COLUMN_REAL);
    Profile *p = profile_table(NULL, t, "churn", NULL, &e);
    CHECK_OK(p != NULL, e);
    static const char *const expected[][2] = {{"customer_id", "drop"},
                                              {NULL, "drop_duplicates"},
                                              {"contract", "normalize_text"},
                                              {"internet_service", "normalize_text"},
                                              {"monthly_charges", "clip_outliers"},
                                              {"support_calls", "make_missing"},
                                              {"total_charges", "fill_missing"}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        bool found = false;
        for (size_t k = 0; k < p->findings_count; k++)
            found |= text_equal(p->findings[k].column, expected[i][0]) && text_equal(p->findings[k].step, expected[i][1]);
        test_check(found, __FILE__, __LINE__, "finding %zu is missing", i);
    }
    profile_free(p);
    table_unref(t);
    sample_data_done(&data);
}

void unit_sample_data(void)
{
    same_bytes();
    learnable();
    dirty();
}
