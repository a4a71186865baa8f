/* Measuring the processor rather than a network: the variants' peaks, on as many threads as asked for. */
#ifndef __wasm__
#include "peak.h"
#include "threads.h"
#include "runtime.h"

#include <stdlib.h>

#define DECLARE(name) extern peak peak_##name##_strict, peak_##name##_fused
#define ROW(name) {#name, peak_##name##_strict, peak_##name##_fused}
#if defined(__x86_64__) && !defined(ONLY_BASELINE)
DECLARE(avx512);
DECLARE(avx2);
DECLARE(baseline);
#elif defined(__aarch64__)
DECLARE(neon);
#else
DECLARE(baseline);
#endif

static const struct {
  const char *name;
  peak *strict, *fused;
} built[] = {
#if defined(__x86_64__) && !defined(ONLY_BASELINE)
    ROW(avx512), ROW(avx2), ROW(baseline),
#elif defined(__aarch64__)
    ROW(neon),
#else
    ROW(baseline),
#endif
};

/* NULL where it was not built or where this processor does not run it. */
static peak *find_peak(const char *name, int fused) {
  for (int i = 0; variant_name(i); i++) {
    if (strcmp(variant_name(i), name)) continue;
    for (size_t n = 0; n < sizeof built / sizeof *built; n++) {
      if (!strcmp(built[n].name, name)) return fused ? built[n].fused : built[n].strict;
    }
  }
  return NULL;
}

typedef struct {
  peak *measured;
  int64_t rounds;
  double operations[MAX_THREADS];
} context;

static void measure(void *data, int32_t thread) {
  context *c = data;
  float own[PEAK_FLOATS] __attribute__((aligned(64)));
  c->operations[thread] = c->measured(c->rounds, own);
}

double peak_run(const char *variant, int fused, int32_t threads, int64_t rounds) {
  context c = {.measured = find_peak(variant, fused), .rounds = rounds};
  pool *p = c.measured && threads >= 1 && threads <= MAX_THREADS ? pool_open(threads) : NULL;
  double operations = 0;
  if (!p) return 0;
  pool_run(p, measure, &c);
  pool_close(p);
  for (int32_t i = 0; i < threads; i++) operations += c.operations[i];
  return operations;
}
#endif
