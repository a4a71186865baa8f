/* Average-pooling: src/engine/reference/pooling.ts. Images are shared out; lanes are channels. */
#include "convolution.h"
#include "vector_math.h"

/* The rows and columns of the image that window (i, j) sees. */
typedef struct {
  int64_t top, bottom, left, right;
} view;

static view view_of(const geometry *g, int64_t i, int64_t j) {
  int64_t top = i * g->strideHeight - g->padTop, left = j * g->strideWidth - g->padLeft;
  int64_t bottom = top + g->kernelHeight, right = left + g->kernelWidth;
  return (view){top < 0 ? 0 : top, bottom > g->height ? g->height : bottom, left < 0 ? 0 : left,
                right > g->width ? g->width : right};
}

/* Windows wholly in the padding see nothing. */
static float seen(view v) {
  return v.bottom > v.top && v.right > v.left ? (float)((v.bottom - v.top) * (v.right - v.left)) : 0.0f;
}

static void pool(const run *r, const instruction *at, int phase) {
  (void)phase;
  const geometry g = window_of(at);
  int64_t from, to;
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    const float *x = r->memory + at->operand[0].offset + n * g.height * g.width * g.channels;
    float *y = r->memory + at->operand[1].offset + n * g.outHeight * g.outWidth * g.channels;
    for (int64_t i = 0; i < g.outHeight; i++) {
      for (int64_t j = 0; j < g.outWidth; j++, y += g.channels) {
        const view v = view_of(&g, i, j);
        for (int64_t c = 0; c < g.channels; c += LANES) {
          int64_t left = g.channels - c;
          vec sum = {0};
          for (int64_t row = v.top; row < v.bottom; row++) {
            for (int64_t column = v.left; column < v.right; column++) {
              sum += some(x + (row * g.width + column) * g.channels + c, left);
            }
          }
          store_some(y + c, sum / seen(v), left);
        }
      }
    }
  }
}

static void pool_grad(const run *r, const instruction *at, int phase) {
  (void)phase;
  const geometry g = window_of(at);
  int64_t from, to;
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    const float *dy = r->memory + at->operand[0].offset + n * g.outHeight * g.outWidth * g.channels;
    float *dx = r->memory + at->operand[1].offset + n * g.height * g.width * g.channels;
    __builtin_memset(dx, 0, (size_t)(g.height * g.width * g.channels) * sizeof *dx);
    for (int64_t i = 0; i < g.outHeight; i++) {
      for (int64_t j = 0; j < g.outWidth; j++, dy += g.channels) {
        const view v = view_of(&g, i, j);
        for (int64_t c = 0; c < g.channels; c += LANES) {
          int64_t left = g.channels - c;
          vec share = some(dy + c, left) / seen(v);
          for (int64_t row = v.top; row < v.bottom; row++) {
            for (int64_t column = v.left; column < v.right; column++) {
              float *pixel = dx + (row * g.width + column) * g.channels + c;
              store_some(pixel, some(pixel, left) + share, left);
            }
          }
        }
      }
    }
  }
}

static int check(const instruction *s) {
  const geometry g = window_of(s);
  return !sound(&g);
}

const kernel SUFFIXED(average_pool) = {check, NULL, pool, 1};
const kernel SUFFIXED(average_pool_grad) = {check, NULL, pool_grad, 1};
