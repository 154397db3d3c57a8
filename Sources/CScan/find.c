#define _GNU_SOURCE
#include <string.h>

#include "CScan.h"

int64_t honey_find(const uint8_t *bytes, int64_t count, const uint8_t *pattern, int64_t pattern_count) {
    const uint8_t *found = memmem(bytes, (size_t)count, pattern, (size_t)pattern_count);
    return found ? found - bytes : -1;
}
