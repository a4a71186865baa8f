#include "program.h"

const signature signatures[OP_COUNT] = {
    [OP_GATHER] = {2, 3},
    [OP_DENSE] = {4, 8},
    [OP_DENSE_GRAD_WEIGHTS] = {4, 12},
    [OP_DENSE_GRAD_INPUT] = {3, 4},
    [OP_CONVOLUTION] = {4, 8},
    [OP_CONVOLUTION_GRAD_WEIGHTS] = {4, 12},
    [OP_CONVOLUTION_GRAD_INPUT] = {3, 4},
    [OP_MAX_POOL] = {3, 6},
    [OP_MAX_POOL_GRAD] = {3, 6},
    [OP_RELU] = {2, 2},
    [OP_RELU_GRAD] = {2, 2},
    [OP_SIGMOID] = {2, 2},
    [OP_SIGMOID_GRAD] = {2, 2},
    [OP_TANH] = {2, 2},
    [OP_TANH_GRAD] = {2, 2},
    [OP_SOFTMAX] = {2, 2},
    [OP_SOFTMAX_GRAD] = {2, 2},
    [OP_CROSS_ENTROPY] = {5, 28},
    [OP_CROSS_ENTROPY_GRAD] = {3, 4},
    [OP_DROPOUT] = {3, 6},
    [OP_DROPOUT_GRAD] = {2, 3},
    [OP_SGD] = {4, 5},
    [OP_ADAM] = {5, 13},
    [OP_ACCUMULATE] = {2, 2},
    [OP_CONVOLUTION_POOL] = {5, 24},
    [OP_CONVOLUTION_POOL_GRAD_WEIGHTS] = {5, 28},
    [OP_CONVOLUTION_POOL_GRAD_INPUT] = {4, 10},
    [OP_BATCH_NORM] = {7, 120},
    [OP_BATCH_NORM_GRAD] = {7, 112},
    [OP_BATCH_NORM_INFERENCE] = {6, 32},
    [OP_AVERAGE_POOL] = {2, 2},
    [OP_AVERAGE_POOL_GRAD] = {2, 2},
    [OP_ADD] = {3, 4},
    [OP_COPY] = {2, 2},
    [OP_CLIP] = {1, 1},
    [OP_AVERAGE] = {3, 2},
    [OP_GATHER_AUGMENTED] = {2, 3},
};

/* Words of memory that an operand may touch. */
typedef struct {
  int64_t from, to;
  int written;
} extent;

static extent extent_of(const kernel *k, const instruction *i, int operand, int32_t batch) {
  int64_t from = i->operand[operand].offset, length = i->operand[operand].length;
  if (k->batched >> operand & 1) length *= batch;
  return (extent){from, from + length, signatures[i->code].written >> operand & 1};
}

static int conflict(extent a, extent b) { return (a.written || b.written) && a.from < b.to && b.from < a.to; }

static const char *fault_of_operand(const kernel *k, const instruction *i, int operand, int64_t words, int32_t batch) {
  if (i->operand[operand].length <= 0) return "an operand must hold at least one word";
  extent e = extent_of(k, i, operand, batch);
  if (e.from < 0 || e.to > words) return "an operand lies outside the memory";
  for (int other = 0; other < operand; other++) {
    if (conflict(e, extent_of(k, i, other, batch))) return "two operands overlap";
  }
  return NULL;
}

int program_is_sound(kernel_table kernels, const instruction *program, int64_t length, int64_t words, int32_t batch,
                     refusal *why) {
  for (int64_t n = 0; n < length; n++) {
    const instruction *i = &program[n];
    *why = (refusal){n, -1, "the code is no known operation"};
    if (i->code <= 0 || i->code >= OP_COUNT || !kernels[i->code]) return 0;
    const kernel *k = kernels[i->code];
    for (int operand = 0; operand < signatures[i->code].operands; operand++) {
      const char *fault = fault_of_operand(k, i, operand, words, batch);
      *why = (refusal){n, operand, fault};
      if (fault) return 0;
    }
    *why = (refusal){n, -1, "attributes and lengths do not fit each other"};
    if (k->check(i)) return 0;
  }
  return 1;
}

enum { WINDOW = 128 };

void place_barriers(kernel_table kernels, const instruction *program, int64_t length, int32_t batch, uint8_t *barrier) {
  extent since[WINDOW]; /* what was touched since the last barrier */
  int touched = 0, shared_in_use = 0;
  for (int64_t n = 0; n < length; n++) {
    const instruction *i = &program[n];
    const kernel *k = kernels[i->code];
    int operands = signatures[i->code].operands;
    int shared = k->need && k->need(i, batch).shared > 0;
    int wait = touched + operands > WINDOW || (shared && shared_in_use);
    for (int operand = 0; operand < operands && !wait; operand++) {
      extent e = extent_of(k, i, operand, batch);
      for (int s = 0; s < touched && !wait; s++) wait = conflict(e, since[s]);
    }
    barrier[n] = n > 0 && wait;
    /* Barriers between an instruction's own phases, too, leave everything before it finished. */
    if (barrier[n] || k->phases > 1) touched = shared_in_use = 0;
    for (int operand = 0; operand < operands; operand++) since[touched++] = extent_of(k, i, operand, batch);
    shared_in_use |= shared;
  }
}
