/*
 * Inverted dropout: src/engine/reference/dropout.ts. Element i belongs to word i mod 4 of the Philox4x32-10 counter
 * (i / 4, step, 0, 0). One vector holds LANES / 2 counters in 64-bit lanes, whose products give both halves at once.
 * The mask holds all ones where an element is kept, all zeros where not.
 */
#include "shuffle.h"
#if LANES == 16 || LANES == 8 || defined(__SSE2__)
#include <immintrin.h>
#endif

enum { COUNTERS = LANES / 2, ELEMENTS = 4 * COUNTERS };
typedef uint64_t wide __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

/* The full products of the low halves. */
static inline wide product(wide a, uint32_t b) {
#if LANES == 16
  return (wide)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(b));
#elif LANES == 8
  return (wide)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(b));
#elif defined(__SSE2__)
  return (wide)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(b));
#else
  return (a & 0xffffffffu) * b;
#endif
}

/* The words of the counters first, first + 1, …, in the order of their elements. Low halves hold x₀ … x₃ throughout. */
static inline void draw(uvec words[2], uint32_t first, uint32_t step, uint32_t key0, uint32_t key1) {
  wide x0, x1 = (wide){0} + step, x2 = {0}, x3 = {0};
  for (int i = 0; i < COUNTERS; i++) x0[i] = first + (uint32_t)i;
  for (int round = 0; round < 10; round++) {
    wide p0 = product(x0, 0xd2511f53u), p1 = product(x2, 0xcd9e8d57u);
    x0 = (p1 >> 32) ^ x1 ^ key0;
    x1 = p1;
    x2 = (p0 >> 32) ^ x3 ^ key1;
    x3 = p0;
    /* The high halves of x₁ and x₃ carry rubbish into x₀ and x₂, whose high halves `product` ignores. */
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  vec a = (vec)((x0 & 0xffffffffu) | x1 << 32), b = (vec)((x2 & 0xffffffffu) | x3 << 32);
  words[0] = (uvec)zip_pairs_lower(a, b);
  words[1] = (uvec)zip_pairs_upper(a, b);
}

/* Operands: x, y, mask. Integers: size, key0, key1, threshold. */
static void compute(const run *r, const instruction *at, int phase) {
  (void)phase;
  const float *x = r->memory + at->operand[0].offset;
  float *y = r->memory + at->operand[1].offset, *mask = r->memory + at->operand[2].offset;
  uint32_t key0 = (uint32_t)at->integer[DROPOUT_KEY_0], key1 = (uint32_t)at->integer[DROPOUT_KEY_1];
  uint32_t threshold = (uint32_t)at->integer[DROPOUT_THRESHOLD];
  int64_t from, to;
  share_of(r, (int64_t)r->count * at->integer[DROPOUT_SIZE], 64, &from, &to);
  for (; from < to; from += ELEMENTS) {
    uvec words[2];
    draw(words, (uint32_t)(from / 4), r->step, key0, key1);
    for (int64_t j = 0; j < ELEMENTS && from + j < to; j += LANES) {
      int64_t left = to - from - j;
      vec kept = (vec)(ivec)(words[j / LANES] >= threshold);
      vec a = left >= LANES ? load(x + from + j) : load_some(x + from + j, left);
      store_some(mask + from + j, kept, left);
      store_some(y + from + j, (vec)((ivec)(a * at->number[DROPOUT_SCALE]) & (ivec)kept), left);
    }
  }
}

/* Operands: mask, dy. */
static void compute_grad(const run *r, const instruction *at, int phase) {
  (void)phase;
  const float *mask = r->memory + at->operand[0].offset;
  float *dy = r->memory + at->operand[1].offset;
  int64_t from, to;
  share_of(r, (int64_t)r->count * at->integer[DROPOUT_SIZE], 64, &from, &to);
  for (; from < to; from += LANES) {
    int64_t left = to - from;
    vec kept = left >= LANES ? load(mask + from) : load_some(mask + from, left);
    vec b = left >= LANES ? load(dy + from) : load_some(dy + from, left);
    store_some(dy + from, (vec)((ivec)(b * at->number[DROPOUT_SCALE]) & (ivec)kept), left);
  }
}

const kernel SUFFIXED(dropout) = {NULL, NULL, compute, 1};
const kernel SUFFIXED(dropout_grad) = {NULL, NULL, compute_grad, 1};
