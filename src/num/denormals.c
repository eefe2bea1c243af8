/* The control register of the processor's vector unit, where it has one that we know. */
#include "num/denormals.h"

#include <math.h>

#if defined(__x86_64__)
enum { FLUSH_BITS = 0x8040 }; /* flush to zero, denormals are zero */

uint64_t denormals_to_zero(void)
{
    unsigned mode = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(mode | FLUSH_BITS);
    return mode;
}

void denormals_restore(uint64_t mode)
{
    __builtin_ia32_ldmxcsr((unsigned)mode);
}
#elif defined(__aarch64__)
enum { FLUSH_BITS = 1 << 24 }; /* FZ */

uint64_t denormals_to_zero(void)
{
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | FLUSH_BITS));
    return mode;
}

void denormals_restore(uint64_t mode)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
}
#else
uint64_t denormals_to_zero(void)
{
    return 0;
}

void denormals_restore(uint64_t mode)
{
    (void)mode;
}
#endif

void denormals_clear(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fpclassify(x[i]) == FP_SUBNORMAL)
            x[i] = signbit(x[i]) ? -0.0F : 0.0F;
}
