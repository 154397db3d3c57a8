#include "CScan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx2,bmi,bmi2,popcnt,lzcnt")))

int32_t honey_has_wide_parsing(void) {
    static int known = 0;
    int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (answer == 0) {
        __builtin_cpu_init();
        int has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("bmi2");
        answer = has ? 2 : 1;
        __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
    }
    return answer == 2;
}

static inline int64_t word_at(const uint8_t *bytes, int64_t offset) {
    int64_t word;
    memcpy(&word, bytes + offset, 8);
    return word;
}

// Eight bytes at each of eight offsets, the first byte lowest. Single loads beat the gather instruction by far.
WIDE static inline __m512i words(const uint8_t *bytes, const int32_t *offsets) {
    return _mm512_set_epi64(
        word_at(bytes, offsets[7]), word_at(bytes, offsets[6]), word_at(bytes, offsets[5]), word_at(bytes, offsets[4]),
        word_at(bytes, offsets[3]), word_at(bytes, offsets[2]), word_at(bytes, offsets[1]), word_at(bytes, offsets[0]));
}

// All bits set below bit 8 * count, for counts of 0 to 8.
WIDE static inline __m512i below(__m512i count) {
    const __m512i ones = _mm512_set1_epi64(-1);
    return _mm512_andnot_si512(_mm512_sllv_epi64(ones, _mm512_slli_epi64(count, 3)), ones);
}

WIDE static int64_t parse_decimals(
    const uint8_t *bytes, const int32_t *starts, const int32_t *lengths, int64_t count, int32_t scale, int64_t limit,
    int64_t *values, uint8_t *unread) {
    const __m512i points = _mm512_set1_epi8('.');
    const __m512i zeros = _mm512_set1_epi8('0');
    const __m512i ones = _mm512_set1_epi8(1);
    const __m512i highs = _mm512_set1_epi8((char)0x80);
    const __m512i tens = _mm512_set1_epi16(0x010A);
    const __m512i hundreds = _mm512_set1_epi32(0x00010064);
    const __m512i all = _mm512_set1_epi64(-1);
    int64_t at = 0;
    for (; at + 8 <= count; at += 8) {
        const int32_t *start = starts + at;
        __m512i length = _mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(lengths + at)));
        __m512i word = words(bytes, start);
        // The bytes one further on; most cells end before the ninth, so that the word has them all.
        __mmask8 isLong = _mm512_cmpgt_epi64_mask(length, _mm512_set1_epi64(8));
        __m512i next = isLong ? words(bytes + 1, start) : _mm512_srli_epi64(word, 8);
        // A minus sign is shifted out: bytes 1 to 9 take the place of 0 to 8.
        __mmask8 negative = _mm512_cmpeq_epi64_mask(
            _mm512_and_si512(word, _mm512_set1_epi64(0xFF)), _mm512_set1_epi64('-'));
        if (negative) {
            word = _mm512_mask_mov_epi64(word, negative, next);
            next = isLong ? _mm512_mask_mov_epi64(next, negative, words(bytes + 2, start))
                          : _mm512_mask_srli_epi64(next, negative, next, 8);
            length = _mm512_mask_sub_epi64(length, negative, length, _mm512_set1_epi64(1));
        }
        __m512i inside = below(_mm512_min_epi64(_mm512_max_epi64(length, _mm512_setzero_si512()), _mm512_set1_epi64(8)));
        __m512i difference = _mm512_xor_si512(word, points);
        __m512i found = _mm512_and_si512(
            _mm512_and_si512(_mm512_andnot_si512(difference, _mm512_sub_epi64(difference, ones)), highs), inside);
        __mmask8 pointed = _mm512_test_epi64_mask(found, found);
        __m512i point = _mm512_and_si512(found, _mm512_sub_epi64(_mm512_setzero_si512(), found));
        // Bits of the bytes before the point: all of them without one.
        __m512i before = _mm512_sub_epi64(_mm512_srli_epi64(point, 7), _mm512_set1_epi64(1));
        __m512i whole = _mm512_mask_mov_epi64(
            length, pointed, _mm512_srli_epi64(_mm512_sub_epi64(_mm512_set1_epi64(63), _mm512_lzcnt_epi64(point)), 3));
        __m512i digitCount = _mm512_mask_sub_epi64(length, pointed, length, _mm512_set1_epi64(1));
        __m512i joined = _mm512_or_si512(_mm512_and_si512(word, before), _mm512_andnot_si512(before, next));
        // What lies past the digits must be zero: it fills the fraction up to the scale.
        __m512i counted = _mm512_min_epi64(_mm512_max_epi64(digitCount, _mm512_setzero_si512()), _mm512_set1_epi64(8));
        __m512i digits = _mm512_and_si512(_mm512_xor_si512(joined, zeros), below(counted));
        __m512i filled = _mm512_add_epi64(whole, _mm512_set1_epi64(scale));
        __mmask8 good = _mm512_cmpge_epi64_mask(digitCount, _mm512_set1_epi64(1))
            & _mm512_cmple_epi64_mask(digitCount, filled) & _mm512_cmple_epi64_mask(filled, _mm512_set1_epi64(8));
        __m512i strange = _mm512_and_si512(
            _mm512_or_si512(_mm512_add_epi64(digits, _mm512_set1_epi8(0x76)), digits), highs);
        good &= _mm512_testn_epi64_mask(strange, all);
        __m512i shift = _mm512_slli_epi64(_mm512_sub_epi64(_mm512_set1_epi64(8), filled), 3);
        __m512i placed = _mm512_sllv_epi64(digits, shift);
        __m512i pairs = _mm512_maddubs_epi16(placed, tens);
        __m512i fours = _mm512_madd_epi16(pairs, hundreds);
        __m512i value = _mm512_add_epi64(
            _mm512_mul_epu32(fours, _mm512_set1_epi64(10000)), _mm512_srli_epi64(fours, 32));
        good &= _mm512_cmple_epi64_mask(value, _mm512_set1_epi64(limit));
        value = _mm512_mask_sub_epi64(value, negative, _mm512_setzero_si512(), value);
        _mm512_storeu_si512(values + at, value);
        unread[at >> 3] = (uint8_t)~good;
    }
    return at;
}

WIDE static int64_t parse_dates(
    const uint8_t *bytes, const int32_t *starts, const int32_t *lengths, int64_t count, int32_t *values,
    uint8_t *unread) {
    // Bytes of "yyyy-MM-" with the dashes and digits taken to 0 and 0…9, what must be added for a byte too large to show
    // in its high bit, and what each digit is worth in the pair it belongs to.
    const __m512i pattern = _mm512_set1_epi64(0x2D30302D30303030);
    const __m512i room = _mm512_set1_epi64(0x7F76767F76767676);
    const __m512i worth = _mm512_set1_epi64(0x00010A00010A010A);
    const __m512i highs = _mm512_set1_epi8((char)0x80);
    const __m512i low16 = _mm512_set1_epi64(0xFFFF);
    const __m512i all = _mm512_set1_epi64(-1);
    int64_t at = 0;
    for (; at + 8 <= count; at += 8) {
        const int32_t *start = starts + at;
        __m256i length = _mm256_loadu_si256((const __m256i *)(lengths + at));
        __mmask8 good = _mm256_cmpeq_epi32_mask(length, _mm256_set1_epi32(10));
        __m512i front = _mm512_xor_si512(words(bytes, start), pattern);
        __m512i back = _mm512_xor_si512(
            _mm512_srli_epi64(words(bytes + 2, start), 48), _mm512_set1_epi64(0x3030));
        __m512i strange = _mm512_or_si512(
            _mm512_or_si512(_mm512_add_epi64(front, room), front),
            _mm512_or_si512(_mm512_add_epi64(back, _mm512_set1_epi64(0x7676)), back));
        good &= _mm512_testn_epi64_mask(_mm512_and_si512(strange, highs), all);
        // Sixteen bits each: century, year of it, tens of the month, ones of the month.
        __m512i parts = _mm512_maddubs_epi16(front, worth);
        __m512i century = _mm512_and_si512(parts, low16);
        __m512i ofCentury = _mm512_and_si512(_mm512_srli_epi64(parts, 16), low16);
        __m512i month = _mm512_add_epi64(
            _mm512_and_si512(_mm512_srli_epi64(parts, 32), low16), _mm512_srli_epi64(parts, 48));
        __m512i day = _mm512_and_si512(_mm512_maddubs_epi16(back, _mm512_set1_epi16(0x010A)), low16);
        __m512i year = _mm512_add_epi64(_mm512_mul_epu32(century, _mm512_set1_epi64(100)), ofCentury);
        const __m512i one = _mm512_set1_epi64(1);
        good &= _mm512_cmpge_epi64_mask(month, one) & _mm512_cmple_epi64_mask(month, _mm512_set1_epi64(12));
        good &= _mm512_cmpge_epi64_mask(day, one) & _mm512_cmple_epi64_mask(day, _mm512_set1_epi64(31));
        good &= _mm512_cmpge_epi64_mask(year, _mm512_set1_epi64(1583));
        __mmask8 turns = _mm512_testn_epi64_mask(ofCentury, all);
        __m512i leapOf = _mm512_mask_mov_epi64(ofCentury, turns, century);
        __mmask8 leap = _mm512_testn_epi64_mask(leapOf, _mm512_set1_epi64(3));
        __m512i centuriesBefore = _mm512_mask_sub_epi64(century, turns, century, one);
        __m512i days = _mm512_add_epi64(
            _mm512_mul_epu32(year, _mm512_set1_epi64(365)), _mm512_srli_epi64(_mm512_sub_epi64(year, one), 2));
        days = _mm512_sub_epi64(days, centuriesBefore);
        days = _mm512_add_epi64(days, _mm512_srli_epi64(centuriesBefore, 2));
        // (367 m - 362) / 12 counts February as 30 days; the division is by multiplication.
        __m512i months = _mm512_srli_epi64(
            _mm512_mul_epu32(
                _mm512_sub_epi64(_mm512_mul_epu32(month, _mm512_set1_epi64(367)), _mm512_set1_epi64(362)),
                _mm512_set1_epi64(43691)),
            19);
        __mmask8 past = _mm512_cmpgt_epi64_mask(month, _mm512_set1_epi64(2));
        months = _mm512_mask_sub_epi64(months, past, months, _mm512_set1_epi64(2));
        months = _mm512_mask_add_epi64(months, past & leap, months, one);
        days = _mm512_add_epi64(_mm512_add_epi64(days, months), day);
        days = _mm512_sub_epi64(days, _mm512_set1_epi64(719528));
        _mm256_storeu_si256((__m256i *)(values + at), _mm512_cvtepi64_epi32(days));
        unread[at >> 3] = (uint8_t)~good;
    }
    return at;
}

// Eight fields at a time of consecutive rows; a position is read along with the one before it.
WIDE static int64_t locate_fields(
    const int32_t *positions, const int32_t *firsts, const int32_t *lasts, int64_t count, int32_t field,
    int32_t *starts, int32_t *lengths) {
    const uint8_t *pairs = (const uint8_t *)(positions + field - 1);
    const __m512i evens = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
    int64_t at = 0;
    for (; at + 8 <= count; at += 8) {
        const int32_t *first = firsts + at;
        __m512i both = _mm512_set_epi64(
            word_at(pairs, 4 * (int64_t)first[7]), word_at(pairs, 4 * (int64_t)first[6]),
            word_at(pairs, 4 * (int64_t)first[5]), word_at(pairs, 4 * (int64_t)first[4]),
            word_at(pairs, 4 * (int64_t)first[3]), word_at(pairs, 4 * (int64_t)first[2]),
            word_at(pairs, 4 * (int64_t)first[1]), word_at(pairs, 4 * (int64_t)first[0]));
        both = _mm512_permutexvar_epi32(evens, both);
        __m256i end = _mm256_add_epi32(_mm256_loadu_si256((const __m256i *)first), _mm256_set1_epi32(field));
        __mmask8 there = _mm256_cmple_epi32_mask(end, _mm256_loadu_si256((const __m256i *)(lasts + at)));
        __m256i start = _mm256_add_epi32(_mm512_castsi512_si256(both), _mm256_set1_epi32(1));
        __m256i stop = _mm512_extracti64x4_epi64(both, 1);
        _mm256_storeu_si256((__m256i *)(starts + at), _mm256_maskz_mov_epi32(there, start));
        _mm256_storeu_si256(
            (__m256i *)(lengths + at), _mm256_mask_sub_epi32(_mm256_set1_epi32(-1), there, stop, start));
    }
    return at;
}

int64_t honey_parse_decimals(
    const uint8_t *bytes, const int32_t *starts, const int32_t *lengths, int64_t count, int32_t scale, int64_t limit,
    int64_t *values, uint8_t *unread) {
    if (!honey_has_wide_parsing() || scale > 8) return 0;
    return parse_decimals(bytes, starts, lengths, count, scale, limit, values, unread);
}

int64_t honey_parse_dates(
    const uint8_t *bytes, const int32_t *starts, const int32_t *lengths, int64_t count, int32_t *values,
    uint8_t *unread) {
    return honey_has_wide_parsing() ? parse_dates(bytes, starts, lengths, count, values, unread) : 0;
}

#else

int32_t honey_has_wide_parsing(void) { return 0; }

int64_t honey_parse_decimals(
    const uint8_t *bytes, const int32_t *starts, const int32_t *lengths, int64_t count, int32_t scale, int64_t limit,
    int64_t *values, uint8_t *unread) {
    (void)bytes; (void)starts; (void)lengths; (void)count; (void)scale; (void)limit; (void)values; (void)unread;
    return 0;
}

int64_t honey_parse_dates(
    const uint8_t *bytes, const int32_t *starts, const int32_t *lengths, int64_t count, int32_t *values,
    uint8_t *unread) {
    (void)bytes; (void)starts; (void)lengths; (void)count; (void)values; (void)unread;
    return 0;
}

#endif

void honey_locate_fields(
    const int32_t *positions, const int32_t *firsts, const int32_t *lasts, const int32_t *rows, int64_t count,
    int32_t field, int32_t *starts, int32_t *lengths) {
    int64_t at = 0;
#if defined(__x86_64__)
    if (!rows && honey_has_wide_parsing()) at = locate_fields(positions, firsts, lasts, count, field, starts, lengths);
#endif
    for (; at < count; at++) {
        const int64_t row = rows ? rows[at] : at;
        const int32_t end = firsts[row] + field;
        const int isThere = end <= lasts[row];
        const int32_t start = positions[end - 1] + 1;
        const int32_t stop = positions[end];
        starts[at] = isThere ? start : 0;
        lengths[at] = isThere ? stop - start : -1;
    }
}
