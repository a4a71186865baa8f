/*
 * What this processor does at best: one register tile of a matrix product, everything in the first-level cache. The
 * kernels are measured against it, with the same vectors and the same multiply_add.
 */
#include "peak.h"

#if LANES == 16 || defined(__ARM_NEON)
enum { ROWS = 6, COLUMNS = 4 }; /* 24 of 32 registers accumulate */
#else
enum { ROWS = 6, COLUMNS = 2 }; /* 12 of 16 */
#endif
enum { DEPTH = 128 };

double SUFFIXED(peak)(int64_t rounds, float *own) {
  float *a = own, *b = own + DEPTH * ROWS, *c = b + DEPTH * COLUMNS * LANES;
  for (int i = 0; i < DEPTH * ROWS; i++) a[i] = 1e-3f;
  for (int i = 0; i < DEPTH * COLUMNS * LANES; i++) b[i] = 1e-3f;
  memset(c, 0, sizeof(float) * ROWS * COLUMNS * LANES);
  for (int64_t round = 0; round < rounds; round++) {
    vec sum[ROWS][COLUMNS] = {0};
    for (int k = 0; k < DEPTH; k++) {
      vec right[COLUMNS];
#pragma GCC unroll 8
      for (int j = 0; j < COLUMNS; j++) right[j] = load(b + (k * COLUMNS + j) * LANES);
#pragma GCC unroll 8
      for (int i = 0; i < ROWS; i++) {
        const vec left = splat(a[k * ROWS + i]);
#pragma GCC unroll 8
        for (int j = 0; j < COLUMNS; j++) sum[i][j] = multiply_add(left, right[j], sum[i][j]);
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < ROWS; i++) {
#pragma GCC unroll 8
      for (int j = 0; j < COLUMNS; j++) {
        float *at = c + (i * COLUMNS + j) * LANES;
        store(at, load(at) + sum[i][j]);
      }
    }
  }
  return 2.0 * ROWS * COLUMNS * LANES * DEPTH * (double)rounds;
}
