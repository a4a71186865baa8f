/*
 * Convolutions: the way forward, alone or with a max-pool behind it, and the gradient of the input. Lanes are the outputs'
 * channels. A thread takes a block of output channels (at most WIDE vectors) and a range of images, and lays out the
 * block's weights one tap (a, b) of the kernel after another.
 *
 * The general way walks over the taps: for each, the pixels that it reaches are gathered into tiles (so padding costs
 * nothing, whatever the strides), whose sums wait in scratch between taps. The gradient of the input is the same sum with
 * dy for the source and the taps' matrices transposed. Depth is cut so that the weights in use stay in the first-level
 * cache.
 *
 * Where a pixel has few channels, a tap is too little work for that: the narrow way walks over the output's rows and takes
 * all taps at once, from a copy of the image with its columns padded, where the taps of a kernel row lie side by side.
 *
 *   source, depth   what is summed over: the image and its channels, backward dy and the filters
 *   lanes           the outputs' channels, `block` of them in this block, in V vectors
 */
#include "convolution_pool.h"
#include "convolution_tile.h"

/* At most so many channels go the narrow way. */
enum { NARROW = 12 };

typedef struct {
  geometry g, pool;
  int backward, pools, narrow;
  int64_t depth, lanes;
  int64_t sourcePixels, pixels;    /* in an image of the source, of the sums */
  int64_t sourceRow, sourceColumn; /* pixels between the source's partners of adjacent (i, j) of the convolution's output */
  int64_t row, column;             /* the same among the sums */
  int64_t vectors, blocks;         /* of lanes; blocks of at most WIDE vectors */
  int64_t taps, paddedWidth;
} plan;

/* How many images the general way takes at once: their sums, and dy where a pool hides it, stay in the second-level cache. */
static int64_t images_at_once(const plan *p, int64_t count) {
  const int64_t image = p->pixels * WIDE * LANES + (p->backward && p->pools ? p->sourcePixels * p->depth : 0);
  const int64_t fit = (64 << 10) / image;
  return fit < 1 ? 1 : fit > count ? count : fit;
}

static plan plan_of(const instruction *s, int backward, int pools, int64_t count, int64_t threads) {
  const geometry g = convolution_of(s);
  plan p = {.g = g, .backward = backward, .pools = pools, .taps = g.kernelHeight * g.kernelWidth};
  if (pools) p.pool = pool_of(s);
  const int64_t imagePixels = g.height * g.width, outPixels = g.outHeight * g.outWidth;
  if (backward) {
    p.depth = g.filters, p.lanes = g.channels, p.sourcePixels = outPixels, p.pixels = imagePixels;
    p.sourceRow = g.outWidth, p.sourceColumn = 1, p.row = g.strideHeight * g.width, p.column = g.strideWidth;
  } else {
    p.depth = g.channels, p.lanes = g.filters, p.sourcePixels = imagePixels, p.pixels = outPixels;
    p.sourceRow = g.strideHeight * g.width, p.sourceColumn = g.strideWidth, p.row = g.outWidth, p.column = 1;
    p.paddedWidth = (g.outWidth - 1) * g.strideWidth + (g.kernelWidth - 1) * g.dilationWidth + 1;
    p.narrow = g.channels <= NARROW && p.paddedWidth <= 4 * g.width + 64;
  }
  p.vectors = (p.lanes + LANES - 1) / LANES;
  /* Narrower blocks where there would be too few for all threads. */
  int64_t wide = WIDE;
  while (wide > 1 && (p.vectors + wide - 1) / wide * count < threads) wide /= 2;
  p.blocks = (p.vectors + wide - 1) / wide;
  return p;
}

/* The vectors of the blocks differ by one at most. */
static int64_t block_start(const plan *p, int64_t block) { return p->vectors * block / p->blocks; }

/* A thread's scratch: weights, then sums (general) or a few rows for the pool (narrow), then the source. */
static int64_t weight_floats(const plan *p) { return p->taps * p->depth * WIDE * LANES; }
static int64_t pool_slots(const plan *p) {
  return p->pool.kernelHeight < p->pool.height ? p->pool.kernelHeight : p->pool.height;
}
static int64_t sum_floats(const plan *p, int64_t count) {
  if (p->narrow) return p->pools ? pool_slots(p) * p->pool.width * WIDE * LANES : 0;
  return images_at_once(p, count) * p->pixels * WIDE * LANES;
}
static int64_t source_floats(const plan *p, int64_t count) {
  if (p->narrow) return p->g.height * p->paddedWidth * p->depth;
  return p->backward && p->pools ? images_at_once(p, count) * p->sourcePixels * p->depth + LANES : 0;
}

/* Forward: the block's columns of w [taps·depth, lanes]. */
static void pack_columns(const float *w, int64_t rows, int64_t lanes, int64_t block, int V, float *packed) {
  for (int64_t k = 0; k < rows; k++, w += lanes)
    for (int v = 0; v < V; v++, packed += LANES) {
      const int64_t left = block - v * LANES;
      store(packed, left >= LANES ? load(w + v * LANES) : load_some(w + v * LANES, left));
    }
}

/* LANES vectors as the rows of a square, transposed: log2 LANES rounds of interleaving each row with the one half below. */
#if LANES == 16
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif LANES == 8
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#endif
ALWAYS void transpose(vec *rows) {
  UNROLL for (int round = 1; round < LANES; round *= 2) {
    vec next[LANES];
    UNROLL for (int i = 0; i < LANES / 2; i++) {
      next[2 * i] = LOW(rows[i], rows[i + LANES / 2]);
      next[2 * i + 1] = HIGH(rows[i], rows[i + LANES / 2]);
    }
    UNROLL for (int i = 0; i < LANES; i++) rows[i] = next[i];
  }
}

/* Backward: the block's rows of one tap's matrix [lanes, depth], transposed, in squares. */
static void pack_transposed(const float *w, int64_t depth, int64_t block, int V, float *packed) {
  for (int v = 0; v < V; v++)
    for (int64_t k = 0; k < depth; k += LANES) {
      vec square[LANES];
      for (int c = 0; c < LANES; c++)
        square[c] = v * LANES + c < block ? load(w + (v * LANES + c) * depth + k) : splat(0);
      transpose(square);
      for (int64_t i = 0; i < LANES && k + i < depth; i++) store(packed + ((k + i) * V + v) * LANES, square[i]);
    }
}

/* The block's weights, [taps·depth, V vectors]: packed, or in place. */
typedef struct {
  const float *data;
  int64_t pitch;
} matrix;

/* One tap, `depth` of the source's channels, over all pixels that it reaches in `count` images. */
ALWAYS void add_tap(const int V, const plan *p, const float *source, matrix w, int64_t count, int64_t a, int64_t b,
                    int64_t depth, float *sums) {
  const geometry *g = &p->g;
  const int64_t top = a * g->dilationHeight - g->padTop, left = b * g->dilationWidth - g->padLeft;
  const interval rows = inside(g->outHeight, g->strideHeight, top, g->height);
  const interval columns = inside(g->outWidth, g->strideWidth, left, g->width);
  const int64_t shift = top * g->width + left;
  const int64_t sourceShift = p->backward ? 0 : shift, sumShift = p->backward ? shift : 0;
  int64_t n = 0, i = rows.from, j = columns.from;
  int64_t pixels = count * (rows.to - rows.from) * (columns.to - columns.from);
  for (; pixels > 0; pixels -= TALL) {
    const int M = pixels < TALL ? (int)pixels : TALL;
    const float *x[TALL];
    float *sum[TALL];
    for (int m = 0; m < M; m++) {
      x[m] = source + (n * p->sourcePixels + i * p->sourceRow + j * p->sourceColumn + sourceShift) * p->depth;
      sum[m] = sums + (n * p->pixels + i * p->row + j * p->column + sumShift) * V * LANES;
      if (++j < columns.to) continue;
      j = columns.from;
      if (++i < rows.to) continue;
      i = rows.from, n++;
    }
    tile_of_width(V, M, x, w.data, w.pitch, depth, sum);
  }
}

/* The sums of one block of output channels over all taps, for `count` images. */
ALWAYS void add_taps_of_width(const int V, const plan *p, const float *source, matrix weights, int64_t count,
                              float *sums) {
  __builtin_memset(sums, 0, (size_t)(count * p->pixels * V * LANES) * sizeof(float));
  const int64_t cuts = (p->depth * V * LANES + (4 << 10) - 1) / (4 << 10);
  for (int64_t a = 0; a < p->g.kernelHeight; a++)
    for (int64_t b = 0; b < p->g.kernelWidth; b++)
      for (int64_t cut = 0; cut < cuts; cut++) {
        const int64_t from = p->depth * cut / cuts, to = p->depth * (cut + 1) / cuts;
        const int64_t row = (a * p->g.kernelWidth + b) * p->depth + from;
        const matrix w = {weights.data + row * weights.pitch, weights.pitch};
        add_tap(V, p, source + from, w, count, a, b, to - from, sums);
      }
}

static void add_taps(int V, const plan *p, const float *source, matrix weights, int64_t count, float *sums) {
  switch (V) {
    case 1: add_taps_of_width(1, p, source, weights, count, sums); break;
    case 2: add_taps_of_width(2, p, source, weights, count, sums); break;
#if LANES == 16 || defined(__ARM_NEON)
    case 3: add_taps_of_width(3, p, source, weights, count, sums); break;
    case 4: add_taps_of_width(4, p, source, weights, count, sums); break;
#endif
  }
}

/* From the sums to the output: + bias and ReLU on the way forward. */
static void write_out(const plan *p, const float *sums, int64_t pixels, int64_t block, int V, const float *bias,
                      float *out) {
  for (int64_t q = 0; q < pixels; q++, out += p->lanes)
    for (int v = 0; v < V; v++, sums += LANES) {
      vec sum = load(sums);
      if (bias) sum += load(bias + v * LANES);
      if (bias && p->g.relu) sum = rectify(sum);
      store_some(out + v * LANES, sum, block - v * LANES);
    }
}

/* M adjacent pixels of one output row the narrow way, from the padded image's first row and column that they meet. */
ALWAYS void narrow_tile(const int M, const int V, const plan *p, const float *x, interval rows, const float *weights,
                        const float *bias, float *out, int64_t pitch, int64_t block) {
  const geometry *g = &p->g;
  const int64_t step = g->strideWidth * g->channels, together = g->dilationWidth == 1;
  const int64_t runs = together ? 1 : g->kernelWidth, length = together ? g->kernelWidth * g->channels : g->channels;
  vec acc[TALL + 1][WIDE];
  UNROLL for (int m = 0; m < M; m++) UNROLL for (int v = 0; v < V; v++) acc[m][v] = splat(0);
  const float *w = weights + rows.from * g->kernelWidth * g->channels * V * LANES;
  for (int64_t a = rows.from; a < rows.to; a++)
    for (int64_t run = 0; run < runs; run++) {
      const float *pixel = x + (a * g->dilationHeight * p->paddedWidth + run * g->dilationWidth) * g->channels;
      for (int64_t k = 0; k < length; k++, pixel++, w += V * LANES) {
        vec weight[WIDE];
        UNROLL for (int v = 0; v < V; v++) weight[v] = load(w + v * LANES);
        UNROLL for (int m = 0; m < M; m++) {
          const vec value = splat(pixel[m * step]);
          UNROLL for (int v = 0; v < V; v++) acc[m][v] = multiply_add(value, weight[v], acc[m][v]);
        }
      }
    }
  UNROLL for (int v = 0; v < V; v++) {
    const vec shift = load(bias + v * LANES);
    UNROLL for (int m = 0; m < M; m++) {
      vec sum = acc[m][v] + shift;
      if (g->relu) sum = rectify(sum);
      store_some(out + m * pitch + v * LANES, sum, block - v * LANES);
    }
  }
}

/* Row i of the output, `pitch` floats between its pixels. */
ALWAYS void narrow_row_of_width(const int V, const plan *p, const float *image, int64_t i, const float *weights, const float *bias,
                       float *out, int64_t pitch, int64_t block) {
  const geometry *g = &p->g;
  const int64_t top = i * g->strideHeight - g->padTop;
  const interval rows = inside(g->kernelHeight, g->dilationHeight, top, g->height);
  const int64_t most = WIDE > 2 && V <= 2 ? TALL + 1 : TALL, tiles = (g->outWidth + most - 1) / most;
  for (int64_t t = 0, j = 0; t < tiles; t++) {
    const int64_t next = g->outWidth * (t + 1) / tiles;
    const float *x = image + (top * p->paddedWidth + j * g->strideWidth) * g->channels;
    float *to = out + j * pitch;
    switch (next - j) {
      case 1: narrow_tile(1, V, p, x, rows, weights, bias, to, pitch, block); break;
      case 2: narrow_tile(2, V, p, x, rows, weights, bias, to, pitch, block); break;
      case 3: narrow_tile(3, V, p, x, rows, weights, bias, to, pitch, block); break;
      case 4: narrow_tile(4, V, p, x, rows, weights, bias, to, pitch, block); break;
#if LANES != 4 || defined(__ARM_NEON)
      case 5: narrow_tile(5, V, p, x, rows, weights, bias, to, pitch, block); break;
      case 6: narrow_tile(6, V, p, x, rows, weights, bias, to, pitch, block); break;
      case 7: narrow_tile(7, V, p, x, rows, weights, bias, to, pitch, block); break;
#endif
    }
    j = next;
  }
}

static __attribute__((noinline)) void narrow_row(int V, const plan *p, const float *image, int64_t i,
                                                 const float *weights, const float *bias, float *out, int64_t pitch,
                                                 int64_t block) {
  switch (V) {
    case 1: narrow_row_of_width(1, p, image, i, weights, bias, out, pitch, block); break;
    case 2: narrow_row_of_width(2, p, image, i, weights, bias, out, pitch, block); break;
#if LANES == 16 || defined(__ARM_NEON)
    case 3: narrow_row_of_width(3, p, image, i, weights, bias, out, pitch, block); break;
    case 4: narrow_row_of_width(4, p, image, i, weights, bias, out, pitch, block); break;
#endif
  }
}

/* The image with its columns padded as the kernel meets them. */
static void pad_columns(const plan *p, const float *x, float *image) {
  const geometry *g = &p->g;
  const interval columns = inside(p->paddedWidth, 1, -g->padLeft, g->width);
  const int64_t row = p->paddedWidth * g->channels;
  for (int64_t i = 0; i < g->height; i++)
    for (int64_t k = columns.from * g->channels; k < columns.to * g->channels; k++)
      image[i * row + k] = x[(i * g->width - g->padLeft) * g->channels + k];
}

/* Where a block's results go: the first of its channels, of its first image. */
typedef struct {
  const float *bias;
  float *y;
  int32_t *argmax;
  int64_t first, block; /* channels */
} target;

static void narrow_images(int V, const plan *p, const float *x, const float *weights, int64_t count, target to,
                          float *rows, float *image) {
  const geometry *g = &p->g, *pool = &p->pool;
  __builtin_memset(image, 0, (size_t)(g->height * p->paddedWidth * g->channels) * sizeof(float));
  for (int64_t n = 0; n < count; n++) {
    pad_columns(p, x + n * p->sourcePixels * g->channels, image);
    if (!p->pools) {
      for (int64_t i = 0; i < g->outHeight; i++)
        narrow_row(V, p, image, i, weights, to.bias, to.y + (n * g->outHeight + i) * g->outWidth * g->filters, g->filters,
                   to.block);
      continue;
    }
    /* Rows lie in a ring, row r in slot r mod slots; each is computed when a window first wants it. */
    const int64_t slots = pool_slots(p), row = g->outWidth * V * LANES, outRow = pool->outWidth * pool->channels;
    const pooled ring = {.data = rows, .slots = slots, .pixel = V * LANES, .relu = g->relu};
    for (int64_t i = 0, done = 0; i < pool->outHeight; i++) {
      const int64_t top = i * pool->strideHeight - pool->padTop;
      const interval wanted = inside(pool->kernelHeight, 1, top, pool->height);
      if (top + wanted.from > done) done = top + wanted.from;
      for (; done < top + wanted.to; done++)
        narrow_row(V, p, image, done, weights, to.bias, rows + done % slots * row, V * LANES, V * LANES);
      const int64_t at = (n * pool->outHeight + i) * outRow;
      pool_row(pool, i, ring, to.block, to.y + at, to.argmax + n * pool->outHeight * outRow, i * outRow + to.first);
    }
  }
}

static void general_images(int V, const plan *p, const float *source, matrix weights, int64_t count,
                           target to, float *sums) {
  const geometry *pool = &p->pool;
  add_taps(V, p, source, weights, count, sums);
  if (p->backward || !p->pools) {
    write_out(p, sums, count * p->pixels, to.block, V, to.bias, to.y);
    return;
  }
  const int64_t outRow = pool->outWidth * pool->channels;
  for (int64_t n = 0; n < count; n++) {
    const pooled from = {.data = sums + n * p->pixels * V * LANES, .slots = pool->height, .pixel = V * LANES,
                         .bias = to.bias, .raw = 1, .relu = p->g.relu};
    for (int64_t i = 0; i < pool->outHeight; i++)
      pool_row(pool, i, from, to.block, to.y + (n * pool->outHeight + i) * outRow,
               to.argmax + n * pool->outHeight * outRow, i * outRow + to.first);
  }
}

static void images_of(int V, const plan *p, const float *source, matrix weights, int64_t count, target to, float *sums,
                      float *image) {
  if (p->narrow) narrow_images(V, p, source, weights.data, count, to, sums, image);
  else general_images(V, p, source, weights, count, to, sums);
}

/* dy of a few images, before the pool. */
static void unpool_images(const plan *p, const float *dy, const int32_t *argmax, int64_t count, float *out) {
  const geometry *pool = &p->pool;
  const int64_t image = pool->outHeight * pool->outWidth * pool->channels;
  for (int64_t n = 0; n < count; n++)
    unpool(pool, 0, pool->height, dy + n * image, argmax + n * image, 0, pool->channels,
           out + n * p->sourcePixels * p->depth, p->depth);
}

/* Each thread takes its share of (block, image). */
static void convolve(const run *r, const plan *p, const float *source, const float *w, const float *bias, float *y,
                     int32_t *argmax) {
  float *weights = r->own, *sums = weights + weight_floats(p), *image = sums + sum_floats(p, r->count);
  const int64_t outImage = (p->pools && !p->backward ? p->pool.outHeight * p->pool.outWidth : p->pixels) * p->lanes;
  const int64_t dyImage = p->pool.outHeight * p->pool.outWidth * p->depth, unpools = p->backward && p->pools;
  const int64_t at_once = p->narrow ? r->count : images_at_once(p, r->count);
  int64_t from, to;
  share_of(r, p->blocks * r->count, 1, &from, &to);
  while (from < to) {
    const int64_t index = from / r->count, start = from % r->count;
    const int64_t images = to - from < r->count - start ? to - from : r->count - start;
    const int64_t first = block_start(p, index) * LANES;
    const int V = (int)(block_start(p, index + 1) - block_start(p, index));
    const int64_t block = p->lanes - first < V * LANES ? p->lanes - first : V * LANES;
    /* Where few pixels meet a weight, packing would cost more than it saves. */
    const int in_place = !p->backward && !p->narrow && block == V * LANES && images * p->pixels <= 64;
    const matrix matrices = {in_place ? w + first : weights, in_place ? p->lanes : V * LANES};
    if (p->backward)
      for (int64_t t = 0; t < p->taps; t++)
        pack_transposed(w + (t * p->lanes + first) * p->depth, p->depth, block, V, weights + t * p->depth * V * LANES);
    else if (!in_place) pack_columns(w + first, p->taps * p->depth, p->lanes, block, V, weights);
    for (int64_t done = 0; done < images; done += at_once) {
      const int64_t count = images - done < at_once ? images - done : at_once, n = start + done;
      const target out = {bias ? bias + first : NULL, y + n * outImage + first,
                          p->backward ? NULL : argmax + n * outImage, first, block};
      if (unpools) unpool_images(p, source + n * dyImage, argmax + n * dyImage, count, image);
      images_of(V, p, unpools ? image : source + n * p->sourcePixels * p->depth, matrices, count, out, sums,
                image);
    }
    from += images;
  }
}

static void forward(const run *r, const instruction *s, int pools) {
  const plan p = plan_of(s, 0, pools, r->count, r->threads);
  const float *memory = r->memory;
  convolve(r, &p, memory + s->operand[0].offset, memory + s->operand[1].offset, memory + s->operand[2].offset,
           r->memory + s->operand[3].offset, pools ? (int32_t *)(r->memory + s->operand[4].offset) : NULL);
}

static void compute(const run *r, const instruction *s, int phase) {
  (void)phase;
  forward(r, s, 0);
}
static void compute_pool(const run *r, const instruction *s, int phase) {
  (void)phase;
  forward(r, s, 1);
}

static void compute_grad(const run *r, const instruction *s, int phase) {
  (void)phase;
  const plan p = plan_of(s, 1, 0, r->count, r->threads);
  convolve(r, &p, r->memory + s->operand[0].offset, r->memory + s->operand[1].offset, NULL,
           r->memory + s->operand[2].offset, NULL);
}
static void compute_pool_grad(const run *r, const instruction *s, int phase) {
  (void)phase;
  const plan p = plan_of(s, 1, 1, r->count, r->threads);
  convolve(r, &p, r->memory + s->operand[0].offset, r->memory + s->operand[2].offset, NULL,
           r->memory + s->operand[3].offset, (int32_t *)(r->memory + s->operand[1].offset));
}

static int check(const instruction *s) {
  const geometry g = convolution_of(s);
  return check_convolution(&g, NULL);
}
static int check_pool(const instruction *s) {
  const geometry g = convolution_of(s), pool = pool_of(s);
  return check_convolution(&g, &pool);
}

static scratch need_of(const instruction *s, int backward, int pools, int32_t batch) {
  const plan p = plan_of(s, backward, pools, batch, 1);
  return (scratch){0, (size_t)(weight_floats(&p) + sum_floats(&p, batch) + source_floats(&p, batch))};
}
static scratch need(const instruction *s, int32_t batch) {
  return need_of(s, 0, 0, batch);
}
static scratch need_pool(const instruction *s, int32_t batch) {
  return need_of(s, 0, 1, batch);
}
static scratch need_grad(const instruction *s, int32_t batch) {
  return need_of(s, 1, 0, batch);
}
static scratch need_pool_grad(const instruction *s, int32_t batch) {
  return need_of(s, 1, 1, batch);
}

const kernel SUFFIXED(convolution) = {check, need, compute, 1};
const kernel SUFFIXED(convolution_pool) = {check_pool, need_pool, compute_pool, 1};
const kernel SUFFIXED(convolution_grad_input) = {check, need_grad, compute_grad, 1};
const kernel SUFFIXED(convolution_pool_grad_input) = {check_pool, need_pool_grad, compute_pool_grad, 1};
