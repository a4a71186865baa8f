/* Small things that several families do with vectors. */
#ifndef ATELIER_VECTOR_MATH_H
#define ATELIER_VECTOR_MATH_H

#include "kernel.h"
#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

/* Square roots, correctly rounded. */
static inline vec root(vec x) {
#if LANES == 16 && defined(__AVX512F__)
  return (vec)_mm512_sqrt_ps((__m512)x);
#elif LANES == 8 && defined(__AVX__)
  return (vec)_mm256_sqrt_ps((__m256)x);
#elif LANES == 4 && defined(__SSE2__)
  return (vec)_mm_sqrt_ps((__m128)x);
#elif LANES == 4 && defined(__ARM_NEON) && defined(__aarch64__)
  return (vec)vsqrtq_f32((float32x4_t)x);
#elif LANES == 4 && defined(__wasm_simd128__)
  return (vec)wasm_f32x4_sqrt((v128_t)x);
#else
  for (int i = 0; i < LANES; i++) x[i] = __builtin_sqrtf(x[i]);
  return x;
#endif
}

/* A vector of what is left: zeros behind the last word. */
static inline vec some(const float *p, int64_t left) { return left >= LANES ? load(p) : load_some(p, left); }

/* Magnitudes below 2⁻¹⁰⁰ become 0, so that what decays never reaches the slow subnormal numbers. */
static inline vec flush(vec x) {
  vec magnitude = (vec)((ivec)x & 0x7fffffff);
  return (vec)((ivec)x & ~(ivec)(magnitude < 0x1p-100f));
}

#endif
