#define _GNU_SOURCE
#include "threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/*
 * Whoever waits spins a moment, then gives the processor away at every look: on a machine with other work the thread
 * that is waited for may stand in line for this very processor. A worker without a run sleeps at last.
 */
enum { SPINS = 64, IDLE_NANOSECONDS = 60000 };

typedef struct {
  pthread_t handle;
  pool *owner;
  int32_t thread;
} worker;

struct pool {
  int32_t threads;
  int spins; /* none where there are more threads than processors: they would only keep the others from running */
  work *job;
  void *context;
  _Alignas(64) atomic_uint generation; /* counts runs */
  atomic_int closing;
  /* Barrier: arrivals since the beginning. A thread's n-th barrier is passed at n·threads arrivals. */
  _Alignas(64) atomic_ullong arrivals;
  struct {
    _Alignas(64) unsigned long long passed;
  } at[MAX_THREADS];
  _Alignas(64) pthread_mutex_t lock;
  pthread_cond_t wake;
  int sleepers; /* under the lock */
  worker workers[MAX_THREADS];
};

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int all_have_arrived(pool *p, unsigned long long wanted) {
  return atomic_load_explicit(&p->arrivals, memory_order_acquire) >= wanted;
}

static void wait_for_arrivals(pool *p, unsigned long long wanted) {
  for (int i = 0; i < p->spins; i++) {
    if (all_have_arrived(p, wanted)) return;
    relax();
  }
  while (!all_have_arrived(p, wanted)) sched_yield();
}

static unsigned long long arrive(pool *p, int32_t thread) {
  unsigned long long wanted = p->at[thread].passed += (unsigned)p->threads;
  atomic_fetch_add_explicit(&p->arrivals, 1, memory_order_acq_rel);
  return wanted;
}

void pool_barrier(pool *p, int32_t thread) {
  if (p->threads > 1) wait_for_arrivals(p, arrive(p, thread));
}

static int is_called(pool *p, unsigned seen) {
  return atomic_load_explicit(&p->generation, memory_order_acquire) != seen;
}

static void wait_for_call(pool *p, unsigned seen) {
  for (int i = 0; i < p->spins; i++) {
    if (is_called(p, seen)) return;
    relax();
  }
  if (p->spins > 0) {
    for (int64_t end = nanoseconds() + IDLE_NANOSECONDS; nanoseconds() < end; sched_yield()) {
      if (is_called(p, seen)) return;
    }
  }
  pthread_mutex_lock(&p->lock);
  p->sleepers++;
  while (!is_called(p, seen)) pthread_cond_wait(&p->wake, &p->lock);
  p->sleepers--;
  pthread_mutex_unlock(&p->lock);
}

static void *live(void *self) {
  worker *w = self;
  pool *p = w->owner;
  for (unsigned seen = 0;; seen++) {
    wait_for_call(p, seen);
    if (atomic_load_explicit(&p->closing, memory_order_relaxed)) return NULL;
    p->job(p->context, w->thread);
    arrive(p, w->thread);
  }
}

/* Everything written before it is seen by whoever sees the new generation. */
static void call(pool *p) {
  pthread_mutex_lock(&p->lock);
  atomic_fetch_add_explicit(&p->generation, 1, memory_order_release);
  if (p->sleepers > 0) pthread_cond_broadcast(&p->wake);
  pthread_mutex_unlock(&p->lock);
}

void pool_run(pool *p, work *job, void *context) {
  if (p->threads == 1) {
    job(context, 0);
    return;
  }
  p->job = job;
  p->context = context;
  call(p);
  job(context, 0);
  wait_for_arrivals(p, arrive(p, 0));
}

/* Processors that this process may use. */
static int processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

pool *pool_open(int32_t threads) {
  pool *p = aligned_alloc(64, sizeof *p);
  if (!p) return NULL;
  *p = (pool){.threads = 1, .spins = threads > processors() ? 0 : SPINS};
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->wake, NULL);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 2 << 20);
  int refused = 0;
  for (int32_t i = 1; i < threads && !refused; i++) {
    p->workers[i] = (worker){.owner = p, .thread = i};
    refused = pthread_create(&p->workers[i].handle, &attributes, live, &p->workers[i]);
    if (!refused) p->threads++;
  }
  pthread_attr_destroy(&attributes);
  if (!refused) return p;
  pool_close(p);
  return NULL;
}

void pool_close(pool *p) {
  atomic_store_explicit(&p->closing, 1, memory_order_relaxed);
  call(p);
  for (int32_t i = 1; i < p->threads; i++) pthread_join(p->workers[i].handle, NULL);
  pthread_cond_destroy(&p->wake);
  pthread_mutex_destroy(&p->lock);
  free(p);
}
