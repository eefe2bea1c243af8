/* Writes the sample tables and says in their README what was planted. */
#include "table/sample_data.h"

#include "base/mem.h"
#include "base/rng.h"

typedef enum Dirt {
    DIRT_NONE,
    DIRT_NO_GENDER,  /* empty cell */
    DIRT_NO_DATA,    /* empty cell */
    DIRT_NO_PAYMENT, /* the word NA */
    DIRT_LOWER,      /* contract "month-to-month" */
    DIRT_SPACED,     /* contract "Month to month" */
    DIRT_FIBER,      /* internet_service "fiber optic" */
    DIRT_CENTS,      /* monthly_charges in cents: 100 times too large */
    DIRT_CALLS,      /* support_calls 99 */
    DIRT_TWICE,      /* the row again, later */
    DIRT_COUNT
} Dirt;

static const int dirt_rows[DIRT_COUNT] = {0, 25, 60, 20, 36, 24, 18, 8, 5, 30};

typedef struct Planted {
    int rows[DIRT_COUNT], blanks, churned;
    uint8_t dirt[SAMPLE_CUSTOMERS];
} Planted;

static const char *const internets[] = {"DSL", "Fiber optic", "No"};
static const char *const contracts[] = {"Month-to-month", "One year", "Two year"};
static const char *const payments[] = {"Electronic check", "Mailed check", "Bank transfer", "Credit card"};

static bool suits(const SampleCustomer *c, Dirt dirt)
{
    switch (dirt) {
    case DIRT_NO_DATA: return c->internet != 2;
    case DIRT_LOWER:
    case DIRT_SPACED: return c->contract == 0;
    case DIRT_FIBER: return c->internet == 1;
    default: return true;
    }
}

/* Each row gets one kind at most, so the counts in the README are exact. */
static void plant(uint64_t seed, const SampleCustomer *customers, Planted *p)
{
    uint32_t order[SAMPLE_CUSTOMERS];
    Rng r = rng_begin(rng_key(seed, "sample dirt"));
    *p = (Planted){0};
    for (uint32_t i = 0; i < SAMPLE_CUSTOMERS; i++)
        order[i] = i;
    rng_shuffle(&r, order, SAMPLE_CUSTOMERS);
    for (int kind = 1; kind < DIRT_COUNT; kind++)
        for (int i = 0; i < SAMPLE_CUSTOMERS && p->rows[kind] < dirt_rows[kind]; i++) {
            uint32_t row = order[i];
            if (p->dirt[row] || customers[row].tenure == 0 || !suits(&customers[row], (Dirt)kind))
                continue;
            p->dirt[row] = (uint8_t)kind;
            p->rows[kind]++;
        }
}

static void add_cents(Text *out, int64_t cents)
{
    text_addf(out, "%lld.%02lld,", (long long)(cents / 100), (long long)(cents % 100));
}

static const char *yes(bool is)
{
    return is ? "Yes" : "No";
}

static void add_customer(Text *out, const SampleCustomer *c, Dirt dirt)
{
    const char *contract = dirt == DIRT_LOWER ? "month-to-month" : dirt == DIRT_SPACED ? "Month to month" : contracts[c->contract];
    text_addf(out, "C%06d,%s,%d,%s,%s,%d,", c->id,
              dirt == DIRT_NO_GENDER ? ""
              : c->female            ? "Female"
                                     : "Male",
              c->senior, yes(c->partner), yes(c->dependents), c->tenure);
    text_addf(out, "%s,%s,%s,%s,%s,", yes(c->phone), dirt == DIRT_FIBER ? "fiber optic" : internets[c->internet], contract,
              yes(c->paperless), dirt == DIRT_NO_PAYMENT ? "NA" : payments[c->payment]);
    add_cents(out, (int64_t)c->monthly * (dirt == DIRT_CENTS ? 100 : 1));
    if (c->tenure == 0)
        text_add(out, " ,");
    else
        add_cents(out, c->total);
    text_addf(out, "%d,", dirt == DIRT_CALLS ? 99 : c->calls);
    if (dirt != DIRT_NO_DATA)
        text_addf(out, "%d.%d", c->data / 10, c->data % 10);
    text_addf(out, ",%s\n", yes(c->churn));
}

static void add_churn(Text *out, const SampleCustomer *customers, Planted *p)
{
    int32_t again[SAMPLE_CUSTOMERS];
    int waiting = 0, sent = 0;
    text_add(out, "customer_id,gender,senior_citizen,partner,dependents,tenure,phone_service,internet_service,contract,paperless_billing,"
                  "payment_method,monthly_charges,total_charges,support_calls,data_gb,churn\n");
    for (int32_t i = 0; i < SAMPLE_CUSTOMERS; i++) {
        add_customer(out, &customers[i], (Dirt)p->dirt[i]);
        p->blanks += customers[i].tenure == 0;
        p->churned += customers[i].churn;
        if (p->dirt[i] == DIRT_TWICE)
            again[waiting++] = i;
        if (i % 60 == 59 && sent < waiting)
            add_customer(out, &customers[again[sent++]], DIRT_NONE);
    }
    while (sent < waiting)
        add_customer(out, &customers[again[sent++]], DIRT_NONE);
}

static void add_usage(Text *out, uint64_t seed, const SampleCustomer *customers)
{
    static const char *const months[SAMPLE_MONTHS] = {"2024-05-01", "2024-06-01"};
    Rng r = rng_begin(rng_key(seed, "sample usage"));
    text_add(out, "customer_id,month,minutes,messages\n");
    for (int i = 0; i < SAMPLE_CUSTOMERS; i++)
        for (int m = 0; m < SAMPLE_MONTHS; m++)
            text_addf(out, "C%06d,%s,%d,%d\n", customers[i].id, months[m], customers[i].minutes[m], (int)rng_below(&r, 60));
}

static void add_columns(Text *out)
{
    text_add(out, "## churn.csv: one row per customer\n\n"
                  "| column | what |\n|---|---|\n"
                  "| customer_id | key, joins usage.csv |\n"
                  "| gender, senior_citizen, partner, dependents | who; senior_citizen is 0 or 1, the others words |\n"
                  "| tenure | months as a customer, 0 to 72 |\n"
                  "| phone_service, internet_service, contract | what they bought |\n"
                  "| paperless_billing, payment_method | how they pay |\n"
                  "| monthly_charges, total_charges | last bill, all bills |\n"
                  "| support_calls | calls to support in the last half-year |\n"
                  "| data_gb | data used a month |\n"
                  "| churn | Yes: left in the next month (the target) |\n\n");
}

static void add_readme(Text *out, const Planted *p, uint64_t seed)
{
    text_addf(out,
              "# Sample data\n\nAn invented telecom, written by `limbeck sample-data sample_data` with seed %llu: the same bytes on every\n"
              "machine. Nobody in it exists.\n\n",
              (unsigned long long)seed);
    add_columns(out);
    text_addf(out, "%d customers, %d rows, %d of the customers leave.\n\n", SAMPLE_CUSTOMERS, SAMPLE_CUSTOMERS + p->rows[DIRT_TWICE],
              p->churned);
    text_add(out, "### What was planted\n\nA customer has at most one of these.\n\n| rows | column | dirt |\n|---|---|---|\n");
    text_addf(out, "| %d | gender | empty |\n", p->rows[DIRT_NO_GENDER]);
    text_addf(out, "| %d | data_gb | empty |\n", p->rows[DIRT_NO_DATA]);
    text_addf(out, "| %d | payment_method | the word NA |\n", p->rows[DIRT_NO_PAYMENT]);
    text_addf(out, "| %d | total_charges | a single blank; tenure is 0: not yet billed |\n", p->blanks);
    text_addf(out, "| %d | contract | \"month-to-month\" for \"Month-to-month\" |\n", p->rows[DIRT_LOWER]);
    text_addf(out, "| %d | contract | \"Month to month\" for \"Month-to-month\" |\n", p->rows[DIRT_SPACED]);
    text_addf(out, "| %d | internet_service | \"fiber optic\" for \"Fiber optic\" |\n", p->rows[DIRT_FIBER]);
    text_addf(out, "| %d | monthly_charges | in cents: 100 times too large |\n", p->rows[DIRT_CENTS]);
    text_addf(out, "| %d | support_calls | 99 |\n", p->rows[DIRT_CALLS]);
    text_addf(out, "| %d | all | the row is repeated further down |\n\n", p->rows[DIRT_TWICE]);
    text_add(out,
             "Leaving follows a logistic rule: contract, tenure, line, payment and calls add up; heavy use on DSL, little use on fiber, a\n"
             "high bill for a new customer, and calls of lone seniors or bound customers count only in combination.\n\n"
             "## usage.csv: two rows per customer\n\n"
             "customer_id, month (first day), minutes and messages. Minutes fall for some who are about to leave: the change\n"
             "between the two months is worth a column. Messages tell nothing.\n");
}

void sample_data_make(uint64_t seed, SampleData *out)
{
    SampleCustomer *customers = mem_alloc(SAMPLE_CUSTOMERS * sizeof *customers);
    Planted *planted = MEM_NEW(Planted);
    *out = (SampleData){{0}, {0}, {0}};
    sample_customers(seed, customers);
    plant(seed, customers, planted);
    add_churn(&out->churn, customers, planted);
    add_usage(&out->usage, seed, customers);
    add_readme(&out->readme, planted, seed);
    mem_free(planted);
    mem_free(customers);
}

void sample_data_done(SampleData *data)
{
    text_done(&data->churn);
    text_done(&data->usage);
    text_done(&data->readme);
}
