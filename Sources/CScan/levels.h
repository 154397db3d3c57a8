// Choosing among a kernel's versions when it runs.
#pragma once
#include "CScan.h"

#if defined(__x86_64__)
/// The level that is used where `level` is asked for.
int honey_usable_level(int level);

#define DISPATCH(level, call) \
    switch (honey_usable_level(level)) { \
    case honey_level_avx512: return call(_avx512); \
    case honey_level_avx2: return call(_avx2); \
    case honey_level_sse2: return call(_sse2); \
    default: return call(_portable); \
    }
#else
#define DISPATCH(level, call) \
    (void)level; \
    return call(_portable);
#endif
