/* Chooses the kernel table once. */
#include "num/kernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static bool has_avx512(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#else
    return false;
#endif
}

static bool has_avx2(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return false;
#endif
}

const Kernels *kernels_find(const char *name)
{
#if defined(__x86_64__)
    if (!strcmp(name, "avx512"))
        return has_avx512() ? &kernels_avx512 : NULL;
    if (!strcmp(name, "avx2"))
        return has_avx2() ? &kernels_avx2 : NULL;
#endif
    return strcmp(name, "portable") ? NULL : &kernels_portable;
}

static const Kernels *choose(void)
{
    const char *forced = getenv("LIMBECK_CPU");
    const Kernels *k = forced ? kernels_find(forced) : NULL;
    if (!k && has_avx512())
        k = kernels_find("avx512");
    if (!k && has_avx2())
        k = kernels_find("avx2");
    return k ? k : &kernels_portable;
}

const Kernels *kernels(void)
{
    static _Atomic(const Kernels *) chosen;
    const Kernels *k = atomic_load_explicit(&chosen, memory_order_acquire);
    if (!k) {
        k = choose();
        atomic_store_explicit(&chosen, k, memory_order_release);
    }
    return k;
}
