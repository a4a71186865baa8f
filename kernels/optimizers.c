/* Parameter updates, streaming over all operands once: src/engine/reference/optimizers.ts. */
#include "vector_math.h"

enum { CHUNK = 4096, SUMS = 16 }; /* of the squares of a gradient: src/engine/reference/optimizers.ts */

/* Decoupled weight decay. */
static inline vec shrunk(vec w, float shrink) {
  if (shrink == 0.0f) return w;
  return w - shrink * w;
}

/* A thread's share [from, to) of a matrix of weights, whose sizes stand in one place in all updates: whole rows; of the
   words where there are too few of those. */
static void share_weights(const run *r, const instruction *at, int64_t *from, int64_t *to) {
  int64_t rows = at->integer[SGD_ROWS], columns = at->integer[SGD_COLUMNS];
  if (rows < r->threads * SHARED_ROWS) return share_of(r, rows * columns, 64, from, to);
  share_of(r, rows, SHARED_ROWS, from, to);
  *from *= columns;
  *to *= columns;
}

/* Operands: w, g, v, rates. Integers: rows, columns, nesterov. Numbers: momentum, decay. */
static void compute_sgd(const run *r, const instruction *at, int phase) {
  (void)phase;
  float *w = r->memory + at->operand[0].offset, *v = r->memory + at->operand[2].offset;
  const float *g = r->memory + at->operand[1].offset;
  float rate = r->memory[at->operand[3].offset + RATE_LEARNING_RATE], momentum = at->number[SGD_MOMENTUM];
  float shrink = rate * at->number[SGD_DECAY];
  int nesterov = at->integer[SGD_NESTEROV] != 0;
  int64_t from, to;
  share_weights(r, at, &from, &to);
  for (; from < to; from += LANES) {
    int64_t left = to - from;
    vec slope = some(g + from, left);
    vec velocity = flush(momentum * some(v + from, left) + slope);
    store_some(v + from, velocity, left);
    vec direction = velocity;
    if (nesterov) direction = slope + momentum * velocity;
    store_some(w + from, shrunk(some(w + from, left), shrink) - rate * direction, left);
  }
}

/* Operands: w, g, m, v, rates. Integers: rows, columns. Numbers: β₁, β₂, ε, decay. */
static void compute_adam(const run *r, const instruction *at, int phase) {
  (void)phase;
  float *w = r->memory + at->operand[0].offset;
  const float *g = r->memory + at->operand[1].offset;
  float *m = r->memory + at->operand[2].offset, *v = r->memory + at->operand[3].offset;
  const float *rates = r->memory + at->operand[4].offset;
  float rate = rates[RATE_LEARNING_RATE], first = rates[RATE_FIRST_CORRECTION], second = rates[RATE_SECOND_CORRECTION];
  float beta1 = at->number[ADAM_BETA_1], beta2 = at->number[ADAM_BETA_2], epsilon = at->number[ADAM_EPSILON];
  float rest1 = 1.0f - beta1, rest2 = 1.0f - beta2, shrink = rate * at->number[ADAM_DECAY];
  int64_t from, to;
  share_weights(r, at, &from, &to);
  for (; from < to; from += LANES) {
    int64_t left = to - from;
    vec slope = some(g + from, left);
    vec mean = flush(beta1 * some(m + from, left) + rest1 * slope);
    vec square = flush(beta2 * some(v + from, left) + rest2 * (slope * slope));
    store_some(m + from, mean, left);
    store_some(v + from, square, left);
    vec size = root(square * second) + epsilon;
    store_some(w + from, shrunk(some(w + from, left), shrink) - (rate * (mean * first)) / size, left);
  }
}

/* The sum of the squares of at most CHUNK words: 16 sums side by side, then one after another. */
static float sum_chunk(const float *g, int64_t length) {
  float sums[SUMS] = {0}, total = 0;
  for (int64_t i = 0; i < length; i += SUMS) {
    for (int lane = 0; lane < SUMS; lane += LANES) {
      if (i + lane >= length) break;
      vec slope = some(g + i + lane, length - i - lane);
      store(sums + lane, load(sums + lane) + slope * slope);
    }
  }
  for (int lane = 0; lane < SUMS; lane++) total = total + sums[lane];
  return total;
}

/* Operand: g. Phase 0: the chunks' sums, into shared scratch. 1: every thread adds them up and scales its share. */
static void compute_clip(const run *r, const instruction *at, int phase) {
  float *g = r->memory + at->operand[0].offset, limit = at->number[CLIP_LIMIT];
  int64_t size = at->integer[CLIP_SIZE], chunks = (size + CHUNK - 1) / CHUNK, from, to;
  if (phase == 0) {
    share_of(r, chunks, 1, &from, &to);
    for (int64_t c = from; c < to; c++) {
      int64_t left = size - c * CHUNK;
      r->shared[c] = sum_chunk(g + c * CHUNK, left < CHUNK ? left : CHUNK);
    }
    return;
  }
  float total = 0;
  for (int64_t c = 0; c < chunks; c++) total = total + r->shared[c];
  float length = root(splat(total))[0];
  if (!(length > limit)) return;
  float factor = limit / length;
  share_of(r, size, 64, &from, &to);
  for (; from < to; from += LANES) store_some(g + from, some(g + from, to - from) * factor, to - from);
}

static scratch need_clip(const instruction *at, int32_t batch) {
  (void)batch;
  return (scratch){(size_t)at->integer[CLIP_SIZE] / CHUNK + 1, 0};
}

/* Operands: w, a, rates. Integers: rows, columns. */
static void compute_average(const run *r, const instruction *at, int phase) {
  (void)phase;
  const float *w = r->memory + at->operand[0].offset;
  float *a = r->memory + at->operand[1].offset;
  float kept = r->memory[at->operand[2].offset + RATE_AVERAGING], rest = 1.0f - kept;
  int64_t from, to;
  share_weights(r, at, &from, &to);
  for (; from < to; from += LANES) {
    int64_t left = to - from;
    store_some(a + from, flush(kept * some(a + from, left) + rest * some(w + from, left)), left);
  }
}

const kernel SUFFIXED(sgd) = {NULL, NULL, compute_sgd, 1};
const kernel SUFFIXED(adam) = {NULL, NULL, compute_adam, 1};
const kernel SUFFIXED(clip) = {NULL, need_clip, compute_clip, 2};
const kernel SUFFIXED(average) = {NULL, NULL, compute_average, 1};
