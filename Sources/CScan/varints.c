// Integers of seven bits a byte, the lowest first; the high bit of a byte says that more follow.
//
// One at a time, the next one's place is known only when the bytes here are looked at. So it is asked of 64 bytes at once which of
// them end an integer, and these are then read independently of one another.
#include "levels.h"
#include <string.h>

#define HIGH_BITS 0x8080808080808080ull
#define LOW_BITS 0x7F7F7F7F7F7F7F7Full

static inline int64_t from_zigzag(uint64_t value) { return (int64_t)(value >> 1) ^ -(int64_t)(value & 1); }

/// Has its highest bit set when a value of at most 56 bits is further from 0 than `largest`.
static inline uint64_t beyond(int64_t value, int64_t largest) {
    return ((uint64_t)largest - (uint64_t)value) | ((uint64_t)largest + (uint64_t)value);
}

/// Tells whether a varint takes more than eight bytes, of those that `stops` marks the last byte of; also when it marks none.
static inline int has_long(uint64_t stops) {
    if (stops == 0) return 1;
    uint64_t more = ~stops & (~0ull >> __builtin_clzll(stops));
    more &= more >> 1;
    more &= more >> 2;
    return (more & more >> 4) != 0;
}

#define TARGET
#define NAME(x) x##_portable

static inline uint64_t stops_portable(const uint8_t *bytes) {
    uint64_t stops = 0;
    for (int index = 0; index < 8; index++) {
        uint64_t word;
        memcpy(&word, bytes + 8 * index, sizeof word);
        // The product brings the bits together in the top byte.
        stops |= (((~word & HIGH_BITS) >> 7) * 0x0102040810204080ull >> 56) << (8 * index);
    }
    return stops;
}

/// Keeps the lowest `count` bits that are set.
static inline uint64_t first_portable(uint64_t bits, int count) {
    uint64_t rest = bits;
    while (count-- > 0) rest &= rest - 1;
    return bits ^ rest;
}

/// Tells which bit is set after `index` others.
static inline int select_portable(uint64_t bits, int index) {
    while (index-- > 0) bits &= bits - 1;
    return __builtin_ctzll(bits);
}

/// Pushes the seven low bits of each byte together.
static inline uint64_t pack_portable(uint64_t bits) {
    bits &= LOW_BITS;
    bits = (bits & 0x007F007F007F007Full) | (bits & 0x7F007F007F007F00ull) >> 1;
    bits = (bits & 0x00003FFF00003FFFull) | (bits & 0x3FFF00003FFF0000ull) >> 2;
    return (bits & 0x000000000FFFFFFFull) | (bits & 0x0FFFFFFF00000000ull) >> 4;
}

#include "varints.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Without BMI2 the portable bit tricks are all there is.
#define read_sse2 read_portable
#define pick_sse2 pick_portable
#define skip_sse2 skip_portable

#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
#define NAME(x) x##_avx2

TARGET static inline uint64_t stops_avx2(const uint8_t *bytes) {
    uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_loadu_si256((const __m256i *)bytes));
    uint64_t high = (uint32_t)_mm256_movemask_epi8(_mm256_loadu_si256((const __m256i *)bytes + 1));
    return ~(low | high << 32);
}
TARGET static inline uint64_t first_avx2(uint64_t bits, int count) {
    return count < 64 ? _pdep_u64((1ull << count) - 1, bits) : bits;
}
TARGET static inline int select_avx2(uint64_t bits, int index) {
    return (int)__builtin_ctzll(_pdep_u64(1ull << index, bits));
}
TARGET static inline uint64_t pack_avx2(uint64_t bits) { return _pext_u64(bits, LOW_BITS); }
#include "varints.h"

#define READS_SEVERAL
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt,lzcnt")))
#define NAME(x) x##_avx512

TARGET static inline uint64_t stops_avx512(const uint8_t *bytes) {
    return ~_mm512_movepi8_mask(_mm512_loadu_si512(bytes));
}
#define first_avx512 first_avx2
#define select_avx512 select_avx2
#define pack_avx512 pack_avx2
#include "varints.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt,lzcnt")))

/// Bytes of eight varints each: which byte of a lane it is, and which lane.
static const uint64_t eight_steps = 0x0706050403020100ull;
static const uint8_t lane_numbers[64] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2,
                                         2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5,
                                         5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7};
static const uint8_t byte_numbers[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                         16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                         32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                         48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

TARGET static inline void store_zigzag(int64_t *values, __m512i bits, __m512i *highest) {
    *highest = _mm512_max_epu64(*highest, bits);
    const __m512i sign = _mm512_sub_epi64(_mm512_setzero_si512(), _mm512_and_si512(bits, _mm512_set1_epi64(1)));
    _mm512_storeu_si512(values, _mm512_xor_si512(_mm512_srli_epi64(bits, 1), sign));
}

/// Pushes the seven bits of each byte together, those of two bytes, of four, of eight.
TARGET static inline __m512i pack_pairs(__m512i bits) { return _mm512_maddubs_epi16(_mm512_set1_epi16((short)0x8001), bits); }
TARGET static inline __m512i pack_lanes(__m512i bits) {
    const __m512i quads = _mm512_madd_epi16(pack_pairs(bits), _mm512_set1_epi32(0x40000001));
    const __m512i low = _mm512_and_si512(quads, _mm512_set1_epi64(0xFFFFFFFF));
    return _mm512_or_si512(low, _mm512_slli_epi64(_mm512_srli_epi64(quads, 32), 28));
}

/// Reads the varints that end where `stops` says, eight at once.
TARGET static inline void read_block(
    __m512i block, uint64_t stops, int count, int64_t *values, __m512i *highest) {
    const __m512i numbers = _mm512_loadu_si512(byte_numbers);
    const __m512i bits = _mm512_and_si512(block, _mm512_set1_epi8(0x7F));
    // Lanes past the last varint start after they end, so that they come out as 0.
    const __m512i starts = _mm512_mask_compress_epi8(_mm512_set1_epi8(64), stops << 1 | 1, numbers);
    const __m512i ends = _mm512_maskz_compress_epi8(stops, numbers);
    const __m512i steps = _mm512_set1_epi64((long long)eight_steps);
    __m512i lanes = _mm512_loadu_si512(lane_numbers);
    for (int done = 0; done < count; done += 8) {
        const __m512i places = _mm512_add_epi8(_mm512_permutexvar_epi8(lanes, starts), steps);
        const __mmask64 inside = _mm512_cmple_epu8_mask(places, _mm512_permutexvar_epi8(lanes, ends));
        store_zigzag(values + done, pack_lanes(_mm512_maskz_permutexvar_epi8(inside, places, bits)), highest);
        lanes = _mm512_add_epi8(lanes, _mm512_set1_epi8(8));
    }
}

TARGET static int64_t read_avx512(
    const uint8_t *bytes, int64_t limit, int64_t count, int64_t largest, int64_t *values) {
    const uint8_t *next = bytes;
    __m512i highest = _mm512_setzero_si512();
    while (count > 0) {
        if (next >= bytes + limit) return -1;
        const __m512i block = _mm512_loadu_si512(next);
        uint64_t stops = stops_before_avx512(next, bytes + limit);
        int length = (int)__builtin_popcountll(stops);
        if (length > count) {
            stops = first_avx512(stops, (int)count);
            length = (int)count;
        }
        if (has_long(stops)) return -1;
        // Small integers, and prices, take one byte and two all along.
        if (stops == ~0ull) {
            for (int done = 0; done < 64; done += 8) {
                store_zigzag(
                    values + done, _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(next + done))), &highest);
            }
        } else if (stops == 0xAAAAAAAAAAAAAAAAull) {
            uint16_t pairs[32];
            _mm512_storeu_si512(pairs, pack_pairs(_mm512_and_si512(block, _mm512_set1_epi8(0x7F))));
            for (int done = 0; done < 32; done += 8) {
                store_zigzag(
                    values + done, _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)(pairs + done))), &highest);
            }
        } else {
            read_block(block, stops, length, values, &highest);
        }
        values += length;
        count -= length;
        next += 64 - __builtin_clzll(stops);
    }
    // A bound of n is one of 2 n on the zigzag form.
    return _mm512_cmpgt_epu64_mask(highest, _mm512_set1_epi64(2 * largest)) == 0 ? next - bytes : -1;
}
#undef TARGET
#endif

int64_t honey_read_varints(
    const uint8_t *bytes, int64_t limit, int64_t count, int64_t largest, int64_t *values, int32_t level) {
#define CALL(suffix) read##suffix(bytes, limit, count, largest, values)
    DISPATCH(level, CALL)
#undef CALL
}

int64_t honey_pick_varints(
    const uint8_t *bytes, int64_t limit, const int32_t *rows, int64_t count, int64_t largest, int64_t *values,
    int32_t level) {
#define CALL(suffix) pick##suffix(bytes, limit, rows, count, largest, values)
    DISPATCH(level, CALL)
#undef CALL
}

int64_t honey_skip_varints(const uint8_t *bytes, int64_t limit, int64_t *count, int32_t level) {
#define CALL(suffix) skip##suffix(bytes, limit, count)
    DISPATCH(level, CALL)
#undef CALL
}
