/* Lanes change places: the only code that knows how GCC and Clang name it. Masks are constants. */
#ifndef ATELIER_SHUFFLE_H
#define ATELIER_SHUFFLE_H

#include "kernel.h"

#if defined(__clang__)
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (ivec){__VA_ARGS__})
#endif

/* LOWER and UPPER: a₀ b₀ a₁ b₁ … of the lower and of the upper halves. PAIRS: a₀ a₁ b₀ b₁ a₂ a₃ b₂ b₃ … likewise. */
#if LANES == 16
#define PAIRS_LOWER 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23
#define PAIRS_UPPER 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31
#define LOWER 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif LANES == 8
#define PAIRS_LOWER 0, 1, 8, 9, 2, 3, 10, 11
#define PAIRS_UPPER 4, 5, 12, 13, 6, 7, 14, 15
#define LOWER 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER 4, 12, 5, 13, 6, 14, 7, 15
#else
#define PAIRS_LOWER 0, 1, 4, 5
#define PAIRS_UPPER 2, 3, 6, 7
#define LOWER 0, 4, 1, 5
#define UPPER 2, 6, 3, 7
#endif
static inline vec zip_lower(vec a, vec b) { return SHUFFLE(a, b, LOWER); }
static inline vec zip_upper(vec a, vec b) { return SHUFFLE(a, b, UPPER); }
static inline vec zip_pairs_lower(vec a, vec b) { return SHUFFLE(a, b, PAIRS_LOWER); }
static inline vec zip_pairs_upper(vec a, vec b) { return SHUFFLE(a, b, PAIRS_UPPER); }

/*
 * Transposes LANES vectors in place: log₂ LANES rounds of a perfect shuffle of the whole. Each round sends element e of
 * the LANES² elements to 2e mod (LANES² − 1), and so rotates the bits of its number by one; after half of them row and
 * column have changed places.
 */
static inline __attribute__((always_inline)) void transpose(vec v[LANES]) {
  for (int round = 1; round < LANES; round *= 2) {
    vec w[LANES];
    for (int i = 0; i < LANES / 2; i++) {
      w[2 * i] = zip_lower(v[i], v[i + LANES / 2]);
      w[2 * i + 1] = zip_upper(v[i], v[i + LANES / 2]);
    }
    for (int i = 0; i < LANES; i++) v[i] = w[i];
  }
}

#endif
