// Byte-scanning kernels whose inner instruction (movemask) Swift has no spelling for.
//
// Every kernel reads whole blocks of 64 bytes: the bytes must be readable for 64 bytes past the end given.
#pragma once
#include <stdint.h>

#include "checksums.h"

/// What the scanner may use of the processor: 0 the best it has, 1 portable C, 2 SSE2, 3 AVX2, 4 AVX-512 with VBMI and VBMI2.
/// A level the processor lacks falls back to the best it has.
typedef enum { honey_level_best = 0, honey_level_portable = 1, honey_level_sse2 = 2, honey_level_avx2 = 3, honey_level_avx512 = 4 } honey_level;

/// Where the fields of a run of lines end.
///
/// `positions` gets the offset of every delimiter and line end (and of the LF of a CR LF, which ends no line itself);
/// `lasts` gets, for each line, the index in `positions` of its end.
typedef struct {
    int32_t *positions;
    /// Entries in use; the caller starts it at 1 with `positions[0]` one before the first line's start.
    int64_t position_count;
    /// Entries there is room for, at least 128.
    int64_t position_capacity;
    int32_t *lasts;
    int64_t line_count;
    /// Scanning stops once this many lines are found; `lasts` has room for 64 more.
    int64_t line_limit;
    /// Set when any CR was seen.
    int32_t has_carriage_return;
    int32_t level;
} honey_fields;

/// Scans `bytes[from ..< to]` until the bytes, the lines or the positions run out; returns the first offset not scanned.
int64_t honey_scan_lines(const uint8_t *bytes, int64_t from, int64_t to, uint8_t delimiter, honey_fields *fields);

/// Writes the offset of every `delimiter` in `bytes[from ..< to]` to `positions`, which has room for `to - from + 16`;
/// returns how many.
int64_t honey_scan_delimiters(
    const uint8_t *bytes, int64_t from, int64_t to, uint8_t delimiter, int32_t *positions, int32_t level);

/// Counts the line ends in `bytes[from ..< to]`: each LF, and each CR without an LF after it (`bytes[to]` is looked at).
int64_t honey_count_line_ends(const uint8_t *bytes, int64_t from, int64_t to, int32_t level);

/// Tells whether the processor has what the kernels below need; without it they do nothing and return 0.
int32_t honey_has_wide_parsing(void);

/// Reads plain decimals of up to nine bytes, eight at a time: cell `i` is `lengths[i]` bytes at `bytes + starts[i]`,
/// `[-]digits[.digits]` with at most `scale` digits after the point and eight in all once they are filled up to `scale`.
///
/// `values[i]` gets the unscaled value and bit `i` of `unread` is cleared; for other cells, and values above `limit`, the
/// bit is set. Reads cells up to the largest multiple of eight and returns how many.
int64_t honey_parse_decimals(
    const uint8_t *bytes, const int32_t *starts, const int32_t *lengths, int64_t count, int32_t scale, int64_t limit,
    int64_t *values, uint8_t *unread);

/// Reads dates `yyyy-MM-dd` of the years 1583 to 9999 as days since 1970-01-01, in the way of `honey_parse_decimals`.
int64_t honey_parse_dates(
    const uint8_t *bytes, const int32_t *starts, const int32_t *lengths, int64_t count, int32_t *values,
    uint8_t *unread);

/// Finds where field `field` of each row lies, in the way of `FieldMap`: a missing field gets start 0 and length -1.
/// `rows` picks rows; null means the first `count`.
void honey_locate_fields(
    const int32_t *positions, const int32_t *firsts, const int32_t *lasts, const int32_t *rows, int64_t count,
    int32_t field, int32_t *starts, int32_t *lengths);

/// Finds a pattern with the C library's `memmem`, which Swift's overlay does not show; returns its offset, or -1.
int64_t honey_find(const uint8_t *bytes, int64_t count, const uint8_t *pattern, int64_t pattern_count);

/// Reads `count` signed integers in zigzag form, in groups of seven bits, the lowest first, each byte but the last with its high
/// bit set. Returns the bytes they take, or -1 when one takes more than eight or is further from 0 than `largest` (below 2^62),
/// or they take more than `limit`.
///
/// `values` has room for seven more, whose content is undefined then.
int64_t honey_read_varints(
    const uint8_t *bytes, int64_t limit, int64_t count, int64_t largest, int64_t *values, int32_t level);

/// Reads those of a run of such integers that `rows` names, in ascending order, at least one; returns the bytes up to the end of
/// the last of them, or -1 as `honey_read_varints` does for those named.
int64_t honey_pick_varints(
    const uint8_t *bytes, int64_t limit, const int32_t *rows, int64_t count, int64_t largest, int64_t *values,
    int32_t level);

/// Steps over integers of any length up to `limit`; returns the bytes passed and takes from `count` those that end in them.
int64_t honey_skip_varints(const uint8_t *bytes, int64_t limit, int64_t *count, int32_t level);
