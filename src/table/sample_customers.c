/* The truth behind the sample tables: who the customers are, and the logistic rule by which they leave. Two effects only show in
 * combinations (heavy use on a slow line; dear and new), so that a net has something to find. */
#include "base/rng.h"
#include "table/sample_data.h"

enum { DSL, FIBER, NO_INTERNET, MONTHLY = 0, ONE_YEAR, TWO_YEARS, ELECTRONIC = 0 };

/* 65,536 / (1 + exp(-x)) for x = -8, -7.75 .. 8. */
static const int32_t logistic[65] = {22,    28,    36,    47,    60,    77,    98,    126,   162,   208,   267,   342,   439,
                                     562,   720,   922,   1179,  1506,  1921,  2446,  3108,  3938,  4971,  6249,  7812,  9702,
                                     11955, 14595, 17625, 21025, 24743, 28693, 32768, 36843, 40793, 44511, 47911, 50941, 53581,
                                     55834, 57724, 59287, 60565, 61598, 62428, 63090, 63615, 64030, 64357, 64614, 64816, 64974,
                                     65097, 65194, 65269, 65328, 65374, 65410, 65438, 65459, 65476, 65489, 65500, 65508, 65514};

static int32_t chance_of(int32_t logit)
{
    int32_t at = logit + 8000;
    if (at <= 0)
        return logistic[0];
    if (at >= 16000)
        return logistic[64];
    int32_t low = logistic[at / 250], high = logistic[at / 250 + 1];
    return low + (high - low) * (at % 250) / 250;
}

static int32_t below(Rng *r, int32_t n)
{
    return (int32_t)rng_below(r, (uint64_t)n);
}

static bool percent(Rng *r, int32_t share)
{
    return below(r, 100) < share;
}

/* Index by cumulative percent, the last one being 100. */
static int pick(Rng *r, const int *cumulative)
{
    int draw = (int)below(r, 100), i = 0;
    while (draw >= cumulative[i])
        i++;
    return i;
}

static void draw_person(Rng *r, SampleCustomer *c)
{
    c->female = percent(r, 50);
    c->senior = percent(r, 17);
    c->partner = percent(r, c->senior ? 55 : 47);
    c->dependents = percent(r, c->senior ? 8 : c->partner ? 48 : 12);
}

static void draw_services(Rng *r, SampleCustomer *c)
{
    static const int internet[] = {36, 79, 100}, contract[] = {54, 76, 100}, payment[] = {34, 56, 78, 100},
                     calls[] = {38, 65, 82, 91, 96, 98, 99, 100};
    c->phone = percent(r, 90);
    c->internet = pick(r, internet);
    c->contract = pick(r, contract);
    c->payment = pick(r, payment);
    c->paperless = percent(r, c->internet == FIBER ? 72 : 48);
    c->calls = pick(r, calls);
    int32_t span = c->contract == MONTHLY ? 48 : 73, a = below(r, span), b = below(r, span);
    c->tenure = c->contract == MONTHLY ? (a < b ? a : b) : c->contract == ONE_YEAR ? (a > b ? a : b) : (a + b + 73) * 72 / 217;
    int32_t use = below(r, 700), skew = below(r, 1000);
    c->data = c->internet == NO_INTERNET ? 0 : 20 + use * skew / 300 + below(r, 150);
}

static void draw_bill(Rng *r, SampleCustomer *c)
{
    static const int32_t lines[] = {2500, 4800, 0};
    c->monthly = 1000 + (c->phone ? 950 : 0) + lines[c->internet] + (c->internet == NO_INTERNET ? 0 : below(r, 2600)) + below(r, 200);
    c->monthly -= c->monthly % 5;
    c->total = (int64_t)c->monthly * c->tenure * (970 + below(r, 60)) / 1000;
}

static int32_t logit_of(const SampleCustomer *c, int32_t decline)
{
    static const int32_t contract[] = {900, -500, -1700}, internet[] = {-150, 650, -600}, payment[] = {500, 0, -150, -200};
    int32_t x = -2500 + contract[c->contract] + internet[c->internet] + payment[c->payment];
    x += 1100 - 1100 * c->tenure / (c->tenure + 12) * 2;
    x += 330 * c->calls + (c->paperless ? 150 : 0) + (c->senior ? 250 : 0) - (c->dependents ? 250 : 0);
    if (c->internet == DSL && c->data > 900)
        x += 2000;
    if (c->internet == FIBER && c->data < 250)
        x += 700;
    if (c->monthly > 8000 && c->tenure < 18)
        x += 800;
    if (c->senior && !c->partner && c->calls >= 2)
        x += 1000;
    if (c->contract != MONTHLY && c->calls >= 3)
        x += 900;
    return x + 12 * decline;
}

/* Minutes of two months: those who decline have begun to use another line. */
static void draw_usage(Rng *r, SampleCustomer *c, int32_t decline)
{
    int32_t base = c->phone ? 60 + below(r, 500) : 0;
    c->minutes[0] = base;
    c->minutes[1] = base * (100 - decline + below(r, 31) - 15) / 100;
    if (c->minutes[1] < 0)
        c->minutes[1] = 0;
}

void sample_customers(uint64_t seed, SampleCustomer customers[SAMPLE_CUSTOMERS])
{
    RngKey key = rng_key(seed, "sample customers");
    for (int32_t i = 0; i < SAMPLE_CUSTOMERS; i++) {
        Rng r = rng_begin(rng_child(key, (uint64_t)i));
        SampleCustomer *c = &customers[i];
        *c = (SampleCustomer){.id = 100000 + i * 37 + below(&r, 37)};
        draw_person(&r, c);
        draw_services(&r, c);
        draw_bill(&r, c);
        int32_t decline = percent(&r, 25) ? below(&r, 90) : 0;
        draw_usage(&r, c, decline);
        c->logit = logit_of(c, decline);
        c->chance = chance_of(c->logit);
        c->churn = below(&r, 65536) < c->chance;
    }
}
