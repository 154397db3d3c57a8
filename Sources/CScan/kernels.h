// The kernels over one way to compare 64 bytes: included once a level, with TARGET, NAME(x), and
// NAME(block), NAME(load), NAME(equal) and NAME(append) defined.

TARGET static int64_t NAME(scan_lines)(
    const uint8_t *bytes, int64_t from, int64_t to, uint8_t delimiter, honey_fields *fields) {
    int32_t *positions = fields->positions;
    int32_t *lasts = fields->lasts;
    int64_t count = fields->position_count;
    int64_t lines = fields->line_count;
    const int64_t line_limit = fields->line_limit;
    const int64_t position_limit = fields->position_capacity - 80;
    uint64_t seen_carriage_return = 0;
    uint64_t after_carriage_return = 0;
    int64_t at = from;
    for (; at < to && lines < line_limit && count < position_limit; at += 64) {
        NAME(block) block = NAME(load)(bytes + at);
        uint64_t feeds = NAME(equal)(block, '\n');
        uint64_t returns = NAME(equal)(block, '\r');
        uint64_t fieldEnds = NAME(equal)(block, delimiter) | feeds | returns;
        if (to - at < 64) {
            uint64_t inside = (1ull << (to - at)) - 1;
            feeds &= inside;
            returns &= inside;
            fieldEnds &= inside;
        }
        uint64_t lineEnds = feeds;
        if (__builtin_expect((returns | after_carriage_return) != 0, 0)) {
            lineEnds = (feeds & ~(returns << 1 | after_carriage_return)) | returns;
            after_carriage_return = returns >> 63;
            seen_carriage_return |= returns;
        }
        NAME(append)(positions + count, fieldEnds, (int32_t)at);
        // Two lines a block are written without a branch; more are rare.
        lasts[lines] = (int32_t)(count + __builtin_popcountll(fieldEnds & ((lineEnds ^ (lineEnds - 1)) >> 1)));
        uint64_t rest = lineEnds & (lineEnds - 1);
        lasts[lines + 1] = (int32_t)(count + __builtin_popcountll(fieldEnds & ((rest ^ (rest - 1)) >> 1)));
        int64_t ends = __builtin_popcountll(lineEnds);
        for (int64_t index = 2; __builtin_expect(index < ends, 0); index++) {
            rest &= rest - 1;
            lasts[lines + index] = (int32_t)(count + __builtin_popcountll(fieldEnds & ((rest ^ (rest - 1)) >> 1)));
        }
        lines += ends;
        count += __builtin_popcountll(fieldEnds);
    }
    fields->position_count = count;
    fields->line_count = lines;
    fields->has_carriage_return |= seen_carriage_return != 0;
    return at < to ? at : to;
}

TARGET static int64_t NAME(scan_delimiters)(
    const uint8_t *bytes, int64_t from, int64_t to, uint8_t delimiter, int32_t *positions) {
    int64_t count = 0;
    for (int64_t at = from; at < to; at += 64) {
        uint64_t ends = NAME(equal)(NAME(load)(bytes + at), delimiter);
        if (to - at < 64) ends &= (1ull << (to - at)) - 1;
        // Room is promised for the delimiters themselves and 16 more, which is what `append` may overwrite.
        NAME(append)(positions + count, ends, (int32_t)at);
        count += __builtin_popcountll(ends);
    }
    return count;
}

TARGET static int64_t NAME(count_line_ends)(const uint8_t *bytes, int64_t from, int64_t to) {
    int64_t count = 0;
    for (int64_t at = from; at < to; at += 64) {
        NAME(block) block = NAME(load)(bytes + at);
        uint64_t feeds = NAME(equal)(block, '\n');
        uint64_t returns = NAME(equal)(block, '\r');
        uint64_t inside = to - at < 64 ? (1ull << (to - at)) - 1 : ~0ull;
        if (__builtin_expect(returns != 0, 0)) {
            uint64_t next = (uint64_t)(bytes[at + 64] == '\n') << 63;
            count += __builtin_popcountll(returns & ~(feeds >> 1 | next) & inside);
        }
        count += __builtin_popcountll(feeds & inside);
    }
    return count;
}

#undef TARGET
#undef NAME
