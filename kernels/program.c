#include "program.h"

const signature signatures[OP_COUNT] = {SIGNATURES};

/* Words of memory that an operand may touch. */
typedef struct {
  int64_t from, to;
  int written;
} extent;

static extent extent_of(const instruction *i, int operand, int32_t batch) {
  int64_t from = i->operand[operand].offset, length = i->operand[operand].length;
  if (signatures[i->code].batched >> operand & 1) length *= batch;
  return (extent){from, from + length, signatures[i->code].written >> operand & 1};
}

static int conflict(extent a, extent b) { return (a.written || b.written) && a.from < b.to && b.from < a.to; }

/* The words of an operand, a row's where it is batched; 0 where a factor is below 1 or the product beyond 31 bits. */
static int64_t length_of(const instruction *i, int operand) {
  const int8_t *factors = signatures[i->code].length[operand];
  int64_t product = 1;
  for (int f = 0; f < MAX_FACTORS && factors[f]; f++) {
    int64_t factor = factors[f] < 0 ? i->integer[~factors[f]] : factors[f];
    if (factor < 1 || factor > INT32_MAX / product) return 0;
    product *= factor;
  }
  return product;
}

static const char *fault_of_operand(const instruction *i, int operand, int64_t words, int32_t batch) {
  if (i->operand[operand].length <= 0) return "an operand must hold at least one word";
  if (i->operand[operand].length != length_of(i, operand)) return "an operand's length and the attributes do not fit each other";
  extent e = extent_of(i, operand, batch);
  if (e.from < 0 || e.to > words) return "an operand lies outside the memory";
  for (int other = 0; other < operand; other++) {
    if (conflict(e, extent_of(i, other, batch))) return "two operands overlap";
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
      const char *fault = fault_of_operand(i, operand, words, batch);
      *why = (refusal){n, operand, fault};
      if (fault) return 0;
    }
    *why = (refusal){n, -1, "an attribute is out of range"};
    if (k->check && k->check(i)) return 0;
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
      extent e = extent_of(i, operand, batch);
      for (int s = 0; s < touched && !wait; s++) wait = conflict(e, since[s]);
    }
    barrier[n] = n > 0 && wait;
    /* Barriers between an instruction's own phases, too, leave everything before it finished. */
    if (barrier[n] || k->phases > 1) touched = shared_in_use = 0;
    for (int operand = 0; operand < operands; operand++) since[touched++] = extent_of(i, operand, batch);
    shared_in_use |= shared;
  }
}
