/* What holds for programs whatever runs them: their soundness, and where threads must wait for each other. */
#ifndef ATELIER_PROGRAM_H
#define ATELIER_PROGRAM_H

#include "kernel.h"

extern const signature signatures[OP_COUNT];

typedef const kernel *const kernel_table[OP_COUNT];

/* The bytes of an image that an instruction gathers; 0 where it gathers none. */
static inline int64_t gathered_pixels(const instruction *i) {
  const int32_t *a = i->integer;
  if (i->code == OP_GATHER) return a[GATHER_PIXELS];
  if (i->code != OP_GATHER_AUGMENTED) return 0;
  return (int64_t)a[GATHER_AUGMENTED_HEIGHT] * a[GATHER_AUGMENTED_WIDTH] * a[GATHER_AUGMENTED_CHANNELS];
}

/* Why a program was refused: an instruction, one of its operands or −1, and a sentence. */
typedef struct {
  int64_t instruction;
  int32_t operand;
  const char *reason;
} refusal;

/* 1 when every instruction is known, its operands have their lengths and lie apart within `words`, and its attributes are
   sound. */
int program_is_sound(kernel_table kernels, const instruction *program, int64_t length, int64_t words, int32_t batch,
                     refusal *why);

/*
 * barrier[i] becomes 1 where all threads must have finished what came before instruction i: where i touches memory that
 * an instruction since the last barrier touched, one of the two writing; or where both use the shared scratch.
 */
void place_barriers(kernel_table kernels, const instruction *program, int64_t length, int32_t batch, uint8_t *barrier);

#endif
