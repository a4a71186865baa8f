/*
 * The door to WebAssembly: one session an instance, one thread, memory that only grows. src/engine/wasm.ts, which alone
 * comes in here, checks registers and slots before a run; programs are checked as in runtime.c. Memory, from below:
 *
 *   stack, constants | programs | the session's floats | the batch's entries of `order` | scratch | images, labels
 */
#include "program.h"

#define EXPORT(name) __attribute__((export_name(name)))

extern const kernel *const SUFFIXED(kernels)[OP_COUNT];
extern unsigned char __heap_base;

/* Encoded instructions as wasm.ts has written them. */
typedef struct {
  const instruction *instructions;
  int32_t length;
} program;

static struct {
  const program *program;
  run run;
  int32_t *order;
  uint64_t slots; /* where memory for images and labels begins */
} session;

static refusal why;
static int32_t refused;

enum { PAGE = 65536, LINE = 64 };

/* 1 when the memory reaches up to `end`; what it grows by holds zeros. */
static int reach(uint64_t end) {
  uint64_t pages = (end + PAGE - 1) / PAGE, held = __builtin_wasm_memory_size(0);
  if (pages <= held) return 1;
  return pages < PAGE && __builtin_wasm_memory_grow(0, pages - held) != SIZE_MAX;
}

static uint64_t top; /* the end of what was given away; 0 before the first time */

/* Zeros at the start of a cache line; NULL where the system refuses them. */
static void *take(uint64_t bytes) {
  if (!top) top = (uintptr_t)&__heap_base;
  uint64_t start = (top + LINE - 1) / LINE * LINE;
  if (!reach(start + bytes)) return NULL;
  top = start + bytes;
  return (void *)(uintptr_t)start;
}

/* Memory for the encoded programs of a session that is about to be opened. */
EXPORT("allocate") void *allocate(uint32_t bytes) { return take(bytes); }

/* The most that any instruction needs serves all of them. */
static int allocate_scratch(int32_t programs, int32_t batch) {
  size_t shared = 0, own = 0;
  for (int32_t p = 0; p < programs; p++) {
    for (int32_t i = 0; i < session.program[p].length; i++) {
      const instruction *at = &session.program[p].instructions[i];
      const kernel *k = SUFFIXED(kernels)[at->code];
      scratch need = k->need ? k->need(at, batch) : (scratch){0, 0};
      if (need.shared > shared) shared = need.shared;
      if (need.own > own) own = need.own;
    }
  }
  session.run.shared = take(((uint64_t)shared + SLACK) * sizeof(float));
  session.run.own = take(((uint64_t)own + SLACK) * sizeof(float));
  return session.run.shared && session.run.own;
}

enum { OPEN, UNSOUND, NO_MEMORY };

/* Opens the instance's session; why_…() say more where a program is unsound. */
EXPORT("open") int32_t open_session(int32_t words, int32_t batch, const program *programs, int32_t count) {
  for (refused = 0; refused < count; refused++) {
    const program *p = &programs[refused];
    if (!program_is_sound(SUFFIXED(kernels), p->instructions, p->length, words, batch, &why)) return UNSOUND;
  }
  session.program = programs;
  session.run.memory = take(((uint64_t)words + SLACK) * sizeof(float));
  session.run.order = session.order = take((uint64_t)batch * sizeof *session.order);
  if (!session.run.memory || !session.order || !allocate_scratch(count, batch)) return NO_MEMORY;
  session.run.threads = 1;
  session.slots = (top + LINE - 1) / LINE * LINE;
  return OPEN;
}

EXPORT("why_program") int32_t why_program(void) { return refused; }
EXPORT("why_instruction") int32_t why_instruction(void) { return (int32_t)why.instruction; }
EXPORT("why_operand") int32_t why_operand(void) { return why.operand; }
/* Ends with a zero. */
EXPORT("why_reason") const char *why_reason(void) { return why.reason; }

EXPORT("floats") const float *floats(void) { return session.run.memory; }
EXPORT("order") const int32_t *order(void) { return session.order; }

/* Where to put images and, right behind them, labels, if any; NULL where the system refuses the memory. */
EXPORT("bind") uint8_t *bind_slots(uint32_t images, uint32_t labels) {
  if (!reach(session.slots + images + labels + LINE)) return NULL;
  uint8_t *start = (uint8_t *)(uintptr_t)session.slots;
  session.run.images = start;
  session.run.labels = labels > 0 ? start + images : NULL;
  return start;
}

/* Runs a program on `count` examples, whose images order() lists. */
EXPORT("run") void run_program(int32_t number, int32_t count, uint32_t step, uint32_t epoch) {
  run r = session.run;
  r.count = count;
  r.step = step;
  r.epoch = epoch;
  const program *p = &session.program[number];
  for (int32_t n = 0; n < p->length; n++) {
    const instruction *i = &p->instructions[n];
    const kernel *k = SUFFIXED(kernels)[i->code];
    for (int phase = 0; phase < k->phases; phase++) k->compute(&r, i, phase);
  }
}
