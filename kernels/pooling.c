/* Max-pooling by itself; convolutions that pool on their way out share its heart, convolution_pool.h. */
#include "convolution_pool.h"

/* Rows of all images are shared out. */
static void pool(const run *r, const instruction *s, int phase) {
  (void)phase;
  const geometry g = window_of(s);
  const int64_t image = g.height * g.width * g.channels, out = g.outHeight * g.outWidth * g.channels;
  int64_t from, to;
  share_of(r, r->count * g.outHeight, 1, &from, &to);
  for (int64_t row = from; row < to; row++) {
    const int64_t n = row / g.outHeight, i = row % g.outHeight, at = i * g.outWidth * g.channels;
    const pooled source = {.data = r->memory + s->operand[0].offset + n * image, .slots = g.height, .pixel = g.channels};
    pool_row(&g, i, source, g.channels, r->memory + s->operand[1].offset + n * out + at,
             (int32_t *)(r->memory + s->operand[2].offset + n * out), at);
  }
}

/* Rows of all images are shared out here too: a row of dx gathers from all the windows that cover it. */
static void pool_grad(const run *r, const instruction *s, int phase) {
  (void)phase;
  const geometry g = window_of(s);
  const int64_t image = g.height * g.width * g.channels, out = g.outHeight * g.outWidth * g.channels;
  int64_t from, to;
  share_of(r, r->count * g.height, 1, &from, &to);
  while (from < to) {
    const int64_t n = from / g.height, row = from % g.height;
    int64_t last = row + to - from;
    if (last > g.height) last = g.height;
    unpool(&g, row, last, r->memory + s->operand[0].offset + n * out,
           (const int32_t *)(r->memory + s->operand[1].offset + n * out), 0, g.channels,
           r->memory + s->operand[2].offset + n * image + row * g.width * g.channels, g.channels);
    from += last - row;
  }
}

static int check(const instruction *s) {
  const geometry g = window_of(s);
  return !sound(&g);
}

const kernel SUFFIXED(max_pool) = {check, NULL, pool, 1};
const kernel SUFFIXED(max_pool_grad) = {check, NULL, pool_grad, 1};
