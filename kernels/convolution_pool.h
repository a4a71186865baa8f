/*
 * Max-pooling of one window at a time, for pooling.c and for the convolutions that pool on their way out. Lanes are channels.
 *
 * `argmax` holds which pixel of its window was the first largest, counted row by row over the whole window: a byte a value,
 * or a word where a window has more than 127 pixels. It is NOWHERE where the window lies in the padding altogether, and
 * where a ReLU stands before the pool and the largest value is not above zero: no gradient passes there.
 */
#ifndef ATELIER_CONVOLUTION_POOL_H
#define ATELIER_CONVOLUTION_POOL_H

#include "convolution.h"


enum { NOWHERE = -1 };
typedef int8_t bytes __attribute__((vector_size(LANES), aligned(1), may_alias));

static inline int fits_bytes(const geometry *g) { return g->kernelHeight * g->kernelWidth <= 127; }

static inline ivec load_where(const int32_t *argmax, int64_t at, int small) {
  if (small) return __builtin_convertvector(*(const bytes *)((const int8_t *)argmax + at), ivec);
  return *(const ivec *)(argmax + at);
}

static inline void store_where(int32_t *argmax, int64_t at, ivec where, int64_t lanes, int small) {
  int8_t *narrow = (int8_t *)argmax + at;
  if (!small) store_some((float *)argmax + at, (vec)where, lanes);
  else if (lanes >= LANES) *(bytes *)narrow = __builtin_convertvector(where, bytes);
  else for (int i = 0; i < lanes; i++) narrow[i] = (int8_t)where[i];
}

/* The taps of one window that lie inside the image, and where its first tap is. */
typedef struct {
  interval rows, columns;
  int64_t row, column;
} window;

static inline window window_at(const geometry *g, int64_t i, int64_t j) {
  window v = {.row = i * g->strideHeight - g->padTop, .column = j * g->strideWidth - g->padLeft};
  v.rows = inside(g->kernelHeight, 1, v.row, g->height);
  v.columns = inside(g->kernelWidth, 1, v.column, g->width);
  if (v.columns.from == v.columns.to) v.rows.to = v.rows.from;
  return v;
}

/* What is pooled: row r lies at (r mod slots)·width pixels of `pixel` floats. Where `raw`, values still want bias and ReLU. */
typedef struct {
  const float *data;
  int64_t slots, pixel;
  const float *bias;
  int raw, relu;
} pooled;

ALWAYS vec value_of(pooled from, const float *x, vec bias) {
  if (!from.raw) return load(x);
  const vec sum = load(x) + bias;
  return from.relu ? rectify(sum) : sum;
}

/* The largest of one window, LANES channels, and where: `corner` is the first of its rows × columns taps in the image. */
typedef struct {
  vec best;
  ivec where;
} largest;

ALWAYS largest largest_of(pooled from, const float *corner, int64_t row, int64_t slot, int64_t rows, int64_t columns,
                          int32_t first, int64_t kernelWidth, vec bias) {
  const float *x = corner + slot * row;
  largest l = {value_of(from, x, bias), first - (ivec){0}};
  UNROLL for (int64_t a = 0; a < rows; a++) {
    UNROLL for (int64_t b = 0; b < columns; b++) {
      const vec value = value_of(from, x + b * from.pixel, bias);
      const ivec larger = (ivec)(value > l.best);
      l.best = choose(larger, value, l.best);
      l.where = (l.where & ~larger) | ((int32_t)(first + a * kernelWidth + b) & larger);
    }
    if (++slot == from.slots) slot = 0;
    x = corner + slot * row;
  }
  return l;
}

/* One row of windows, channels [0, lanes) from where y, argmax + at, bias and the source's data point. */
ALWAYS void pool_row(const geometry *g, int64_t i, pooled from, int64_t lanes, float *y, int32_t *argmax, int64_t at) {
  const int small = fits_bytes(g), two = g->kernelHeight == 2 && g->kernelWidth == 2;
  const int64_t row = from.pixel * g->width;
  const window top = window_at(g, i, 0);
  const int64_t slot = (top.row + top.rows.from) % from.slots;
  for (int64_t j = 0; j < g->outWidth; j++) {
    const window v = window_at(g, i, j);
    const int64_t rows = v.rows.to - v.rows.from, columns = v.columns.to - v.columns.from, out = j * g->channels;
    const int32_t first = (int32_t)(v.rows.from * g->kernelWidth + v.columns.from);
    const float *corner = from.data + (v.column + v.columns.from) * from.pixel;
    for (int64_t c = 0; c < lanes; c += LANES) {
      const vec bias = from.raw ? load(from.bias + c) : splat(0);
      largest l = {splat(-__builtin_inff()), NOWHERE - (ivec){0}};
      if (two && rows == 2 && columns == 2) l = largest_of(from, corner + c, row, slot, 2, 2, 0, 2, bias);
      else if (rows > 0) l = largest_of(from, corner + c, row, slot, rows, columns, first, g->kernelWidth, bias);
      if (from.relu) l.where |= ~(ivec)(l.best > 0);
      store_some(y + out + c, l.best, lanes - c);
      store_where(argmax, at + out + c, l.where, lanes - c, small);
    }
  }
}

/* Whether windows lie side by side and cover the whole axis. */
static inline int tiles_axis(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t pad) {
  return kernel == stride && out * stride - pad >= in;
}
static inline int tiles_image(const geometry *g) {
  return tiles_axis(g->height, g->outHeight, g->kernelHeight, g->strideHeight, g->padTop) &&
         tiles_axis(g->width, g->outWidth, g->kernelWidth, g->strideWidth, g->padLeft);
}

/* One window's share of the gradient, LANES channels: x is the first of rows × columns taps; `fresh` where x holds none yet. */
ALWAYS void spread(float *x, int64_t row, int64_t pixel, int64_t rows, int64_t columns, int32_t first,
                   int64_t kernelWidth, vec slope, ivec where, int fresh, int64_t lanes) {
  UNROLL for (int64_t a = 0; a < rows; a++) UNROLL for (int64_t b = 0; b < columns; b++) {
    float *to = x + a * row + b * pixel;
    const ivec here = where == (int32_t)(first + a * kernelWidth + b);
    store_some(to, (fresh ? splat(0) : load(to)) + (vec)((ivec)slope & here), lanes);
  }
}

/*
 * The gradient of what was pooled: dx of rows [from, to) of one image, channels [0, lanes) from where dy, argmax + at and
 * dx point; dx begins with row `from` and its pixels are `pixel` floats apart. From +0, windows in ascending order; where
 * a pixel was not the largest zero is added, which changes no bit (a sum from +0 is never −0).
 */
ALWAYS void unpool(const geometry *g, int64_t from, int64_t to, const float *dy, const int32_t *argmax, int64_t at,
                   int64_t lanes, float *dx, int64_t pixel) {
  const int small = fits_bytes(g), tiled = tiles_image(g), two = g->kernelHeight == 2 && g->kernelWidth == 2;
  const int64_t row = pixel * g->width;
  for (int64_t q = 0; q < (tiled ? 0 : (to - from) * g->width); q++)
    for (int64_t c = 0; c < lanes; c += LANES) store_some(dx + q * pixel + c, splat(0), lanes - c);
  /* Windows of pooled row i cover the rows [i·stride − pad, … + kernel). */
  const int64_t above = from + g->padTop - g->kernelHeight + 1;
  const int64_t first = above <= 0 ? 0 : (above + g->strideHeight - 1) / g->strideHeight;
  for (int64_t i = first; i < g->outHeight && i * g->strideHeight - g->padTop < to; i++)
    for (int64_t j = 0; j < g->outWidth; j++) {
      window v = window_at(g, i, j);
      if (v.row + v.rows.from < from) v.rows.from = from - v.row;
      if (v.row + v.rows.to > to) v.rows.to = to - v.row;
      const int64_t rows = v.rows.to - v.rows.from, columns = v.columns.to - v.columns.from;
      const int64_t out = (i * g->outWidth + j) * g->channels;
      const int32_t tap = (int32_t)(v.rows.from * g->kernelWidth + v.columns.from);
      float *x = dx + (v.row + v.rows.from - from) * row + (v.column + v.columns.from) * pixel;
      for (int64_t c = 0; c < lanes; c += LANES) {
        const vec slope = load(dy + out + c);
        const ivec where = load_where(argmax, at + out + c, small);
        if (two && tiled && rows == 2 && columns == 2 && lanes - c >= LANES)
          spread(x + c, row, pixel, 2, 2, 0, 2, slope, where, 1, LANES);
        else spread(x + c, row, pixel, rows, columns, tap, g->kernelWidth, slope, where, tiled, lanes - c);
      }
    }
}

#endif
