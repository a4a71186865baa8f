/*
 * exp, ln and tanh in float32, after Moshier's Cephes library: the same operations in the same order as
 * src/engine/reference/elementary.ts, each rounded, so that the bits are equal on every vector width.
 */
#ifndef ATELIER_ELEMENTARY_H
#define ATELIER_ELEMENTARY_H

#include "kernel.h"
#include <string.h>

#define LOG2E 1.44269504088896341f
#define LN2_HIGH 0.693359375f
#define LN2_LOW (-2.1219444e-4f)
#define ROUNDING 12582912.0f /* 1.5·2²³: adding and subtracting it rounds to a whole number, ties to even */

/* e^x for x ≤ 0; exactly 0 below −69. */
static inline vec exp_lanes(vec x) {
  vec shifted = x * LOG2E + ROUNDING;
  vec n = shifted - ROUNDING;
  vec r = (x - n * LN2_HIGH) - n * LN2_LOW;
  vec series = splat(1.98756915e-4f);
  series = series * r + 1.3981999507e-3f;
  series = series * r + 8.3334519073e-3f;
  series = series * r + 4.1665795894e-2f;
  series = series * r + 1.6666665459e-1f;
  series = series * r + 5.0000001201e-1f;
  series = (series * (r * r) + r) + 1.0f;
  vec power = (vec)(((uvec)shifted << 23) + 0x3f800000u); /* the low bits of `shifted` hold n */
  return (vec)((ivec)(series * power) & ~(ivec)(x < -69.0f));
}

static inline vec tanh_lanes(vec x) {
  vec magnitude = (vec)((ivec)x & 0x7fffffff);
  vec square = x * x;
  vec series = splat(-5.70498872745e-3f);
  series = series * square + 2.06390887954e-2f;
  series = series * square + -5.37397155531e-2f;
  series = series * square + 1.33314422036e-1f;
  series = series * square + -3.33332819422e-1f;
  vec small = (series * square) * x + x;
  vec e = exp_lanes(-2.0f * magnitude);
  vec large = (1.0f - e) / (1.0f + e);
  large = choose((ivec)(x < 0), -large, large);
  return choose((ivec)(magnitude < 0.625f), small, large);
}

/* Natural logarithm for x ≥ 1; NaN stays NaN. */
static inline float ln_scalar(float x) {
  static const float c[9] = {7.0376836292e-2f,  -1.151461031e-1f,  1.167699874e-1f,  -1.2420140846e-1f, 1.4249322787e-1f,
                             -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
  if (x != x) return x;
  int32_t word;
  memcpy(&word, &x, sizeof word);
  int32_t exponent = ((word >> 23) & 0xff) - 126;
  word = (word & 0x7fffff) | 0x3f000000;
  float mantissa; /* in [½, 1) */
  memcpy(&mantissa, &word, sizeof word);
  if (mantissa < 0.70710678118654752f) {
    exponent -= 1;
    mantissa = mantissa + mantissa;
  }
  float r = mantissa - 1.0f, square = r * r, sum = c[0];
  for (int i = 1; i < 9; i++) sum = sum * r + c[i];
  float tail = (sum * r) * square;
  tail = tail + (float)exponent * LN2_LOW;
  tail = tail - 0.5f * square;
  return (r + tail) + (float)exponent * LN2_HIGH;
}

#endif
