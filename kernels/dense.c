/*
 * Fully connected layers: src/engine/reference/dense.ts. All three passes are products of matrices in which one
 * register tile of ROWS × VECTORS accumulators runs over the summed index, in ascending order, from +0:
 *
 *   forward        y[n, o]  = Σ over k of x[n, k]·W[k, o]     rows n, lanes o
 *   weights        dW[k, o] = Σ over n of x[n, k]·dy[n, o]    rows k, lanes o
 *   input          dx[n, k] = Σ over o of W[k, o]·dy[n, o]    rows k, lanes n, on a transposed dy
 *
 * In each, a row's factor is one number spread over the lanes and the other factor is a vector, read in order.
 */
#include "shuffle.h"

/* As many accumulators as the registers hold beside the factors: 32 registers or 16. */
#if LANES == 16 || defined(__aarch64__)
enum { ROWS = 8, VECTORS = 2 };
#else
enum { ROWS = 4, VECTORS = 2 }; /* 6 × 2 spills under GCC */
#endif

/* Where a tile's factors lie: a row's number moves by `step` along the sum and by `row` from row to row. */
typedef struct {
  const float *numbers;
  int64_t row, step;
  const float *vectors;
  int64_t stride; /* of the vectors, along the sum */
  int64_t terms;
} factors;

/* The loop that all the work is in; the constants unroll it into registers. */
static inline __attribute__((always_inline)) void multiply(vec acc[ROWS][VECTORS], const factors *f, const int rows,
                                                           const int vectors) {
  vec sum[ROWS][VECTORS]; /* of its own: Clang would keep writing `acc` to memory */
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < vectors; j++) sum[i][j] = (vec){0};
  }
  const float *numbers = f->numbers, *from = f->vectors;
  int64_t row = f->row, step = f->step, stride = f->stride;
  for (int64_t t = 0; t < f->terms; t++) {
    vec b[VECTORS];
    for (int j = 0; j < vectors; j++) b[j] = load(from + j * LANES);
    for (int i = 0; i < rows; i++) {
      vec a = splat(numbers[i * row]);
      for (int j = 0; j < vectors; j++) sum[i][j] = multiply_add(a, b[j], sum[i][j]);
    }
    numbers += step;
    from += stride;
  }
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < vectors; j++) acc[i][j] = sum[i][j];
  }
}

/* A finished tile leaves for y or dW: `lanes` numbers of each row are wanted; bias and rectifier where asked. */
typedef struct {
  float *to;
  int64_t stride, lanes;
  const float *bias; /* or NULL */
  int relu;
} target;

static inline __attribute__((always_inline)) void leave(vec acc[ROWS][VECTORS], const target *t, const int rows,
                                                        const int vectors) {
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < vectors; j++) {
      vec v = acc[i][j];
      if (t->bias) v = v + load(t->bias + j * LANES);
      if (t->relu) v = rectify(v);
      store_some(t->to + i * t->stride + j * LANES, v, t->lanes - j * LANES);
    }
  }
}

/* `rows` ≤ ROWS rows, in ever smaller tiles. */
static inline __attribute__((always_inline)) void tile(factors f, target t, int64_t rows, const int vectors) {
  vec acc[ROWS][VECTORS];
#define PART(n)                              \
  if (rows >= (n)) {                         \
    multiply(acc, &f, (n), vectors);         \
    leave(acc, &t, (n), vectors);            \
    f.numbers += (n)*f.row;                  \
    t.to += (n)*t.stride;                    \
    rows -= (n);                             \
  }
  PART(ROWS)
#if LANES == 16 || defined(__aarch64__)
  PART(4)
#endif
  PART(2)
  PART(1)
#undef PART
}

static void wide_tile(factors f, target t, int64_t rows) { tile(f, t, rows, VECTORS); }
static void narrow_tile(factors f, target t, int64_t rows) { tile(f, t, rows, 1); }

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t blocks(int64_t items, int64_t size) { return (items + size - 1) / size; }

/* Rows [from, to) by all columns of a product whose lanes are columns of the target. */
static void panel(factors f, target t, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i += ROWS) {
    for (int64_t j = 0; j < columns; j += VECTORS * LANES) {
      factors ff = f;
      target tt = t;
      ff.numbers += i * f.row;
      ff.vectors += j;
      tt.to += i * t.stride + j;
      tt.lanes = columns - j;
      if (t.bias) tt.bias += j;
      (tt.lanes > LANES ? wide_tile : narrow_tile)(ff, tt, least(ROWS, rows - i));
    }
  }
}

/* Operands: x, w, b, y. Integers: inputs, outputs, relu. Threads share column blocks × row blocks, columns first. */
static void compute_forward(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t inputs = at->integer[DENSE_INPUTS], outputs = at->integer[DENSE_OUTPUTS], width = VECTORS * LANES;
  const float *x = r->memory + at->operand[0].offset, *w = r->memory + at->operand[1].offset;
  const float *b = r->memory + at->operand[2].offset;
  float *y = r->memory + at->operand[3].offset;
  int64_t row_blocks = blocks(r->count, ROWS), from, to;
  share_of(r, row_blocks * blocks(outputs, width), 1, &from, &to);
  for (int64_t block = from; block < to; block++) {
    int64_t n = block % row_blocks * ROWS, o = block / row_blocks * width;
    factors f = {x + n * inputs, inputs, 1, w + o, outputs, inputs};
    target t = {y + n * outputs + o, outputs, 0, b + o, at->integer[DENSE_RELU] != 0};
    panel(f, t, least(ROWS, r->count - n), least(width, outputs - o));
  }
}

/* Operands: x, dy, dw, db. Threads share the rows k of dW; the columns of db likewise. */
static void compute_grad_weights(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t inputs = at->integer[DENSE_INPUTS], outputs = at->integer[DENSE_OUTPUTS], from, to;
  const float *x = r->memory + at->operand[0].offset, *dy = r->memory + at->operand[1].offset;
  float *dw = r->memory + at->operand[2].offset, *db = r->memory + at->operand[3].offset;
  share_of(r, inputs, SHARED_ROWS, &from, &to);
  if (from < to) {
    factors f = {x + from, 1, inputs, dy, outputs, r->count};
    target t = {dw + from * outputs, outputs, 0, NULL, 0};
    panel(f, t, to - from, outputs);
  }
  share_of(r, outputs, LANES, &from, &to);
  for (int64_t o = from; o < to; o += LANES) {
    vec sum = {0};
    for (int64_t n = 0; n < r->count; n++) sum = sum + load(dy + n * outputs + o);
    store_some(db + o, sum, outputs - o);
  }
}

static int64_t padded(int64_t count) { return blocks(count, LANES) * LANES; }

/* Rows [0, rows) × columns [0, columns) of `from`, transposed, for at most LANES of each; zeros where rows are missing. */
static void transpose_block(const float *from, int64_t stride, int64_t rows, float *to, int64_t to_stride, int64_t columns,
                            int64_t lanes) {
  vec v[LANES];
  for (int i = 0; i < LANES; i++) v[i] = i < rows ? load(from + i * stride) : (vec){0};
  transpose(v);
  for (int j = 0; j < columns; j++) store_some(to + j * to_stride, v[j], lanes);
}

/* Operands: dy, w, dx. First dy is transposed into shared scratch, [outputs, padded count]; then rows k are shared. */
static void compute_grad_input(const run *r, const instruction *at, int phase) {
  enum { WIDTH = VECTORS * LANES };
  int64_t inputs = at->integer[DENSE_INPUTS], outputs = at->integer[DENSE_OUTPUTS], count = r->count, lanes = padded(count), from, to;
  const float *dy = r->memory + at->operand[0].offset, *w = r->memory + at->operand[1].offset;
  float *dx = r->memory + at->operand[2].offset;
  if (phase == 0) {
    share_of(r, outputs, LANES, &from, &to);
    for (int64_t o = from; o < to; o += LANES) {
      for (int64_t n = 0; n < count; n += LANES) {
        transpose_block(dy + n * outputs + o, outputs, count - n, r->shared + o * lanes + n, lanes, least(LANES, to - o), LANES);
      }
    }
    return;
  }
  share_of(r, inputs, LANES, &from, &to);
  for (int64_t k = from; k < to; k += LANES) {
    int64_t rows = least(LANES, to - k);
    for (int64_t n = 0; n < lanes; n += WIDTH) {
      float block[LANES * WIDTH];
      int64_t columns = least(WIDTH, lanes - n);
      factors f = {w + k * outputs, outputs, 1, r->shared + n, lanes, outputs};
      target t = {block, WIDTH, 0, NULL, 0};
      panel(f, t, rows, columns);
      for (int64_t j = 0; j < columns && n + j < count; j += LANES) {
        transpose_block(block + j, WIDTH, rows, dx + (n + j) * inputs + k, inputs, least(LANES, count - n - j), rows);
      }
    }
  }
}

static scratch need_grad_input(const instruction *i, int32_t batch) {
  return (scratch){(size_t)i->integer[DENSE_OUTPUTS] * (size_t)padded(batch), 0};
}

const kernel SUFFIXED(dense) = {NULL, NULL, compute_forward, 1};
const kernel SUFFIXED(dense_grad_weights) = {NULL, NULL, compute_grad_weights, 1};
const kernel SUFFIXED(dense_grad_input) = {NULL, need_grad_input, compute_grad_input, 2};
