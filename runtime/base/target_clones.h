// Functions compiled for several instruction sets, of which the best is chosen at run time.
//
// A function marked RASPC_CLONES exists once for each set; what it calls has to be inlined
// (RASPC_INLINE) to be compiled along. As no build contracts a multiplication and an addition into
// one rounding (-ffp-contract=off) and lanes do not mix, all clones give the same bits.
#pragma once

// The resolvers of cloned functions run before a sanitizer is ready for them.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define RASPC_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define RASPC_CLONES
#endif
#define RASPC_INLINE inline __attribute__((always_inline))
