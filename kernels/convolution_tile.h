/*
 * The register tile of the convolutions: a few pixels × a few vectors of outputs, whose sums stay in registers while
 * the inputs' channels go by.
 *
 *   TALL, WIDE  the largest tile: TALL pixels × WIDE vectors; with WIDE weights, a broadcast input and (strict) a
 *               product it fills 32 registers (AVX-512, NEON) or 16 (AVX2, SSE, WebAssembly, whose engine wants spare ones)
 *   M, V        a tile's own size, constants wherever the tile is compiled
 */
#ifndef ATELIER_CONVOLUTION_TILE_H
#define ATELIER_CONVOLUTION_TILE_H

#include "convolution.h"

#if LANES == 16 || defined(__ARM_NEON)
enum { TALL = 6, WIDE = 4 };
#elif LANES == 8
enum { TALL = 6, WIDE = 2 };
#else
enum { TALL = 4, WIDE = 2 };
#endif


/* sums[m][v] += Σ over k < depth of x[m][k]·w[k][v], k ascending; rows of w are `pitch` floats apart. */
ALWAYS void tile(const int M, const int V, const float *const *x, const float *w, int64_t pitch, int64_t depth,
                 float *const *sums) {
  vec acc[TALL][WIDE];
  UNROLL for (int m = 0; m < M; m++) UNROLL for (int v = 0; v < V; v++) acc[m][v] = load(sums[m] + v * LANES);
  const float *row[TALL];
  UNROLL for (int m = 0; m < M; m++) row[m] = x[m];
  for (int64_t k = 0; k < depth; k++, w += pitch) {
    vec weight[WIDE];
    UNROLL for (int v = 0; v < V; v++) weight[v] = load(w + v * LANES);
    UNROLL for (int m = 0; m < M; m++) {
      const vec pixel = splat(row[m][k]);
      UNROLL for (int v = 0; v < V; v++) acc[m][v] = multiply_add(pixel, weight[v], acc[m][v]);
    }
  }
  UNROLL for (int m = 0; m < M; m++) UNROLL for (int v = 0; v < V; v++) store(sums[m] + v * LANES, acc[m][v]);
}

ALWAYS void tile_of_width(const int V, int M, const float *const *x, const float *w, int64_t pitch, int64_t depth,
                          float *const *sums) {
  switch (M) {
    case 1: tile(1, V, x, w, pitch, depth, sums); break;
    case 2: tile(2, V, x, w, pitch, depth, sums); break;
    case 3: tile(3, V, x, w, pitch, depth, sums); break;
    case 4: tile(4, V, x, w, pitch, depth, sums); break;
#if LANES != 4 || defined(__ARM_NEON)
    case 5: tile(5, V, x, w, pitch, depth, sums); break;
    case 6: tile(6, V, x, w, pitch, depth, sums); break;
#endif
  }
}

#endif
