/*
 * Runs plans of networks on many threads, for ThreadSanitizer: Node itself is not instrumented, so a program of C must be.
 * scripts/test-threads.mjs builds it and writes the plans. Ends with 1 where threads change a bit.
 *
 *   driver PLAN…
 *
 * A plan is a file of 32-bit words: words, batch, pixels of an image, programs; then each program's length in instructions
 * and its records.
 */
#define _GNU_SOURCE
#include "../../kernels/runtime.h"
#include "../../kernels/threads.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PROGRAMS = 8, IMAGES = 16, RUNS = 14, SIDE_BY_SIDE = 3, POOLS = 100 };

typedef struct {
  int32_t words, batch, pixels, programs;
} head;

typedef struct {
  head head;
  const instruction *program[MOST_PROGRAMS];
  int64_t length[MOST_PROGRAMS];
} plan;

static void fail(const char *what) {
  fprintf(stderr, "driver: %s\n", what);
  exit(1);
}

static void *read_some(FILE *file, size_t bytes) {
  void *data = malloc(bytes + 1);
  if (!data || fread(data, 1, bytes, file) != bytes) fail("a plan is cut short");
  return data;
}

static plan read_plan(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  plan p = {0};
  head *h = read_some(file, sizeof *h);
  p.head = *h;
  free(h);
  if (p.head.programs > MOST_PROGRAMS) fail("a plan has too many programs");
  for (int32_t i = 0; i < p.head.programs; i++) {
    int32_t *length = read_some(file, sizeof *length);
    p.length[i] = *length;
    p.program[i] = read_some(file, (size_t)*length * sizeof(instruction));
    free(length);
  }
  fclose(file);
  return p;
}

/* Any numbers, the same every time. */
static uint32_t next(uint32_t *state) { return *state = *state * 1664525u + 1013904223u; }

/* The memory after some runs of every program, with pauses in which the workers fall asleep. To be freed. */
static float *train(const plan *p, int32_t threads) {
  static const char variant[] = "baseline";
  char message[MESSAGE_BYTES];
  fault whose;
  const session_request q = {.variant = variant, .words = p->head.words, .batch = p->head.batch, .threads = threads,
                             .programs = p->head.programs, .program = p->program, .length = p->length};
  session *s = session_open(&q, &whose, message);
  if (!s) fail(message);
  uint32_t state = 1;
  float *floats = session_floats(s);
  for (int32_t i = 0; i < p->head.words; i++) floats[i] = ((float)(next(&state) >> 8) / (1 << 24) - 0.5f) / 8;
  uint8_t *images = malloc((size_t)IMAGES * p->head.pixels), labels[IMAGES];
  int32_t order[IMAGES], *registers = session_registers(s);
  if (!images) fail("no memory");
  for (int32_t i = 0; i < IMAGES * p->head.pixels; i++) images[i] = (uint8_t)(next(&state) >> 24);
  for (int32_t i = 0; i < IMAGES; i++) labels[i] = (uint8_t)(i % 10), order[i] = i * 7 % IMAGES;
  const slots given = {images, labels, order, (int64_t)IMAGES * p->head.pixels, IMAGES, IMAGES};
  for (int32_t run = 0; run < RUNS; run++) {
    registers[REGISTER_COUNT] = run % 3 ? p->head.batch : 1 + run % p->head.batch;
    registers[REGISTER_POSITION] = run % 4;
    registers[REGISTER_STEP] = run;
    registers[REGISTER_EPOCH] = 1 + run / 4;
    for (int32_t i = 0; i < p->head.programs; i++) {
      if (!session_run(s, i, &given, message)) fail(message);
    }
    if (run % 5 == 4) usleep(500);
  }
  float *result = malloc((size_t)p->head.words * sizeof *result);
  if (!result) fail("no memory");
  memcpy(result, floats, (size_t)p->head.words * sizeof *result);
  session_close(s);
  free(images);
  return result;
}

typedef struct {
  const plan *plan;
  const float *expected; /* as one thread has it */
  int32_t threads;
} trial;

static void *compare(void *given) {
  const trial *t = given;
  float *found = train(t->plan, t->threads);
  if (memcmp(found, t->expected, (size_t)t->plan->head.words * sizeof *found)) fail("threads change a bit");
  free(found);
  return NULL;
}

static void try_plan(const char *path) {
  const plan p = read_plan(path);
  float *expected = train(&p, 1);
  trial trials[SIDE_BY_SIDE];
  pthread_t callers[SIDE_BY_SIDE];
  for (int i = 0; i < SIDE_BY_SIDE; i++) {
    trials[i] = (trial){&p, expected, 2 + i};
    if (pthread_create(&callers[i], NULL, compare, &trials[i])) fail("the system refused a thread");
  }
  for (int i = 0; i < SIDE_BY_SIDE; i++) pthread_join(callers[i], NULL);
  for (int32_t i = 0; i < p.head.programs; i++) free((void *)p.program[i]);
  free(expected);
}

typedef struct {
  pool *pool;
  int32_t reached[MAX_THREADS];
} meeting;

/* Each writes, and behind the barrier reads what another wrote. */
static void meet(void *given, int32_t thread) {
  meeting *m = given;
  m->reached[thread]++;
  pool_barrier(m->pool, thread);
  if (m->reached[0] != m->reached[thread]) fail("a barrier let a thread pass too early");
  pool_barrier(m->pool, thread);
}

/* Pools that are closed at once, while their workers start, while they wait and while they sleep. */
static void churn(void) {
  for (int i = 0; i < POOLS; i++) {
    meeting m = {.pool = pool_open(1 + i % 5)};
    if (!m.pool) fail("the system refused threads");
    for (int run = 0; run < i % 4; run++) pool_run(m.pool, meet, &m);
    if (i % 7 == 0) usleep(300);
    pool_close(m.pool);
  }
}

int main(int count, char **paths) {
  for (int i = 1; i < count; i++) try_plan(paths[i]);
  churn();
  printf("%d plans and %d pools: no race, no bit changed\n", count - 1, POOLS);
}
