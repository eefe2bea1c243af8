#include "base/hash.h"
#include "base/hash_private.h"
#include "tests/unit/test.h"

void unit_hash(void)
{
    char hex[HASH_ROOM], again[HASH_ROOM], text[1000];
    TEST("SHA-256 gives the vectors of FIPS 180-4");
    sha256_hex("", 0, hex);
    CHECK_TEXT(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_hex("abc", 3, hex);
    CHECK_TEXT(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
    CHECK_TEXT(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    Sha256 h;
    sha256_begin(&h);
    memset(text, 'a', sizeof text);
    for (int i = 0; i < 1000; i++)
        sha256_add(&h, text, sizeof text);
    sha256_end(&h, hex);
    CHECK_TEXT(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");

    TEST("SHA-256 does not depend on how the bytes are cut");
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)i;
    sha256_hex(text, 300, hex);
    for (size_t cut = 0; cut <= 300; cut++) {
        sha256_begin(&h);
        sha256_add(&h, text, cut);
        sha256_add(&h, text + cut, 300 - cut);
        sha256_end(&h, again);
        CHECK_TEXT(again, hex);
    }

    TEST("SHA-256 by instructions is SHA-256 by words");
    uint32_t words[8] = {1, 2, 3, 4, 5, 6, 7, 8}, instructions[8];
    memcpy(instructions, words, sizeof words);
    sha256_blocks_by_words(words, (const uint8_t *)text, 15);
    if (sha256_has_instructions()) {
        sha256_blocks_by_instructions(instructions, (const uint8_t *)text, 15);
        CHECK(memcmp(words, instructions, sizeof words) == 0);
    } else {
        test_skip("no SHA instructions");
    }

    TEST("CRC32C gives the vectors of RFC 3720 B.4");
    unsigned char bytes[32] = {0};
    CHECK_INT(crc32c(0, "123456789", 9), 0xe3069283u);
    CHECK_INT(crc32c(0, bytes, 32), 0x8a9136aau);
    memset(bytes, 0xff, 32);
    CHECK_INT(crc32c(0, bytes, 32), 0x62a8ab43u);
    for (int i = 0; i < 32; i++)
        bytes[i] = (unsigned char)i;
    CHECK_INT(crc32c(0, bytes, 32), 0x46dd794eu);
    CHECK_INT(crc32c(crc32c(0, bytes, 11), bytes + 11, 21), 0x46dd794eu);
}
