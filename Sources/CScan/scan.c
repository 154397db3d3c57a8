#include "levels.h"

// Portable C: compilers turn the comparison into whatever vectors the machine has.
static inline uint64_t equal_bytes(const uint8_t *bytes, uint8_t byte) {
    uint64_t mask = 0;
    for (int index = 0; index < 64; index++) mask |= (uint64_t)(bytes[index] == byte) << index;
    return mask;
}

static inline void append_bits(int32_t *positions, uint64_t mask, int32_t base) {
    while (mask != 0) {
        *positions++ = base + (int32_t)__builtin_ctzll(mask);
        mask &= mask - 1;
    }
}

typedef const uint8_t *block_portable;
#define TARGET
#define NAME(x) x##_portable
static inline block_portable load_portable(const uint8_t *bytes) { return bytes; }
static inline uint64_t equal_portable(block_portable block, uint8_t byte) { return equal_bytes(block, byte); }
static inline void append_portable(int32_t *positions, uint64_t mask, int32_t base) {
    append_bits(positions, mask, base);
}
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

// SSE2: every x86-64 has it.
typedef struct { __m128i part[4]; } block_sse2;
#define TARGET
#define NAME(x) x##_sse2
static inline block_sse2 load_sse2(const uint8_t *bytes) {
    block_sse2 block;
    for (int index = 0; index < 4; index++) block.part[index] = _mm_loadu_si128((const __m128i *)bytes + index);
    return block;
}
static inline uint64_t equal_sse2(block_sse2 block, uint8_t byte) {
    const __m128i wanted = _mm_set1_epi8((char)byte);
    uint64_t mask = 0;
    for (int index = 0; index < 4; index++) {
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block.part[index], wanted)) << (16 * index);
    }
    return mask;
}
static inline void append_sse2(int32_t *positions, uint64_t mask, int32_t base) { append_bits(positions, mask, base); }
#include "kernels.h"

typedef struct { __m256i low, high; } block_avx2;
#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
#define NAME(x) x##_avx2
TARGET static inline block_avx2 load_avx2(const uint8_t *bytes) {
    block_avx2 block = {_mm256_loadu_si256((const __m256i *)bytes), _mm256_loadu_si256((const __m256i *)bytes + 1)};
    return block;
}
TARGET static inline uint64_t equal_avx2(block_avx2 block, uint8_t byte) {
    const __m256i wanted = _mm256_set1_epi8((char)byte);
    uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.low, wanted));
    uint64_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.high, wanted));
    return low | high << 32;
}
TARGET static inline void append_avx2(int32_t *positions, uint64_t mask, int32_t base) {
    append_bits(positions, mask, base);
}
#include "kernels.h"

typedef __m512i block_avx512;
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,bmi,bmi2,popcnt,lzcnt")))
#define NAME(x) x##_avx512
TARGET static inline block_avx512 load_avx512(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }
TARGET static inline uint64_t equal_avx512(block_avx512 block, uint8_t byte) {
    return _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8((char)byte));
}
TARGET static inline void append_avx512(int32_t *positions, uint64_t mask, int32_t base) {
    static const uint8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i bits = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(numbers));
    const __m512i bases = _mm512_set1_epi32(base);
    // Sixteen entries are written whatever the mask holds: callers keep that much room.
    _mm512_storeu_si512(positions, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(bits))));
    const int count = (int)__builtin_popcountll(mask);
    if (__builtin_expect(count > 16, 0)) {
        uint8_t rest[64];
        _mm512_storeu_si512(rest, bits);
        for (int index = 16; index < count; index++) positions[index] = base + rest[index];
    }
}
#include "kernels.h"

static int best_level(void) {
    static int known = 0;
    int level = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (level == 0) {
        __builtin_cpu_init();
        level = honey_level_sse2;
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) level = honey_level_avx2;
        if (level == honey_level_avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") &&
            __builtin_cpu_supports("avx512vbmi2")) {
            level = honey_level_avx512;
        }
        __atomic_store_n(&known, level, __ATOMIC_RELAXED);
    }
    return level;
}

int honey_usable_level(int level) {
    int best = best_level();
    return level == honey_level_best || level > best ? best : level;
}
#endif

int64_t honey_scan_lines(const uint8_t *bytes, int64_t from, int64_t to, uint8_t delimiter, honey_fields *fields) {
#define CALL(suffix) scan_lines##suffix(bytes, from, to, delimiter, fields)
    DISPATCH(fields->level, CALL)
#undef CALL
}

int64_t honey_scan_delimiters(
    const uint8_t *bytes, int64_t from, int64_t to, uint8_t delimiter, int32_t *positions, int32_t level) {
#define CALL(suffix) scan_delimiters##suffix(bytes, from, to, delimiter, positions)
    DISPATCH(level, CALL)
#undef CALL
}

int64_t honey_count_line_ends(const uint8_t *bytes, int64_t from, int64_t to, int32_t level) {
#define CALL(suffix) count_line_ends##suffix(bytes, from, to)
    DISPATCH(level, CALL)
#undef CALL
}
