// CRC-32C (Castagnoli), the checksum of HDFS blocks: by folding with multiplications without carry where the processor has wide ones, with
// its instruction for this checksum where it has that, with a table elsewhere.
#include "checksums.h"

#include <string.h>

static uint32_t table[256];

__attribute__((constructor)) static void make_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x82F63B78u : 0);
        table[byte] = crc;
    }
}

static uint32_t portable(uint32_t crc, const uint8_t *bytes, int64_t count) {
    for (int64_t i = 0; i < count; i++) crc = table[(crc ^ bytes[i]) & 0xFF] ^ (crc >> 8);
    return crc;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("sse4.2"))) static uint32_t hardware(uint32_t crc, const uint8_t *bytes, int64_t count) {
    uint64_t wide = crc;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        wide = _mm_crc32_u64(wide, word);
    }
    crc = (uint32_t)wide;
    for (; count > 0; bytes++, count--) crc = _mm_crc32_u8(crc, *bytes);
    return crc;
}

// Four chunks at once: the instruction takes three cycles but starts one every cycle.
__attribute__((target("sse4.2"))) static int64_t hardware_chunks(
    const uint8_t *bytes, int64_t chunk_count, int64_t chunk_bytes, uint32_t *sums) {
    int64_t chunk = 0;
    if (chunk_bytes % 8) return 0;
    for (; chunk + 4 <= chunk_count; chunk += 4) {
        const uint8_t *start = bytes + chunk * chunk_bytes;
        uint64_t a = 0xFFFFFFFFu, b = a, c = a, d = a;
        for (int64_t i = 0; i < chunk_bytes; i += 8) {
            uint64_t words[4];
            memcpy(&words[0], start + i, 8);
            memcpy(&words[1], start + chunk_bytes + i, 8);
            memcpy(&words[2], start + 2 * chunk_bytes + i, 8);
            memcpy(&words[3], start + 3 * chunk_bytes + i, 8);
            a = _mm_crc32_u64(a, words[0]);
            b = _mm_crc32_u64(b, words[1]);
            c = _mm_crc32_u64(c, words[2]);
            d = _mm_crc32_u64(d, words[3]);
        }
        sums[chunk] = ~(uint32_t)a, sums[chunk + 1] = ~(uint32_t)b;
        sums[chunk + 2] = ~(uint32_t)c, sums[chunk + 3] = ~(uint32_t)d;
    }
    return chunk;
}

static int has_instruction(void) { return __builtin_cpu_supports("sse4.2"); }

// Folding: a polynomial of 128 bits times x^n is, modulo the checksum's, its two halves times x^n and x^(n+64), both reduced before. So the
// bytes so far move past the 64 that follow with two multiplications. Numbers are reflected, which shifts the powers by a bit.
static uint64_t next_64[2], to_last_16[8];
static int can_fold;

static uint32_t reduced_power(int exponent) {
    uint32_t power = 0x80000000u;
    while (exponent-- > 0) power = (power >> 1) ^ (power & 1 ? 0x82F63B78u : 0);
    return power;
}

__attribute__((constructor)) static void make_powers(void) {
    __builtin_cpu_init();
    can_fold = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq") &&
        __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.2");
    next_64[0] = reduced_power(512 + 31);
    next_64[1] = reduced_power(512 - 33);
    for (int part = 0; part < 3; part++) {
        to_last_16[2 * part] = reduced_power(128 * (3 - part) + 31);
        to_last_16[2 * part + 1] = reduced_power(128 * (3 - part) - 33);
    }
}

#define WIDE __attribute__((target("avx512f,avx2,vpclmulqdq,pclmul,sse4.2")))

WIDE static inline __m512i fold(__m512i sum, __m512i powers, __m512i next) {
    return _mm512_ternarylogic_epi64(
        _mm512_clmulepi64_epi128(sum, powers, 0x00), _mm512_clmulepi64_epi128(sum, powers, 0x11), next, 0x96);
}

// Folds four times 16 bytes into the last of them, whose checksum that of all is.
WIDE static inline uint32_t finish(__m512i sum, __m512i powers) {
    __m512i parts = fold(sum, powers, _mm512_maskz_mov_epi64(0xC0, sum));
    __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(parts), _mm512_extracti64x4_epi64(parts, 1));
    __m128i last = _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    uint64_t crc = _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(last));
    return ~(uint32_t)_mm_crc32_u64(crc, (uint64_t)_mm_extract_epi64(last, 1));
}

// Four chunks at once, since a multiplication takes longer than until the next may start.
WIDE static int64_t folded_chunks(const uint8_t *bytes, int64_t chunk_count, int64_t chunk_bytes, uint32_t *sums) {
    int64_t chunk = 0;
    if (chunk_bytes % 64) return 0;
    __m512i step = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)next_64));
    __m512i end = _mm512_loadu_si512(to_last_16);
    __m512i start = _mm512_zextsi128_si512(_mm_cvtsi32_si128(-1));
    for (; chunk + 4 <= chunk_count; chunk += 4) {
        const uint8_t *first = bytes + chunk * chunk_bytes, *second = first + chunk_bytes;
        const uint8_t *third = second + chunk_bytes, *fourth = third + chunk_bytes;
        __m512i a = _mm512_xor_si512(start, _mm512_loadu_si512(first));
        __m512i b = _mm512_xor_si512(start, _mm512_loadu_si512(second));
        __m512i c = _mm512_xor_si512(start, _mm512_loadu_si512(third));
        __m512i d = _mm512_xor_si512(start, _mm512_loadu_si512(fourth));
        for (int64_t i = 64; i < chunk_bytes; i += 64) {
            a = fold(a, step, _mm512_loadu_si512(first + i));
            b = fold(b, step, _mm512_loadu_si512(second + i));
            c = fold(c, step, _mm512_loadu_si512(third + i));
            d = fold(d, step, _mm512_loadu_si512(fourth + i));
        }
        sums[chunk] = finish(a, end), sums[chunk + 1] = finish(b, end);
        sums[chunk + 2] = finish(c, end), sums[chunk + 3] = finish(d, end);
    }
    return chunk;
}
#else
static int can_fold = 0;
static int64_t folded_chunks(const uint8_t *bytes, int64_t chunk_count, int64_t chunk_bytes, uint32_t *sums) {
    return 0;
}
static uint32_t hardware(uint32_t crc, const uint8_t *bytes, int64_t count) { return portable(crc, bytes, count); }
static int64_t hardware_chunks(const uint8_t *bytes, int64_t chunk_count, int64_t chunk_bytes, uint32_t *sums) {
    return 0;
}
static int has_instruction(void) { return 0; }
#endif

uint32_t honey_crc32c(uint32_t crc, const uint8_t *bytes, int64_t count) {
    return ~(has_instruction() ? hardware(~crc, bytes, count) : portable(~crc, bytes, count));
}

void honey_crc32c_chunks(const uint8_t *bytes, int64_t count, int64_t chunk_bytes, uint32_t *sums) {
    int64_t whole = count / chunk_bytes;
    int64_t chunk = 0;
    if (can_fold) chunk = folded_chunks(bytes, whole, chunk_bytes, sums);
    if (chunk == 0 && has_instruction()) chunk = hardware_chunks(bytes, whole, chunk_bytes, sums);
    for (; chunk * chunk_bytes < count; chunk++) {
        int64_t left = count - chunk * chunk_bytes;
        sums[chunk] = honey_crc32c(0, bytes + chunk * chunk_bytes, left < chunk_bytes ? left : chunk_bytes);
    }
}
