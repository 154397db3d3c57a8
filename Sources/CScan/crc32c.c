// CRC-32C (Castagnoli), the checksum of HDFS blocks: the processor's instruction where it has one, a table elsewhere.
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
#include <nmmintrin.h>

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
#else
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
    int64_t chunk = has_instruction() ? hardware_chunks(bytes, whole, chunk_bytes, sums) : 0;
    for (; chunk * chunk_bytes < count; chunk++) {
        int64_t left = count - chunk * chunk_bytes;
        sums[chunk] = honey_crc32c(0, bytes + chunk * chunk_bytes, left < chunk_bytes ? left : chunk_bytes);
    }
}
