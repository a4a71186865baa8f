/*
 * The contract between the runtime (runtime.c) and the kernels, one file a family. A kernel computes what
 * src/engine/reference/ says, bit for bit in strict arithmetic, whatever the vector width and the number of threads:
 * work is shared by outputs (or by a fixed number of chunks summed in a fixed order), lanes are different outputs.
 *
 * Kernel files are compiled once for each pair of (processor variant, arithmetic); SUFFIXED(name) gives every copy its
 * own symbols. Nothing here allocates, locks, or calls the C library but for memcpy and memset, so that the same
 * files compile for freestanding WebAssembly.
 */
#ifndef ATELIER_KERNEL_H
#define ATELIER_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "operations.h"

/* As src/engine/program.ts encodes it. */
typedef struct {
  int32_t code;
  struct { int32_t offset, length; } operand[MAX_OPERANDS]; /* in words; length a row where the operand is batched */
  int32_t integer[MAX_INTEGERS];
  float number[MAX_FLOATS];
} instruction;

/* What a kernel finds when it runs. */
typedef struct {
  float *memory;
  int32_t count;    /* live examples, 1..batch */
  int32_t position; /* where in `order` the batch begins */
  uint32_t step, epoch;
  const uint8_t *images, *labels; /* labels may be NULL */
  const int32_t *order;
  int32_t thread, threads; /* this thread's number, and how many share the work: 1..64 */
  float *shared;           /* scratch common to all threads, 64-byte aligned, content lost between instructions */
  float *own;              /* this thread's scratch, 64-byte aligned, content lost between instructions */
} run;

/* Scratch that an instruction asks for, in floats. */
typedef struct {
  size_t shared, own;
} scratch;

typedef struct {
  /* 0 when the attributes are sound. May be NULL: every operand's length, which is checked already, says so. */
  int (*check)(const instruction *);
  /* What suffices for any number of threads. May be NULL: no scratch. */
  scratch (*need)(const instruction *, int32_t batch);
  /* One phase, called on every thread; a barrier stands between phases and after the last. */
  void (*compute)(const run *, const instruction *, int phase);
  int phases;
} kernel;

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
#ifndef VARIANT
#define VARIANT plain
#endif
#define SUFFIXED(name) JOIN(name, VARIANT)

/* Every kernel file defines one or more `const kernel SUFFIXED(name)`; table.c collects them by code. */

#ifndef LANES
#define LANES 4
#endif
/* LANES different outputs, loaded and stored at any 4-byte address. */
typedef float vec __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef int32_t ivec __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef uint32_t uvec __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

static inline vec load(const float *p) { return *(const vec *)p; }
static inline void store(float *p, vec v) { *(vec *)p = v; }
static inline vec splat(float x) { return x - (vec){0}; }

/* Loads may run up to SLACK floats past an operand's end: the memory has that many behind it, and what they bring must
   not reach a result. Stores may not: another thread may own the next word. */
enum { SLACK = 64 };
/* The first `lanes` of a vector, zeros behind them. */
static inline vec load_some(const float *p, int64_t lanes) {
  vec v = {0};
  for (int i = 0; i < LANES; i++) {
    if (i < lanes) v[i] = p[i];
  }
  return v;
}
static inline void store_some(float *p, vec v, int64_t lanes) {
  if (lanes >= LANES) store(p, v);
  else for (int i = 0; i < lanes; i++) p[i] = v[i];
}
/* mask ? a : b, lane by lane; comparisons of vectors give such masks. */
static inline vec choose(ivec mask, vec a, vec b) { return (vec)(((ivec)a & mask) | ((ivec)b & ~mask)); }
/* x < 0 ? 0 : x, which keeps NaN and −0. */
static inline vec rectify(vec x) { return (vec)((ivec)x & ~(ivec)(x < 0)); }

/* acc + a·b: two roundings in strict arithmetic, one in fused. Contraction is off everywhere (-ffp-contract=off). */
#ifdef FUSED
#if LANES == 16 && defined(__AVX512F__)
#include <immintrin.h>
static inline vec multiply_add(vec a, vec b, vec acc) { return (vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)acc); }
#elif LANES == 8 && defined(__FMA__)
#include <immintrin.h>
static inline vec multiply_add(vec a, vec b, vec acc) { return (vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)acc); }
#elif LANES == 4 && defined(__ARM_NEON)
#include <arm_neon.h>
static inline vec multiply_add(vec a, vec b, vec acc) { return (vec)vfmaq_f32((float32x4_t)acc, (float32x4_t)a, (float32x4_t)b); }
#else
static inline vec multiply_add(vec a, vec b, vec acc) {
  for (int i = 0; i < LANES; i++) acc[i] = __builtin_fmaf(a[i], b[i], acc[i]);
  return acc;
}
#endif
#else
static inline vec multiply_add(vec a, vec b, vec acc) { return acc + a * b; }
#endif

/* The share [from, to) of `items` that falls to this thread, in multiples of `grain`. */
static inline void share_of(const run *r, int64_t items, int64_t grain, int64_t *from, int64_t *to) {
  int64_t grains = (items + grain - 1) / grain;
  *from = grains * r->thread / r->threads * grain;
  *to = grains * (r->thread + 1) / r->threads * grain;
  if (*from > items) *from = items;
  if (*to > items) *to = items;
}

/*
 * Threads share a weight matrix by its rows, so many at a time, whatever they do with it: what a thread computed of a
 * gradient is still in its cache when it updates the weights. Between distant processors that counts.
 */
enum { SHARED_ROWS = 8 };

#endif
