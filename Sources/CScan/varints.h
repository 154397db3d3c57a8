// The readers of varints over one way to find where they end: included once a level, with TARGET, NAME(x), and NAME(stops),
// NAME(first), NAME(select) and NAME(pack) defined. A level that reads several at once defines READS_SEVERAL.

/// Tells which of the 64 bytes at `next` end a varint, up to `limit`.
TARGET static inline uint64_t NAME(stops_before)(const uint8_t *next, const uint8_t *limit) {
    uint64_t stops = NAME(stops)(next);
    return limit - next < 64 ? stops & ((1ull << (limit - next)) - 1) : stops;
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
            uint64_t word;
            memcpy(&word, next + start, sizeof word);
            values[index] = from_zigzag(NAME(pack)(word & (~0ull >> (64 - 8 * (end - start)))));
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
    uint64_t is_start = 1;
    // Blocks are counted through whether or not a varint ends where they do, so that none waits for the one before.
    while (index < count) {
        if (next >= bytes + limit) return -1;
        uint64_t stops = NAME(stops_before)(next, bytes + limit);
        uint64_t starts = stops << 1 | is_start;
        is_start = stops >> 63;
        int64_t after = passed + __builtin_popcountll(starts);
        for (; index < count && rows[index] < after; index++) {
            const uint8_t *start = next + NAME(select)(starts, (int)(rows[index] - passed));
            uint64_t word;
            memcpy(&word, start, sizeof word);
            uint64_t ends = ~word & HIGH_BITS;
            if (ends == 0) return -1;
            values[index] = from_zigzag(NAME(pack)(word & (ends ^ (ends - 1))));
            outside |= beyond(values[index], largest);
            taken = start - bytes + (__builtin_ctzll(ends) + 1) / 8;
        }
        passed = after;
        next += 64;
    }
    return taken <= limit && (int64_t)outside >= 0 ? taken : -1;
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
