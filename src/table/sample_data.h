/* The sample tables: an invented telecom's customers, with planted dirt. Made of integers and look-up tables only, so that one
 * seed gives the same bytes on every machine. */
#ifndef TABLE_SAMPLE_DATA_H
#define TABLE_SAMPLE_DATA_H

#include <stdint.h>

#include "base/text.h"

enum { SAMPLE_CUSTOMERS = 2000, SAMPLE_MONTHS = 2 };

typedef struct SampleCustomer { /* what is true; dirt is planted when it is written */
    int32_t id;
    bool female, senior, partner, dependents, phone, paperless, churn;
    int internet, contract, payment; /* index of a level */
    int32_t tenure, calls;
    int32_t data;    /* tenths of GB a month */
    int32_t monthly; /* cents */
    int64_t total;   /* cents */
    int32_t minutes[SAMPLE_MONTHS];
    int32_t logit, chance; /* thousandths; of 65,536 */
} SampleCustomer;

void sample_customers(uint64_t seed, SampleCustomer customers[SAMPLE_CUSTOMERS]);
typedef struct SampleData {
    Text churn, usage, readme;
} SampleData;
void sample_data_make(uint64_t seed, SampleData *out);
void sample_data_done(SampleData *data);

#endif
