// The readers of varints over one way to find where they end: included once a level, with TARGET, NAME(x), and NAME(stops),
// NAME(first), NAME(select) and NAME(pack) defined. A level that reads several at once defines READS_SEVERAL.

/// Tells which of the 64 bytes at `next` end a varint, up to `limit`.
TARGET static inline uint64_t NAME(stops_before)(const uint8_t *next, const uint8_t *limit) {
    uint64_t stops = NAME(stops)(next);
    return limit - next < 64 ? stops & ((1ull << (limit - next)) - 1) : stops;
}

/// Reads the varint, of at most eight bytes, at the offsets from `start` to `end`.
TARGET static inline int64_t NAME(varint)(const uint8_t *bytes, int start, int end) {
    uint64_t word;
    memcpy(&word, bytes + start, sizeof word);
    return from_zigzag(NAME(pack)(word & (~0ull >> (64 - 8 * (end - start)))));
}

#ifndef READS_SEVERAL
TARGET static int64_t NAME(read)(
    const uint8_t *bytes, int64_t limit, int64_t count, int64_t largest, int64_t *values) {
    const uint8_t *next = bytes;
    uint64_t outside = 0;
    while (count > 0) {
        if (next >= bytes + limit) return -1;
        uint64_t stops = NAME(stops_before)(next, bytes + limit);
        int length = (int)__builtin_popcountll(stops);
        if (length > count) {
            stops = NAME(first)(stops, (int)count);
            length = (int)count;
        }
        if (has_long(stops)) return -1;
        int start = 0;
        for (int index = 0; index < length; index++) {
            int end = __builtin_ctzll(stops) + 1;
            stops &= stops - 1;
            values[index] = NAME(varint)(next, start, end);
            outside |= beyond(values[index], largest);
            start = end;
        }
        values += length;
        count -= length;
        next += start;
    }
    return (int64_t)outside >= 0 ? next - bytes : -1;
}
#endif

TARGET static int64_t NAME(pick)(
    const uint8_t *bytes, int64_t limit, const int32_t *rows, int64_t count, int64_t largest, int64_t *values) {
    const uint8_t *next = bytes;
    int64_t passed = 0;
    int64_t index = 0;
    int64_t taken = 0;
    uint64_t outside = 0;
    while (index < count) {
        if (next >= bytes + limit) return -1;
        uint64_t stops = NAME(stops_before)(next, bytes + limit);
        if (stops == 0) return -1;
        int64_t after = passed + __builtin_popcountll(stops);
        for (; index < count && rows[index] < after; index++) {
            int start = NAME(select)(stops << 1 | 1, (int)(rows[index] - passed));
            int end = start + __builtin_ctzll(stops >> start) + 1;
            if (end - start > 8) return -1;
            values[index] = NAME(varint)(next, start, end);
            outside |= beyond(values[index], largest);
            taken = next + end - bytes;
        }
        passed = after;
        next += 64 - __builtin_clzll(stops);
    }
    return (int64_t)outside >= 0 ? taken : -1;
}

TARGET static int64_t NAME(skip)(const uint8_t *bytes, int64_t limit, int64_t *count) {
    const uint8_t *next = bytes;
    const uint8_t *end = bytes + limit;
    while (*count > 0 && next < end) {
        uint64_t stops = NAME(stops_before)(next, end);
        int length = (int)__builtin_popcountll(stops);
        if (length >= *count) {
            next += 64 - __builtin_clzll(NAME(first)(stops, (int)*count));
            *count = 0;
        } else {
            next = end - next < 64 ? end : next + 64;
            *count -= length;
        }
    }
    return next - bytes;
}

#undef TARGET
#undef NAME
