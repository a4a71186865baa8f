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

/* Pools and convolutions alike begin with the attributes of a window; the way back and the joined pool follow. */
_Static_assert((int)MAX_POOL_PAD_LEFT == (int)CONVOLUTION_PAD_LEFT && (int)AVERAGE_POOL_PAD_LEFT == (int)CONVOLUTION_PAD_LEFT &&
                   (int)CONVOLUTION_GRAD_INPUT_DILATION_WIDTH == (int)CONVOLUTION_DILATION_WIDTH &&
                   (int)CONVOLUTION_POOL_RELU == (int)CONVOLUTION_RELU,
               "attributes of one name stand in one place");

typedef struct {
  int64_t height, width, channels, outHeight, outWidth, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop,
      padLeft, filters, dilationHeight, dilationWidth;
  int relu;
} geometry;

static inline geometry window_of(const instruction *s) {
  const int32_t *n = s->integer;
  return (geometry){
      .height = n[CONVOLUTION_HEIGHT],
      .width = n[CONVOLUTION_WIDTH],
      .channels = n[CONVOLUTION_CHANNELS],
      .outHeight = n[CONVOLUTION_OUT_HEIGHT],
      .outWidth = n[CONVOLUTION_OUT_WIDTH],
      .kernelHeight = n[CONVOLUTION_KERNEL_HEIGHT],
      .kernelWidth = n[CONVOLUTION_KERNEL_WIDTH],
      .strideHeight = n[CONVOLUTION_STRIDE_HEIGHT],
      .strideWidth = n[CONVOLUTION_STRIDE_WIDTH],
      .padTop = n[CONVOLUTION_PAD_TOP],
      .padLeft = n[CONVOLUTION_PAD_LEFT],
      .filters = n[CONVOLUTION_CHANNELS],
      .dilationHeight = 1,
      .dilationWidth = 1,
  };
}

static inline geometry convolution_of(const instruction *s) {
  geometry g = window_of(s);
  g.filters = s->integer[CONVOLUTION_FILTERS];
  g.dilationHeight = s->integer[CONVOLUTION_DILATION_HEIGHT];
  g.dilationWidth = s->integer[CONVOLUTION_DILATION_WIDTH];
  g.relu = s->integer[CONVOLUTION_RELU];
  return g;
}

/* The max-pool behind a convolution. */
static inline geometry pool_of(const instruction *s) {
  const int32_t *n = s->integer;
  return (geometry){
      .height = n[CONVOLUTION_POOL_OUT_HEIGHT],
      .width = n[CONVOLUTION_POOL_OUT_WIDTH],
      .channels = n[CONVOLUTION_POOL_FILTERS],
      .outHeight = n[CONVOLUTION_POOL_POOL_OUT_HEIGHT],
      .outWidth = n[CONVOLUTION_POOL_POOL_OUT_WIDTH],
      .kernelHeight = n[CONVOLUTION_POOL_POOL_HEIGHT],
      .kernelWidth = n[CONVOLUTION_POOL_POOL_WIDTH],
      .strideHeight = n[CONVOLUTION_POOL_POOL_STRIDE_HEIGHT],
      .strideWidth = n[CONVOLUTION_POOL_POOL_STRIDE_WIDTH],
      .padTop = n[CONVOLUTION_POOL_POOL_PAD_TOP],
      .padLeft = n[CONVOLUTION_POOL_POOL_PAD_LEFT],
      .filters = n[CONVOLUTION_POOL_FILTERS],
      .dilationHeight = 1,
      .dilationWidth = 1,
  };
}

/* Sizes, strides, pads and dilations beyond it are refused, so that no coordinate or offset leaves 64 bits. */
enum { MOST = 1 << 24 };

static inline int sound_axis(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t pad, int64_t dilation) {
  if (in < 1 || out < 1 || kernel < 1 || stride < 1 || pad < 0 || dilation < 1) return 0;
  return pad < MOST && out * stride < MOST && kernel * dilation < MOST && out * stride + kernel * dilation < MOST;
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
 * 0 where a convolution is sound. `pool` is the pool behind it or NULL; the image between the two is no operand, so that its
 * size is bounded here.
 */
static inline int check_convolution(const geometry *g, const geometry *pool) {
  const geometry *out = pool ? pool : g;
  return !(sound(g) && sound(out) && product_within(1 << 28, g->outHeight, g->outWidth, g->filters) &&
           out->kernelHeight * out->kernelWidth < MOST);
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
