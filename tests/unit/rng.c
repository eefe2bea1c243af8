#include "base/rng.h"
#include "tests/unit/test.h"

typedef struct PhiloxCase {
    RngKey key;
    uint64_t counter;
    uint32_t out[4];
} PhiloxCase;

/* kat_vectors of Random123 1.14: philox4x32 10. */
static const PhiloxCase philox_cases[] = {
    {{0, 0}, 0, {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}},
    {{UINT64_MAX, UINT64_MAX}, UINT64_MAX, {0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}},
    {{0x299f31d0a4093822u, 0x0370734413198a2eu}, 0x85a308d3243f6a88u, {0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}},
};

static void check_moments(void)
{
    Rng r = rng_begin(rng_key(7, "moments"));
    double uniform = 0, normal = 0, square = 0;
    enum { DRAWS = 40000 };
    for (int i = 0; i < DRAWS; i++) {
        double u = rng_uniform(&r), n = rng_normal(&r);
        CHECK(u >= 0 && u < 1);
        uniform += u;
        normal += n;
        square += n * n;
    }
    CHECK_NEAR(uniform / DRAWS, 0.5, 0.01);
    CHECK_NEAR(normal / DRAWS, 0, 0.03);
    CHECK_NEAR(square / DRAWS, 1, 0.05);
}

static void check_shuffle(void)
{
    uint32_t items[100], seen[100] = {0};
    size_t moved = 0;
    for (uint32_t i = 0; i < 100; i++)
        items[i] = i;
    Rng r = rng_begin(rng_key(1, "shuffle"));
    rng_shuffle(&r, items, 100);
    for (uint32_t i = 0; i < 100; i++) {
        seen[items[i]]++;
        moved += items[i] != i;
    }
    for (int i = 0; i < 100; i++)
        CHECK_INT(seen[i], 1);
    CHECK(moved > 80);
}

void unit_rng(void)
{
    TEST("Philox 4x32-10 gives its published vectors");
    for (size_t i = 0; i < sizeof philox_cases / sizeof *philox_cases; i++) {
        uint32_t out[4];
        rng_block(philox_cases[i].key, philox_cases[i].counter, out);
        for (int k = 0; k < 4; k++)
            CHECK_INT(out[k], philox_cases[i].out[k]);
    }

    TEST("a sequence is a function of key and counter");
    Rng a = rng_begin(rng_key(3, "init")), b = a;
    rng_next(&a);
    b.counter = 1;
    CHECK(rng_next(&a) == rng_next(&b));

    TEST("keys differ by seed, purpose and child");
    Rng keys[4] = {rng_begin(rng_key(3, "init")), rng_begin(rng_key(4, "init")), rng_begin(rng_key(3, "dropout")),
                   rng_begin(rng_child(rng_key(3, "init"), 0))};
    uint64_t first[4];
    for (int i = 0; i < 4; i++)
        first[i] = rng_next(&keys[i]);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++)
            CHECK(first[i] != first[k]);

    TEST("uniform and normal have their moments");
    check_moments();

    TEST("below is in range and reaches every value");
    int counts[3] = {0};
    for (int i = 0; i < 3000; i++)
        counts[rng_below(&a, 3)]++;
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(counts[i], 1000, 120);
    CHECK_INT(rng_below(&a, 1), 0);

    TEST("a shuffle is a permutation");
    check_shuffle();

    TEST("the hash sees length, key and every byte");
    CHECK(rng_hash(1, "a", 1) != rng_hash(1, "a\0", 2));
    CHECK(rng_hash(1, "a", 1) != rng_hash(2, "a", 1));
    CHECK(rng_hash(1, "12345678a", 9) != rng_hash(1, "12345678b", 9));
    CHECK(rng_hash(1, "12345678", 8) == rng_hash(1, "12345678", 8));
}
