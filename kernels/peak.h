#ifndef ATELIER_PEAK_H
#define ATELIER_PEAK_H

#include "kernel.h"

#include <string.h>

enum { PEAK_FLOATS = 128 * (6 + 4 * 16) + 6 * 4 * 16 };
/* Does nothing but multiply and add; returns how many operations that were. `own` has PEAK_FLOATS floats. */
typedef double peak(int64_t rounds, float *own);

/* The same on several threads at once, in a variant of variant_name(); 0 where it cannot be had. */
double peak_run(const char *variant, int fused, int32_t threads, int64_t rounds);

#endif
