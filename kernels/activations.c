/* Elementwise functions and their gradients: src/engine/reference/activations.ts. */
#include "elementary.h"
#include "vector_math.h"

/* second ← f(second, first), this thread's share of all live elements; all of them have `size` where relu has it. */
#define ELEMENTWISE(name, reads_second, expression)                                        \
  static void compute_##name(const run *r, const instruction *at, int phase) {             \
    (void)phase;                                                                            \
    const float *first = r->memory + at->operand[0].offset;                                 \
    float *second = r->memory + at->operand[1].offset;                                      \
    int64_t from, to;                                                                       \
    share_of(r, (int64_t)r->count * at->integer[RELU_SIZE], 64, &from, &to);                \
    for (; from < to; from += LANES) {                                                      \
      int64_t left = to - from;                                                             \
      vec a = left >= LANES ? load(first + from) : load_some(first + from, left);           \
      vec b = {0};                                                                          \
      if (reads_second) b = left >= LANES ? load(second + from) : load_some(second + from, left); \
      (void)b;                                                                              \
      store_some(second + from, expression, left);                                          \
    }                                                                                       \
  }                                                                                         \
  const kernel SUFFIXED(name) = {NULL, NULL, compute_##name, 1}

/* 1 / (1 + e^−x) by the form whose exponent is not positive. */
static inline vec sigmoid_lanes(vec x) {
  vec e = exp_lanes((vec)((uvec)x | 0x80000000u));
  return choose((ivec)(x < 0), e, splat(1.0f)) / (1.0f + e);
}

/* Forward: a is x. */
ELEMENTWISE(relu, 0, rectify(a));
ELEMENTWISE(sigmoid, 0, sigmoid_lanes(a));
ELEMENTWISE(tanh, 0, tanh_lanes(a));

/* Backward: a is y, b is dy. */
ELEMENTWISE(relu_grad, 1, (vec)((ivec)b & (ivec)(a > 0)));
ELEMENTWISE(sigmoid_grad, 1, b * (a * (1.0f - a)));
ELEMENTWISE(tanh_grad, 1, b * (1.0f - a * a));

/* a is x, b is y. */
ELEMENTWISE(copy, 0, a);
ELEMENTWISE(accumulate, 1, b + a);

/* Operands: a, b, y. */
static void compute_add(const run *r, const instruction *at, int phase) {
  (void)phase;
  const float *a = r->memory + at->operand[0].offset, *b = r->memory + at->operand[1].offset;
  float *y = r->memory + at->operand[2].offset;
  int64_t from, to;
  share_of(r, (int64_t)r->count * at->integer[ADD_SIZE], 64, &from, &to);
  for (; from < to; from += LANES) {
    int64_t left = to - from;
    store_some(y + from, some(a + from, left) + some(b + from, left), left);
  }
}

const kernel SUFFIXED(add) = {NULL, NULL, compute_add, 1};
