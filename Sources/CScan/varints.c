// Integers of seven bits a byte, two at a time.
#include "CScan.h"
#include <string.h>

#define HIGH_BITS 0x8080808080808080ull
#define LOW_BITS 0x7F7F7F7F7F7F7F7Full

static inline int64_t from_zigzag(uint64_t value) { return (int64_t)(value >> 1) ^ -(int64_t)(value & 1); }

/// Pushes the seven low bits of each byte together.
static inline uint64_t pack_portable(uint64_t bits) {
    bits &= LOW_BITS;
    bits = (bits & 0x007F007F007F007Full) | (bits & 0x7F007F007F007F00ull) >> 1;
    bits = (bits & 0x00003FFF00003FFFull) | (bits & 0x3FFF00003FFF0000ull) >> 2;
    return (bits & 0x000000000FFFFFFFull) | (bits & 0x0FFFFFFF00000000ull) >> 4;
}

// The next place depends on what the bytes here say, so the loop is as slow as finding it: two integers a word halve that.
#define READ_VARINTS(pack)                                                                                              \
    const uint8_t *next = bytes;                                                                                        \
    const uint8_t *end = bytes + limit;                                                                                 \
    int64_t index = 0;                                                                                                  \
    while (index < count) {                                                                                             \
        if (__builtin_expect(next >= end, 0)) return -1;                                                                \
        uint64_t word;                                                                                                  \
        memcpy(&word, next, sizeof word);                                                                               \
        uint64_t stops = ~word & HIGH_BITS;                                                                             \
        if (__builtin_expect(stops == 0, 0)) return -1;                                                                 \
        uint64_t rest = stops & (stops - 1);                                                                            \
        int first = __builtin_ctzll(stops) + 1;                                                                         \
        values[index] = from_zigzag(pack(word & (stops ^ (stops - 1))));                                                \
        if (__builtin_expect(rest != 0 && index + 1 < count, 1)) {                                                      \
            values[index + 1] = from_zigzag(pack((word & (rest ^ (rest - 1))) >> first));                               \
            next += (__builtin_ctzll(rest) + 1) >> 3;                                                                   \
            index += 2;                                                                                                 \
        } else {                                                                                                        \
            next += first >> 3;                                                                                         \
            index += 1;                                                                                                 \
        }                                                                                                               \
    }                                                                                                                   \
    return next <= end ? next - bytes : -1;

static int64_t read_portable(const uint8_t *bytes, int64_t limit, int64_t count, int64_t *values) {
    READ_VARINTS(pack_portable)
}

#if defined(__x86_64__)
#include <immintrin.h>

#define pack_bmi2(bits) _pext_u64(bits, LOW_BITS)

__attribute__((target("bmi,bmi2"))) static int64_t read_bmi2(
    const uint8_t *bytes, int64_t limit, int64_t count, int64_t *values) {
    READ_VARINTS(pack_bmi2)
}

int64_t honey_read_varints(const uint8_t *bytes, int64_t limit, int64_t count, int64_t *values) {
    return __builtin_cpu_supports("bmi2") ? read_bmi2(bytes, limit, count, values)
                                          : read_portable(bytes, limit, count, values);
}
#else
int64_t honey_read_varints(const uint8_t *bytes, int64_t limit, int64_t count, int64_t *values) {
    return read_portable(bytes, limit, count, values);
}
#endif
