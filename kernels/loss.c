/* Softmax and cross-entropy, row by row; sums run over ascending classes: src/engine/reference/loss.ts. */
#include "elementary.h"

typedef struct {
  float largest, sum;
  int64_t first; /* where the first largest value stood */
} row_sums;

static row_sums softmax_row(const float *z, float *p, int64_t classes) {
  row_sums row = {z[0], 0, 0};
  for (int64_t c = 1; c < classes; c++) {
    if (z[c] > row.largest) {
      row.largest = z[c];
      row.first = c;
    }
  }
  for (int64_t c = 0; c < classes; c += LANES) {
    store_some(p + c, exp_lanes(load_some(z + c, classes - c) - row.largest), classes - c);
  }
  for (int64_t c = 0; c < classes; c++) row.sum = row.sum + p[c];
  for (int64_t c = 0; c < classes; c += LANES) {
    store_some(p + c, load_some(p + c, classes - c) / row.sum, classes - c);
  }
  return row;
}

static void compute_softmax(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t classes = at->integer[SOFTMAX_CLASSES], from, to;
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    softmax_row(r->memory + at->operand[0].offset + n * classes, r->memory + at->operand[1].offset + n * classes, classes);
  }
}

static void compute_softmax_grad(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t classes = at->integer[SOFTMAX_CLASSES], from, to;
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    const float *y = r->memory + at->operand[0].offset + n * classes;
    float *dy = r->memory + at->operand[1].offset + n * classes, sum = 0;
    for (int64_t c = 0; c < classes; c++) sum = sum + dy[c] * y[c];
    for (int64_t c = 0; c < classes; c++) dy[c] = y[c] * (dy[c] - sum);
  }
}

/* Operands: z, labels, p, losses, hits. Numbers: the target of the label's class and of the others. */
static void compute_cross_entropy(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t classes = at->integer[SOFTMAX_CLASSES], from, to;
  float on = at->number[CROSS_ENTROPY_ON], off = at->number[CROSS_ENTROPY_OFF];
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    const float *z = r->memory + at->operand[0].offset + n * classes;
    float label = r->memory[at->operand[1].offset + n];
    row_sums row = softmax_row(z, r->memory + at->operand[2].offset + n * classes, classes);
    float ln_sum = ln_scalar(row.sum), total = 0;
    int known = 0; /* the loss is NaN where the label is no class */
    for (int64_t c = 0; c < classes; c++) {
      int hit = (float)c == label;
      total = total + (hit ? on : off) * (ln_sum - (z[c] - row.largest));
      known |= hit;
    }
    r->memory[at->operand[3].offset + n] = known ? total : __builtin_nanf("");
    r->memory[at->operand[4].offset + n] = (float)row.first == label ? 1.0f : 0.0f;
  }
}

/* Operands: p, labels, dz. Numbers as above. */
static void compute_cross_entropy_grad(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t classes = at->integer[SOFTMAX_CLASSES], from, to;
  float share = 1.0f / (float)r->count, on = at->number[CROSS_ENTROPY_ON], off = at->number[CROSS_ENTROPY_OFF];
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    const float *p = r->memory + at->operand[0].offset + n * classes;
    float label = r->memory[at->operand[1].offset + n];
    float *dz = r->memory + at->operand[2].offset + n * classes;
    for (int64_t c = 0; c < classes; c++) dz[c] = (p[c] - ((float)c == label ? on : off)) * share;
  }
}

/* A class number must be exact as a float. */
static int check(const instruction *i) { return i->integer[SOFTMAX_CLASSES] > 1 << 24; }

const kernel SUFFIXED(softmax) = {check, NULL, compute_softmax, 1};
const kernel SUFFIXED(softmax_grad) = {check, NULL, compute_softmax_grad, 1};
const kernel SUFFIXED(cross_entropy) = {check, NULL, compute_cross_entropy, 1};
const kernel SUFFIXED(cross_entropy_grad) = {check, NULL, compute_cross_entropy_grad, 1};
