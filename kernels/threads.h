/* Threads that walk the same work together. The caller of pool_run is thread 0. */
#ifndef ATELIER_THREADS_H
#define ATELIER_THREADS_H

#include <stdint.h>

typedef struct pool pool;
typedef void work(void *context, int32_t thread);

enum { MAX_THREADS = 64 };

/* Starts threads − 1 workers; NULL when the system refuses them. */
pool *pool_open(int32_t threads);
/* Calls work(context, thread) once on every thread and returns when all have come back. */
void pool_run(pool *, work *, void *context);
/* Within work: returns when every thread has come here. */
void pool_barrier(pool *, int32_t thread);
void pool_close(pool *);

#endif
