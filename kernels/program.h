/* What holds for programs whatever runs them: their soundness, and where threads must wait for each other. */
#ifndef ATELIER_PROGRAM_H
#define ATELIER_PROGRAM_H

#include "kernel.h"

/* The operands of an operation as src/engine/operations.ts declares them; bit i stands for operand i. */
typedef struct {
  uint8_t operands;
  uint32_t written;
} signature;

extern const signature signatures[OP_COUNT];

typedef const kernel *const kernel_table[OP_COUNT];

/* The bytes of an image that an instruction gathers; 0 where it gathers none. */
static inline int64_t gathered_pixels(const instruction *i) {
  if (i->code == OP_GATHER) return i->integer[0];
  return i->code == OP_GATHER_AUGMENTED ? (int64_t)i->integer[0] * i->integer[1] * i->integer[2] : 0;
}

/* Why a program was refused: an instruction, one of its operands or −1, and a sentence. */
typedef struct {
  int64_t instruction;
  int32_t operand;
  const char *reason;
} refusal;

/* 1 when every instruction is known, its attributes are sound and its operands lie apart within `words`. */
int program_is_sound(kernel_table kernels, const instruction *program, int64_t length, int64_t words, int32_t batch,
                     refusal *why);

/*
 * barrier[i] becomes 1 where all threads must have finished what came before instruction i: where i touches memory that
 * an instruction since the last barrier touched, one of the two writing; or where both use the shared scratch.
 */
void place_barriers(kernel_table kernels, const instruction *program, int64_t length, int32_t batch, uint8_t *barrier);

#endif
