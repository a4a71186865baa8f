#define _GNU_SOURCE
#include "runtime.h"
#include "threads.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

/* ---- Variants: one line each, the best first; ONLY_BASELINE leaves the others out, where a test must be built soon. ---- */

typedef struct {
  const char *name;
  const kernel *const *strict, *const *fused;
} variant;

#define DECLARE(name) extern kernel_table kernels_##name##_strict, kernels_##name##_fused
#define ROW(name) {#name, kernels_##name##_strict, kernels_##name##_fused}
#if defined(__x86_64__) && !defined(ONLY_BASELINE)
DECLARE(avx512);
DECLARE(avx2);
DECLARE(baseline);
static const variant built[] = {ROW(avx512), ROW(avx2), ROW(baseline)};
#elif defined(__aarch64__)
DECLARE(neon);
static const variant built[] = {ROW(neon)};
#else
DECLARE(baseline);
static const variant built[] = {ROW(baseline)};
#endif
enum { BUILT = sizeof built / sizeof *built };

static int processor_runs(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init(); /* these ask the operating system's consent, too */
  if (!strcmp(name, "avx512")) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
  }
  if (!strcmp(name, "avx2")) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  (void)name;
  return 1;
}

static const variant *variant_at(int index) {
  for (int i = 0; i < BUILT; i++) {
    if (processor_runs(built[i].name) && index-- == 0) return &built[i];
  }
  return NULL;
}

const char *variant_name(int index) {
  const variant *v = variant_at(index);
  return v ? v->name : NULL;
}

static const variant *find_variant(const char *name) {
  for (int i = 0;; i++) {
    const variant *v = variant_at(i);
    if (!v || !strcmp(v->name, name)) return v;
  }
}

/* ---- Memory ---- */

struct memory {
  atomic_int holders;
  void *start;
  size_t mapped; /* bytes to unmap; 0 where it was lent */
};

enum { HUGE_PAGE = 2 << 20 };

static int64_t rounded(int64_t n, int64_t size) { return (n + size - 1) / size * size; }

static int64_t registers_offset(int64_t words) { return rounded((words + SLACK) * (int64_t)sizeof(float), 64); }

int64_t memory_bytes(int64_t words) { return registers_offset(words) + 64; }

static char *map_pages(size_t bytes) {
  char *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return start == MAP_FAILED ? NULL : start;
}

#if defined(__SANITIZE_ADDRESS__)
/* From the heap, around which AddressSanitizer sees every step aside; gigabytes, which filling would touch, as pages. */
enum { HEAP_BYTES = 64 << 20 };
static void *map_zeros(size_t bytes, size_t *mapped) {
  *mapped = (size_t)rounded((int64_t)bytes, 64);
  if (bytes > HEAP_BYTES) return map_pages(*mapped);
  void *start = aligned_alloc(64, *mapped);
  return start ? memset(start, 0, bytes) : NULL;
}
static void unmap(void *start, size_t mapped) {
  if (mapped > HEAP_BYTES) munmap(start, mapped);
  else free(start);
}
#else
static void unmap(void *start, size_t mapped) { munmap(start, mapped); }

/* Zeros, from 1 MiB on aligned to huge pages, which the system may then use: fewer misses of the address translation
   cache. */
static void *map_zeros(size_t bytes, size_t *mapped) {
  if (bytes < HUGE_PAGE / 2) return map_pages(*mapped = bytes);
  *mapped = (size_t)rounded((int64_t)bytes, HUGE_PAGE) + HUGE_PAGE;
  char *start = map_pages(*mapped);
  if (!start) return NULL;
  char *aligned = (char *)(uintptr_t)rounded((int64_t)(uintptr_t)start, HUGE_PAGE);
  size_t before = (size_t)(aligned - start), after = HUGE_PAGE - before;
  if (before) munmap(start, before);
  if (after) munmap(aligned + *mapped - HUGE_PAGE, after);
  *mapped -= HUGE_PAGE;
#ifdef MADV_HUGEPAGE
  madvise(aligned, *mapped, MADV_HUGEPAGE);
#endif
  return aligned;
}
#endif

static memory *memory_open(int64_t words, void *lent) {
  memory *m = calloc(1, sizeof *m);
  if (!m) return NULL;
  m->holders = 1;
  m->start = lent ? lent : map_zeros((size_t)memory_bytes(words), &m->mapped);
  if (m->start) return m;
  free(m);
  return NULL;
}

void memory_retain(memory *m) { atomic_fetch_add(&m->holders, 1); }

void memory_discard(memory *m) {
  if (m->mapped) unmap(m->start, m->mapped);
  m->start = NULL;
  m->mapped = 0;
}

void memory_release(memory *m) {
  if (atomic_fetch_sub(&m->holders, 1) > 1) return;
  memory_discard(m);
  free(m);
}

void *memory_start(memory *m) { return m->start; }

/* ---- Sessions ---- */

/*
 * How many threads walk a program: all of them, or one where it is the sooner done, as a small step may be when the
 * processors are busy or far from each other. It is found by timing: at the beginning of every period a few runs are
 * walked by all, then a few by one. Results do not depend on it.
 */
enum { WARM_UP = 2, TRIALS = 4, PERIOD = 1024 };
typedef struct {
  int64_t runs;
  int64_t together, alone; /* the least nanoseconds of this period's trials */
} pace;

typedef struct {
  int64_t length;
  instruction *instructions;
  uint8_t *barrier;
  int64_t pixels; /* the most that a gather takes from an image; 0 where there is none */
  pace pace;
} program;

struct session {
  memory *memory;
  float *floats;
  int32_t *registers;
  int32_t batch, threads, programs;
  program *program;
  const kernel *const *kernels;
  pool *pool;
  char *scratch; /* shared first, then each thread's own */
  size_t scratch_mapped, own_offset, own_stride;
  int32_t *order; /* the batch's entries, copied: nobody can change them once they are checked */
  /* The run under way. */
  run current;
  const program *walked;
};

static int refuse(char message[MESSAGE_BYTES], const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, MESSAGE_BYTES, format, arguments);
  va_end(arguments);
  return 0;
}

static int copy_program(session *s, program *p, const instruction *from, int64_t length) {
  p->length = length;
  p->instructions = malloc((size_t)(length > 0 ? length : 1) * sizeof *p->instructions);
  p->barrier = calloc((size_t)(length > 0 ? length : 1), 1);
  if (!p->instructions || !p->barrier) return 0;
  if (length > 0) memcpy(p->instructions, from, (size_t)length * sizeof *from);
  for (int64_t i = 0; i < length; i++) {
    int64_t pixels = gathered_pixels(&from[i]);
    if (pixels > p->pixels) p->pixels = pixels;
  }
  place_barriers(s->kernels, p->instructions, length, s->batch, p->barrier);
  return 1;
}

static int check_request(const session_request *q, const variant *v, char message[MESSAGE_BYTES]) {
  if (!v) return refuse(message, "open: expected a variant that was built and that this processor runs, received %s.", q->variant);
  if (q->words < 1 || q->words > INT32_MAX) return refuse(message, "open: expected 1 to 2³¹ − 1 words of memory, received %lld.", (long long)q->words);
  if (q->batch < 1) return refuse(message, "open: expected a batch of at least 1, received %d.", q->batch);
  if (q->threads < 1 || q->threads > MAX_THREADS) return refuse(message, "open: expected 1 to %d threads, received %d.", MAX_THREADS, q->threads);
  return 1;
}

static int check_programs(const session_request *q, const kernel *const *kernels, char message[MESSAGE_BYTES]) {
  for (int32_t p = 0; p < q->programs; p++) {
    refusal why;
    if (program_is_sound(kernels, q->program[p], q->length[p], q->words, q->batch, &why)) continue;
    return refuse(message, "open: program %d, instruction %lld (code %d), operand %d: %s.", p, (long long)why.instruction,
                  q->program[p][why.instruction].code, why.operand, why.reason);
  }
  return 1;
}

/* The most that any instruction needs serves all of them. */
static int open_scratch(session *s, const session_request *q) {
  size_t shared = 0, own = 0;
  for (int32_t p = 0; p < q->programs; p++) {
    for (int64_t i = 0; i < q->length[p]; i++) {
      const instruction *at = &q->program[p][i];
      const kernel *k = s->kernels[at->code];
      scratch need = k->need ? k->need(at, q->batch) : (scratch){0, 0};
      if (need.shared > shared) shared = need.shared;
      if (need.own > own) own = need.own;
    }
  }
  if (shared > INT32_MAX || own > INT32_MAX) return 0;
  s->own_offset = (size_t)rounded((int64_t)((shared + SLACK) * sizeof(float)), 4096);
  /* An odd number of lines apart, so that the threads' scratches do not meet in the same sets of a shared cache. */
  s->own_stride = (size_t)rounded((int64_t)((own + SLACK) * sizeof(float)), 4096) + 64;
  s->scratch = map_zeros(s->own_offset + s->own_stride * (size_t)q->threads, &s->scratch_mapped);
  return s->scratch != NULL;
}

static int fill(session *s, const session_request *q) {
  s->memory = memory_open(q->words, q->lent);
  if (!s->memory) return 0;
  s->floats = s->memory->start;
  s->registers = (int32_t *)((char *)s->memory->start + registers_offset(q->words));
  s->order = malloc((size_t)q->batch * sizeof *s->order);
  s->program = calloc((size_t)q->programs + 1, sizeof *s->program);
  if (!s->order || !s->program || !open_scratch(s, q)) return 0;
  for (s->programs = 0; s->programs < q->programs;) {
    int32_t p = s->programs++;
    if (!copy_program(s, &s->program[p], q->program[p], q->length[p])) return 0;
  }
  s->pool = pool_open(q->threads);
  return s->pool != NULL;
}

session *session_open(const session_request *q, fault *whose, char message[MESSAGE_BYTES]) {
  const variant *v = find_variant(q->variant);
  *whose = UNSOUND_REQUEST;
  if (!check_request(q, v, message)) return NULL;
  const kernel *const *kernels = q->fused ? v->fused : v->strict;
  if (!check_programs(q, kernels, message)) return NULL;
  session *s = calloc(1, sizeof *s);
  if (s) {
    s->batch = q->batch;
    s->threads = q->threads;
    s->kernels = kernels;
    if (fill(s, q)) return s;
    session_close(s);
  }
  *whose = SYSTEM_REFUSED;
  refuse(message, "open: the system refused %lld bytes of memory or %d threads.", (long long)memory_bytes(q->words), q->threads);
  return NULL;
}

void session_close(session *s) {
  if (s->pool) pool_close(s->pool);
  for (int32_t p = 0; p < s->programs; p++) {
    free(s->program[p].instructions);
    free(s->program[p].barrier);
  }
  free(s->program);
  free(s->order);
  if (s->scratch) unmap(s->scratch, s->scratch_mapped);
  if (s->memory) memory_release(s->memory);
  free(s);
}

memory *memory_of(session *s) { return s->memory; }
float *session_floats(session *s) { return s->floats; }
int32_t *session_registers(session *s) { return s->registers; }

int session_gathers(session *s, int32_t program) {
  return program >= 0 && program < s->programs && s->program[program].pixels > 0;
}

static void walk(void *context, int32_t thread) {
  session *s = context;
  run r = s->current;
  r.thread = thread;
  r.own = (float *)(s->scratch + s->own_offset + s->own_stride * (size_t)thread);
  const program *p = s->walked;
  for (int64_t n = 0; n < p->length; n++) {
    const instruction *i = &p->instructions[n];
    const kernel *k = s->kernels[i->code];
    if (p->barrier[n] && r.threads > 1) pool_barrier(s->pool, thread);
    for (int phase = 0; phase < k->phases; phase++) {
      if (phase > 0 && r.threads > 1) pool_barrier(s->pool, thread);
      k->compute(&r, i, phase);
    }
  }
}

static int64_t nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void walk_with(session *s, int32_t threads) {
  s->current.threads = threads;
  if (threads > 1) pool_run(s->pool, walk, s);
  else walk(s, 0);
}

static void walk_timed(session *s, int32_t threads, int64_t *least) {
  int64_t began = nanoseconds();
  walk_with(s, threads);
  int64_t took = nanoseconds() - began;
  if (took < *least) *least = took;
}

/* Walks a program with as many threads as are the soonest done. */
static void walk_at_pace(session *s, pace *p) {
  int64_t run = p->runs++ - WARM_UP, trial = run % PERIOD;
  if (run < 0 || s->threads == 1) return walk_with(s, s->threads);
  if (trial == 0) p->together = p->alone = INT64_MAX;
  if (trial < TRIALS) return walk_timed(s, s->threads, &p->together);
  /* One trial is enough where one thread is far behind. */
  int is_behind = p->alone < INT64_MAX && p->alone > p->together + p->together / 2;
  if (trial < 2 * TRIALS && !is_behind) return walk_timed(s, 1, &p->alone);
  walk_with(s, p->alone < p->together ? 1 : s->threads);
}

/* Copies the batch's entries of `order`; every image that they name must exist. */
static int take_order(session *s, const slots *given, int64_t pixels, int32_t count, int32_t position, char message[MESSAGE_BYTES]) {
  if (!given) return refuse(message, "run: expected images bound to the session, received none.");
  if (position < 0 || (int64_t)position + count > given->order_length) {
    return refuse(message, "run: position: expected a batch within %lld entries of order, received %d to %lld.",
                  (long long)given->order_length, position, (long long)position + count);
  }
  int64_t known = given->images_length / pixels;
  if (given->labels_length > 0 && given->labels_length < known) known = given->labels_length;
  memcpy(s->order, given->order + position, (size_t)count * sizeof *s->order);
  for (int32_t n = 0; n < count; n++) {
    if (s->order[n] >= 0 && s->order[n] < known) continue;
    return refuse(message, "order: expected image numbers below %lld, received %d.", (long long)known, s->order[n]);
  }
  return 1;
}

int session_run(session *s, int32_t program, const slots *given, char message[MESSAGE_BYTES]) {
  if (program < 0 || program >= s->programs) return refuse(message, "run: expected a program of the plan, received number %d.", program);
  const volatile int32_t *registers = s->registers; /* read once: what was checked is what is used */
  int32_t count = registers[REGISTER_COUNT], position = registers[REGISTER_POSITION];
  if (count < 1 || count > s->batch) return refuse(message, "run: count: expected 1 to %d examples, received %d.", s->batch, count);
  s->walked = &s->program[program];
  if (s->walked->pixels > 0 && !take_order(s, given, s->walked->pixels, count, position, message)) return 0;
  s->current = (run){
      .memory = s->floats,
      .count = count,
      .position = 0,
      .step = (uint32_t)registers[REGISTER_STEP],
      .epoch = (uint32_t)registers[REGISTER_EPOCH],
      .images = given ? given->images : NULL,
      .labels = given && given->labels_length > 0 ? given->labels : NULL,
      .order = s->order,
      .threads = s->threads,
      .shared = (float *)s->scratch,
  };
  walk_at_pace(s, &s->program[program].pace);
  return 1;
}
