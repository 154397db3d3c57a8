// Checksums whose instruction Swift has no spelling for.
#pragma once
#include <stdint.h>

/// Goes on with a CRC-32C over `count` bytes; 0 starts one.
uint32_t honey_crc32c(uint32_t crc, const uint8_t *bytes, int64_t count);

/// Computes the CRC-32C of each chunk of `chunk_bytes` bytes, the last of which may be shorter.
void honey_crc32c_chunks(const uint8_t *bytes, int64_t count, int64_t chunk_bytes, uint32_t *sums);
