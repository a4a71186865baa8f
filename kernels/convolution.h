/*
 * What the convolution and pooling kernels share: the geometry of a window that slides over an image, and its checks.
 */
#ifndef ATELIER_CONVOLUTION_H
#define ATELIER_CONVOLUTION_H

#include "kernel.h"

#define ALWAYS static inline __attribute__((always_inline))
/* Clang would unroll a loop of unknown length sixteenfold, too, and nested ones 256-fold. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpass-failed"
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* The integers of an instruction, in the order of `window` and `convolution` in src/engine/operations.ts. */
typedef struct {
  int64_t height, width, channels, outHeight, outWidth, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop,
      padLeft, filters, dilationHeight, dilationWidth;
  int relu;
} geometry;

static inline geometry window_of(const instruction *s) {
  const int32_t *n = s->integer;
  return (geometry){n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[2], 1, 1, 0};
}

static inline geometry convolution_of(const instruction *s) {
  geometry g = window_of(s);
  g.filters = s->integer[11];
  g.dilationHeight = s->integer[12];
  g.dilationWidth = s->integer[13];
  g.relu = s->integer[14];
  return g;
}

/*
 * A convolution with a max-pool behind it: `convolution`, relu, then poolOutHeight, poolOutWidth, poolHeight, poolWidth,
 * poolStrideHeight, poolStrideWidth, poolPadTop, poolPadLeft.
 */
static inline geometry pool_of(const instruction *s) {
  const geometry g = convolution_of(s);
  const int32_t *n = s->integer + 15;
  return (geometry){g.outHeight, g.outWidth, g.filters, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], g.filters, 1, 1, 0};
}

/* Sizes, strides, pads and dilations beyond it are refused, so that no coordinate or offset leaves 64 bits. */
enum { MOST = 1 << 24 };

static inline int sound_axis(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t pad, int64_t dilation) {
  if (in < 1 || out < 1 || kernel < 1 || stride < 1 || pad < 0 || dilation < 1) return 0;
  return pad < MOST && out * stride < MOST && kernel * dilation < MOST && out * stride + kernel * dilation < MOST;
}

/* a·b·c·d is `length`, for positive factors of which none overflows on the way. */
static inline int has_length(int64_t length, int64_t a, int64_t b, int64_t c, int64_t d) {
  if (a > length || b > length / a || c > length / (a * b) || d > length / (a * b * c)) return 0;
  return a * b * c * d == length;
}

static inline int sound(const geometry *g) {
  return g->channels >= 1 && g->filters >= 1 &&
         sound_axis(g->height, g->outHeight, g->kernelHeight, g->strideHeight, g->padTop, g->dilationHeight) &&
         sound_axis(g->width, g->outWidth, g->kernelWidth, g->strideWidth, g->padLeft, g->dilationWidth);
}

/* Whether a·b·c is at most `most`, for positive factors below MOST. */
static inline int product_within(int64_t most, int64_t a, int64_t b, int64_t c) {
  return a <= most && b <= most / a && c <= most / (a * b);
}

/*
 * Whether x, w, y have the lengths of a sound convolution. `pool` is the pool behind it or NULL, y what comes out last; the
 * image between the two is no operand, so that its size is bounded here.
 */
static inline int lengths_agree(const instruction *s, const geometry *g, const geometry *pool, int x, int w, int y) {
  const geometry *out = pool ? pool : g;
  if (!sound(g) || !sound(out) || !product_within(1 << 28, g->outHeight, g->outWidth, g->filters)) return 0;
  return out->kernelHeight * out->kernelWidth < MOST &&
         has_length(s->operand[x].length, g->height, g->width, g->channels, 1) &&
         has_length(s->operand[y].length, out->outHeight, out->outWidth, g->filters, 1) &&
         has_length(s->operand[w].length, g->kernelHeight, g->kernelWidth, g->channels, g->filters);
}

/* The positions p in [0, count) whose partner p·step + shift lies in [0, size): an interval [from, to). */
typedef struct {
  int64_t from, to;
} interval;

static inline interval inside(int64_t count, int64_t step, int64_t shift, int64_t size) {
  int64_t from = shift >= 0 ? 0 : (-shift + step - 1) / step;
  int64_t to = shift >= size ? 0 : (size - 1 - shift) / step + 1;
  if (to > count) to = count;
  if (from > to) from = to;
  return (interval){from, to};
}

#endif
