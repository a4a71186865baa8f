/*
 * The gradients of a convolution's filters and biases: dw[a, b, c, o] = Σ over images of Σ over pixels of x·dy, alone or with
 * dy behind a max-pool. Lanes are filters, a block of at most BROAD vectors (V of them) at a time.
 *
 * The general way keeps a tile of DEEP channels × a block, for one tap (a, b), in registers over one image, then adds it to
 * its sum over the images. Work is shared by tiles: each thread walks over all images in order. It takes a few at a time, as
 * many as the first-level cache holds, lays the block's filters of their dy side by side in scratch (where a pool's gradient
 * is spread out too), and computes all its tiles from them.
 *
 * Where a pixel has few channels, the narrow way puts several taps into one tile, reading a padded copy of the image. It
 * shares work by images, whose gradients wait in shared scratch for the second phase, which adds them up in order.
 */
#include "convolution_pool.h"
#include "convolution_tile.h"

/* DEEP broadcasts × BROAD vectors; NARROW_DEEP of them on the narrow way, whose pointers want general registers too. */
#if LANES == 16 || defined(__ARM_NEON)
enum { DEEP = 8, BROAD = 2, NARROW_DEEP = 9 };
#elif LANES == 8
enum { DEEP = 6, BROAD = 2, NARROW_DEEP = 5 };
#else
enum { DEEP = 4, BROAD = 2, NARROW_DEEP = 4 };
#endif

/* At most so many channels, and floats of images' gradients, go the narrow way. */
enum { NARROW = 4, NARROW_SUMS = 1 << 21 };

typedef struct {
  geometry g, pool;
  int pools, narrow;
  int64_t inPixels, outPixels;
  int64_t blocks, strips;            /* of filters; of channels, at most DEEP */
  int64_t paddedHeight, paddedWidth; /* of the image that the narrow way copies */
  int64_t terms, sums;               /* a filter's weights; an image's gradients, rows of whole blocks, biases last */
} plan;

static plan plan_of(const instruction *s, int pools) {
  const geometry g = convolution_of(s);
  plan p = {.g = g, .pools = pools, .inPixels = g.height * g.width, .outPixels = g.outHeight * g.outWidth};
  if (pools) p.pool = pool_of(s);
  p.blocks = (g.filters + BROAD * LANES - 1) / (BROAD * LANES);
  p.strips = (g.channels + DEEP - 1) / DEEP;
  p.paddedHeight = (g.outHeight - 1) * g.strideHeight + (g.kernelHeight - 1) * g.dilationHeight + 1;
  p.paddedWidth = (g.outWidth - 1) * g.strideWidth + (g.kernelWidth - 1) * g.dilationWidth + 1;
  p.terms = g.kernelHeight * g.kernelWidth * g.channels;
  p.sums = (p.terms + 1) * p.blocks * BROAD * LANES;
  p.narrow = g.channels <= NARROW && p.paddedHeight <= 4 * g.height + 64 && p.paddedWidth <= 4 * g.width + 64 &&
             p.sums <= NARROW_SUMS;
  return p;
}

/* The narrow way is only taken where all images' gradients find room. */
static int is_narrow(const plan *p, int64_t batch) { return p->narrow && p->sums * batch <= NARROW_SUMS; }

/* Strips differ by one channel at most. */
static int64_t strip_start(const plan *p, int64_t strip) { return p->g.channels * strip / p->strips; }

/* As many images as 32 kB hold of a strip of x, a cache line a pixel, and a block of dy. */
static int64_t images_at_once(const plan *p, int64_t count) {
  const int64_t fit = (32 << 10) / (p->inPixels * 64 + p->outPixels * BROAD * LANES * (int64_t)sizeof(float));
  return fit < 1 ? 1 : fit > count ? count : fit;
}

/* So many output rows of a block of dy are laid out at once on the narrow way: 8 kB. */
static int64_t rows_at_once(const plan *p) {
  const int64_t fit = (2 << 10) / (p->g.outWidth * BROAD * LANES);
  return fit < 1 ? 1 : fit > p->g.outHeight ? p->g.outHeight : fit;
}

static scratch need_of(const instruction *s, int pools, int32_t batch) {
  const plan p = plan_of(s, pools);
  const size_t general = (size_t)(images_at_once(&p, batch) * p.outPixels * BROAD * LANES);
  if (!p.narrow) return (scratch){0, general};
  const size_t narrow = (size_t)(rows_at_once(&p) * p.g.outWidth * BROAD * LANES +
                                 p.paddedHeight * p.paddedWidth * p.g.channels);
  const size_t shared = (size_t)(p.sums * batch <= NARROW_SUMS ? p.sums * batch : NARROW_SUMS);
  return (scratch){shared, general > narrow ? general : narrow};
}

/* Where dy comes from, of the first image: `argmax` is NULL where no pool hides it. */
typedef struct {
  const float *dy;
  const int32_t *argmax;
} slopes;

/* Rows [from, to) of one image's dy, a block of filters side by side. */
static void lay_out(const plan *p, slopes s, int64_t n, int64_t from, int64_t to, int64_t filter, int64_t block, int V,
                    float *out) {
  const geometry *g = &p->g, *pool = &p->pool;
  if (p->pools) {
    const int64_t image = n * pool->outHeight * pool->outWidth * pool->channels;
    unpool(pool, from, to, s.dy + image + filter, s.argmax + image, filter, V * LANES, out, V * LANES);
    return;
  }
  const float *dy = s.dy + (n * p->outPixels + from * g->outWidth) * g->filters + filter;
  for (int64_t q = from * g->outWidth; q < to * g->outWidth; q++, dy += g->filters)
    for (int v = 0; v < V; v++, out += LANES) {
      const int64_t left = block - v * LANES;
      store(out, left >= LANES ? load(dy + v * LANES) : load_some(dy + v * LANES, left));
    }
}

/* The pixels that one tap reaches, and where: output (i, j) meets the image's (i·strideHeight + top, j·strideWidth + left). */
typedef struct {
  interval rows, columns;
  int64_t top, left;
} reach;

static reach reach_of(const geometry *g, int64_t a, int64_t b) {
  reach t = {.top = a * g->dilationHeight - g->padTop, .left = b * g->dilationWidth - g->padLeft};
  t.rows = inside(g->outHeight, g->strideHeight, t.top, g->height);
  t.columns = inside(g->outWidth, g->strideWidth, t.left, g->width);
  if (t.columns.from == t.columns.to) t.rows.to = t.rows.from;
  return t;
}

/* total[m][v] += Σ over the pixels of x[m]·dy[v], image by image; x points to the strip's first channel. */
ALWAYS void tile_of_images(const int M, const int V, const plan *p, reach t, const float *x, const float *dy,
                           int64_t images, vec (*total)[BROAD]) {
  const geometry *g = &p->g;
  const int64_t width = t.columns.to - t.columns.from;
  const int64_t step = g->strideWidth * g->channels, row = g->strideHeight * g->width * g->channels;
  x += ((t.rows.from * g->strideHeight + t.top) * g->width + t.columns.from * g->strideWidth + t.left) * g->channels;
  dy += (t.rows.from * g->outWidth + t.columns.from) * V * LANES;
  for (int64_t n = 0; n < images; n++) {
    vec acc[DEEP][BROAD];
    UNROLL for (int m = 0; m < M; m++) UNROLL for (int v = 0; v < V; v++) acc[m][v] = splat(0);
    const float *pixels = x + n * p->inPixels * g->channels, *slopes = dy + n * p->outPixels * V * LANES;
    for (int64_t i = t.rows.from; i < t.rows.to; i++, pixels += row, slopes += g->outWidth * V * LANES) {
      const float *pixel = pixels, *slope = slopes;
      for (int64_t j = 0; j < width; j++, pixel += step, slope += V * LANES) {
        vec s[BROAD];
        UNROLL for (int v = 0; v < V; v++) s[v] = load(slope + v * LANES);
        UNROLL for (int m = 0; m < M; m++) {
          const vec value = splat(pixel[m]);
          UNROLL for (int v = 0; v < V; v++) acc[m][v] = multiply_add(value, s[v], acc[m][v]);
        }
      }
    }
    UNROLL for (int m = 0; m < M; m++) UNROLL for (int v = 0; v < V; v++) total[m][v] += acc[m][v];
  }
}

ALWAYS void tile_of_height(const int V, int M, const plan *p, reach t, const float *x, const float *dy, int64_t images,
                           vec (*total)[BROAD]) {
  switch (M) {
    case 1: tile_of_images(1, V, p, t, x, dy, images, total); break;
    case 2: tile_of_images(2, V, p, t, x, dy, images, total); break;
    case 3: tile_of_images(3, V, p, t, x, dy, images, total); break;
    case 4: tile_of_images(4, V, p, t, x, dy, images, total); break;
#if LANES != 4 || defined(__ARM_NEON)
    case 5: tile_of_images(5, V, p, t, x, dy, images, total); break;
    case 6: tile_of_images(6, V, p, t, x, dy, images, total); break;
#if LANES != 8
    case 7: tile_of_images(7, V, p, t, x, dy, images, total); break;
    case 8: tile_of_images(8, V, p, t, x, dy, images, total); break;
#endif
#endif
  }
}

/* db of the block: within an image first, then over images. */
static void add_biases(const float *packed, const plan *p, int64_t images, int64_t block, int V, int first, float *db) {
  for (int v = 0; v < V; v++) {
    vec total = first ? splat(0) : load(db + v * LANES);
    const float *slope = packed + v * LANES;
    for (int64_t n = 0; n < images; n++) {
      vec sum = splat(0);
      for (int64_t q = 0; q < p->outPixels; q++, slope += V * LANES) sum += load(slope);
      total += sum;
    }
    store_some(db + v * LANES, total, block - v * LANES);
  }
}

/* The tiles of strips [from, to) of one block, for a few images; `dw` and `x` point to the block and to the images. */
static void add_tiles(const plan *p, int64_t from, int64_t to, const float *x, const float *packed, int64_t images,
                      int64_t block, int V, int first, float *dw) {
  const geometry *g = &p->g;
  for (int64_t strip = from; strip < to; strip++) {
    const int64_t channel = strip_start(p, strip);
    const int M = (int)(strip_start(p, strip + 1) - channel);
    for (int64_t a = 0; a < g->kernelHeight; a++)
      for (int64_t b = 0; b < g->kernelWidth; b++) {
        vec total[DEEP][BROAD];
        float *sums = dw + ((a * g->kernelWidth + b) * g->channels + channel) * g->filters;
        for (int m = 0; m < M; m++)
          for (int v = 0; v < V; v++) total[m][v] = first ? splat(0) : load(sums + m * g->filters + v * LANES);
        const reach t = reach_of(g, a, b);
        if (V == 2) tile_of_height(2, M, p, t, x + channel, packed, images, total);
        else tile_of_height(1, M, p, t, x + channel, packed, images, total);
        for (int m = 0; m < M; m++)
          for (int v = 0; v < V; v++) store_some(sums + m * g->filters + v * LANES, total[m][v], block - v * LANES);
      }
  }
}

/* The block that begins at a filter: how many filters, how many vectors. */
static int64_t block_at(const plan *p, int64_t filter) {
  return p->g.filters - filter < BROAD * LANES ? p->g.filters - filter : BROAD * LANES;
}
static int vectors_of(int64_t block) { return block > LANES ? 2 : 1; }

static void general(const run *r, const plan *p, const float *x, slopes s, float *dw, float *db) {
  const geometry *g = &p->g;
  float *packed = r->own;
  const int64_t at_once = images_at_once(p, r->count);
  int64_t from, to;
  share_of(r, p->blocks * p->strips, 1, &from, &to);
  while (from < to) {
    const int64_t filter = from / p->strips * BROAD * LANES, strip = from % p->strips;
    const int64_t strips = to - from < p->strips - strip ? to - from : p->strips - strip;
    const int64_t block = block_at(p, filter);
    const int V = vectors_of(block);
    for (int64_t n = 0; n < r->count; n += at_once) {
      const int64_t images = r->count - n < at_once ? r->count - n : at_once;
      for (int64_t k = 0; k < images; k++)
        lay_out(p, s, n + k, 0, g->outHeight, filter, block, V, packed + k * p->outPixels * V * LANES);
      if (strip == 0) add_biases(packed, p, images, block, V, n == 0, db + filter);
      add_tiles(p, strip, strip + strips, x + n * p->inPixels * g->channels, packed, images, block, V, n == 0,
                dw + filter);
    }
    from += strips;
  }
}

/* The image as the kernel meets it, padded with zeros; what no tap reaches is left out. */
static void pad(const plan *p, const float *x, float *image) {
  const geometry *g = &p->g;
  const interval rows = inside(p->paddedHeight, 1, -g->padTop, g->height);
  const interval columns = inside(p->paddedWidth, 1, -g->padLeft, g->width);
  for (int64_t i = rows.from; i < rows.to; i++)
    for (int64_t k = columns.from * g->channels; k < columns.to * g->channels; k++)
      image[i * p->paddedWidth * g->channels + k] = x[((i - g->padTop) * g->width - g->padLeft) * g->channels + k];
}

/*
 * sums[m] += Σ over rows of output pixels of x[offset[m]]·dy, a block of filters each; x points to the first pixel's first
 * tap, sums lie `pitch` floats apart. Where `biases` is not NULL, it gets Σ of dy.
 */
ALWAYS void narrow_tile(const int M, const int V, const plan *p, const int64_t *offset, const float *x, const float *dy,
                        int64_t rows, float *sums, int64_t pitch, float *biases) {
  const geometry *g = &p->g;
  const int64_t step = g->strideWidth * g->channels, row = g->strideHeight * p->paddedWidth * g->channels;
  vec acc[NARROW_DEEP][BROAD], bias[BROAD];
  UNROLL for (int v = 0; v < V; v++) bias[v] = biases ? load(biases + v * LANES) : splat(0);
  UNROLL for (int m = 0; m < M; m++) UNROLL for (int v = 0; v < V; v++) acc[m][v] = load(sums + m * pitch + v * LANES);
  for (int64_t i = 0; i < rows; i++, x += row) {
    const float *tap[NARROW_DEEP];
    UNROLL for (int m = 0; m < M; m++) tap[m] = x + offset[m];
    for (int64_t j = 0; j < g->outWidth; j++, dy += V * LANES) {
      vec s[BROAD];
      UNROLL for (int v = 0; v < V; v++) s[v] = load(dy + v * LANES), bias[v] += s[v];
      UNROLL for (int m = 0; m < M; m++) {
        const vec value = splat(tap[m][j * step]);
        UNROLL for (int v = 0; v < V; v++) acc[m][v] = multiply_add(value, s[v], acc[m][v]);
      }
    }
  }
  UNROLL for (int m = 0; m < M; m++) UNROLL for (int v = 0; v < V; v++) store(sums + m * pitch + v * LANES, acc[m][v]);
  if (biases) UNROLL for (int v = 0; v < V; v++) store(biases + v * LANES, bias[v]);
}

ALWAYS void narrow_tile_of_width(const int V, int M, const plan *p, const int64_t *offset, const float *x,
                                 const float *dy, int64_t rows, float *sums, int64_t pitch, float *biases) {
  switch (M) {
    case 1: narrow_tile(1, V, p, offset, x, dy, rows, sums, pitch, biases); break;
    case 2: narrow_tile(2, V, p, offset, x, dy, rows, sums, pitch, biases); break;
    case 3: narrow_tile(3, V, p, offset, x, dy, rows, sums, pitch, biases); break;
    case 4: narrow_tile(4, V, p, offset, x, dy, rows, sums, pitch, biases); break;
#if LANES != 4 || defined(__ARM_NEON)
    case 5: narrow_tile(5, V, p, offset, x, dy, rows, sums, pitch, biases); break;
#if LANES != 8
    case 6: narrow_tile(6, V, p, offset, x, dy, rows, sums, pitch, biases); break;
    case 7: narrow_tile(7, V, p, offset, x, dy, rows, sums, pitch, biases); break;
    case 8: narrow_tile(8, V, p, offset, x, dy, rows, sums, pitch, biases); break;
    case 9: narrow_tile(9, V, p, offset, x, dy, rows, sums, pitch, biases); break;
#endif
#endif
  }
}

/* One image's gradients, of one block of filters; a row of `sums` holds `pitch` filters. */
static void narrow_image(const plan *p, const float *image, slopes s, int64_t n, int64_t filter, float *packed, float *sums,
                         int64_t pitch) {
  const geometry *g = &p->g;
  const int64_t block = block_at(p, filter), at_once = rows_at_once(p);
  const int V = vectors_of(block);
  for (int64_t m = 0; m <= p->terms; m++)
    for (int v = 0; v < V; v++) store(sums + m * pitch + v * LANES, splat(0));
  for (int64_t i = 0; i < g->outHeight; i += at_once) {
    const int64_t rows = g->outHeight - i < at_once ? g->outHeight - i : at_once;
    lay_out(p, s, n, i, i + rows, filter, block, V, packed);
    const float *x = image + i * g->strideHeight * p->paddedWidth * g->channels;
    for (int64_t term = 0; term < p->terms; term += NARROW_DEEP) {
      const int M = p->terms - term < NARROW_DEEP ? (int)(p->terms - term) : NARROW_DEEP;
      int64_t offset[NARROW_DEEP];
      for (int m = 0; m < M; m++) {
        const int64_t tap = (term + m) / g->channels, a = tap / g->kernelWidth, b = tap % g->kernelWidth;
        offset[m] = (a * g->dilationHeight * p->paddedWidth + b * g->dilationWidth) * g->channels + (term + m) % g->channels;
      }
      float *to = sums + term * pitch, *biases = term == 0 ? sums + p->terms * pitch : NULL;
      if (V == 2) narrow_tile_of_width(2, M, p, offset, x, packed, rows, to, pitch, biases);
      else narrow_tile_of_width(1, M, p, offset, x, packed, rows, to, pitch, biases);
    }
  }
}

static void narrow_images(const run *r, const plan *p, const float *x, slopes s) {
  const int64_t pitch = p->blocks * BROAD * LANES;
  float *packed = r->own, *image = packed + rows_at_once(p) * p->g.outWidth * BROAD * LANES;
  int64_t from, to;
  share_of(r, r->count, 1, &from, &to);
  __builtin_memset(image, 0, (size_t)(p->paddedHeight * p->paddedWidth * p->g.channels) * sizeof(float));
  for (int64_t n = from; n < to; n++) {
    pad(p, x + n * p->inPixels * p->g.channels, image);
    for (int64_t filter = 0; filter < p->g.filters; filter += BROAD * LANES)
      narrow_image(p, image, s, n, filter, packed, r->shared + n * p->sums + filter, pitch);
  }
}

/* The images' gradients, added up in their order. */
static void narrow_sums(const run *r, const plan *p, float *dw, float *db) {
  const int64_t filters = p->g.filters, pitch = p->blocks * BROAD * LANES;
  int64_t from, to;
  share_of(r, p->terms + 1, 1, &from, &to);
  for (int64_t m = from; m < to; m++)
    for (int64_t o = 0; o < filters; o += LANES) {
      vec total = splat(0);
      for (int64_t n = 0; n < r->count; n++) total += load(r->shared + n * p->sums + m * pitch + o);
      store_some((m < p->terms ? dw + m * filters : db) + o, total, filters - o);
    }
}

static void compute_from(const run *r, const plan *p, const float *x, slopes s, float *dw, float *db, int phase) {
  if (is_narrow(p, r->count)) phase == 0 ? narrow_images(r, p, x, s) : narrow_sums(r, p, dw, db);
  else if (phase == 0) general(r, p, x, s, dw, db);
}

static void compute(const run *r, const instruction *s, int phase) {
  const plan p = plan_of(s, 0);
  const slopes dy = {r->memory + s->operand[1].offset, NULL};
  compute_from(r, &p, r->memory + s->operand[0].offset, dy, r->memory + s->operand[2].offset,
               r->memory + s->operand[3].offset, phase);
}
static void compute_pool(const run *r, const instruction *s, int phase) {
  const plan p = plan_of(s, 1);
  const slopes dy = {r->memory + s->operand[1].offset, (const int32_t *)(r->memory + s->operand[2].offset)};
  compute_from(r, &p, r->memory + s->operand[0].offset, dy, r->memory + s->operand[3].offset,
               r->memory + s->operand[4].offset, phase);
}

static int check(const instruction *s) {
  const geometry g = convolution_of(s);
  return check_convolution(&g, NULL);
}
static int check_pool(const instruction *s) {
  const geometry g = convolution_of(s), pool = pool_of(s);
  return check_convolution(&g, &pool);
}

static scratch need(const instruction *s, int32_t batch) {
  return need_of(s, 0, batch);
}
static scratch need_pool(const instruction *s, int32_t batch) {
  return need_of(s, 1, batch);
}

const kernel SUFFIXED(convolution_grad_weights) = {check, need, compute, 2};
const kernel SUFFIXED(convolution_pool_grad_weights) = {check_pool, need_pool, compute_pool, 2};
