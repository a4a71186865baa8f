/*
 * Batch normalization: src/engine/reference/batch-norm.ts. Sums of an image are taken by one thread and lie in shared
 * scratch, [count, channels]; they are added over images in order, by every thread for itself. Lanes are channels.
 */
#include "vector_math.h"

typedef struct {
  int64_t pixels, channels;
  float total;
} shape;

static shape shape_of(const run *r, const instruction *at) {
  int64_t pixels = at->integer[BATCH_NORM_PIXELS];
  return (shape){pixels, at->integer[BATCH_NORM_CHANNELS], (float)((int64_t)r->count * pixels)};
}

/* Σ over images of the sums of one block of channels. */
static vec sum_images(const run *r, const float *sums, int64_t channels, int64_t c) {
  vec total = {0};
  for (int64_t n = 0; n < r->count; n++) total += some(sums + n * channels + c, channels - c);
  return total;
}

static vec inverse_of(vec variance, float epsilon) { return 1.0f / root(variance + epsilon); }

/* The statistics of all channels, in this thread's own scratch: means, then inverse deviations or what is given. */
static void means_of(const run *r, const float *sums, shape s, float *out) {
  for (int64_t c = 0; c < s.channels; c += LANES) {
    store_some(out + c, sum_images(r, sums, s.channels, c) / s.total, s.channels - c);
  }
}

/* Phase 0: sums of x. 1: of squared deviations. 2: y, and by the first thread the statistics. */
static void forward(const run *r, const instruction *at, int phase) {
  shape s = shape_of(r, at);
  const float *x = r->memory + at->operand[0].offset;
  float *sums = r->shared, *squares = r->shared + (int64_t)r->count * s.channels, *mean = r->own;
  int64_t from, to;
  share_of(r, r->count, 1, &from, &to);
  if (phase > 0) means_of(r, sums, s, mean);
  if (phase < 2) {
    float *out = phase == 0 ? sums : squares;
    for (int64_t n = from; n < to; n++) {
      float *row = out + n * s.channels;
      __builtin_memset(row, 0, (size_t)s.channels * sizeof *row);
      for (int64_t p = 0; p < s.pixels; p++) {
        const float *pixel = x + (n * s.pixels + p) * s.channels;
        for (int64_t c = 0; c < s.channels; c += LANES) {
          int64_t left = s.channels - c;
          vec value = some(pixel + c, left);
          if (phase == 1) {
            vec deviation = value - some(mean + c, left);
            value = deviation * deviation;
          }
          store_some(row + c, some(row + c, left) + value, left);
        }
      }
    }
    return;
  }
  const float *gamma = r->memory + at->operand[1].offset, *beta = r->memory + at->operand[2].offset;
  float *inverse = r->own + s.channels;
  for (int64_t c = 0; c < s.channels; c += LANES) {
    vec variance = sum_images(r, squares, s.channels, c) / s.total;
    store_some(inverse + c, inverse_of(variance, at->number[BATCH_NORM_EPSILON]), s.channels - c);
  }
  float *y = r->memory + at->operand[6].offset;
  for (int64_t row = from * s.pixels; row < to * s.pixels; row++) {
    for (int64_t c = 0; c < s.channels; c += LANES) {
      int64_t left = s.channels - c, i = row * s.channels + c;
      vec normal = (some(x + i, left) - some(mean + c, left)) * some(inverse + c, left);
      store_some(y + i, normal * some(gamma + c, left) + some(beta + c, left), left);
    }
  }
  if (r->thread > 0) return;
  float *running = r->memory + at->operand[3].offset, *spread = r->memory + at->operand[4].offset;
  float *saved = r->memory + at->operand[5].offset, kept = at->number[BATCH_NORM_MOMENTUM], rest = 1.0f - kept;
  float others = s.total - 1.0f < 1.0f ? 1.0f : s.total - 1.0f;
  for (int64_t c = 0; c < s.channels; c += LANES) {
    int64_t left = s.channels - c;
    vec unbiased = sum_images(r, squares, s.channels, c) / others;
    store_some(saved + c, some(mean + c, left), left);
    store_some(saved + s.channels + c, some(inverse + c, left), left);
    store_some(running + c, kept * some(running + c, left) + rest * some(mean + c, left), left);
    store_some(spread + c, kept * some(spread + c, left) + rest * unbiased, left);
  }
}

/* Operands: x, dy, gamma, saved, dgamma, dbeta, dx. Phase 0: sums of dy and of dy·x̂. 1: dx, dγ, dβ. */
static void backward(const run *r, const instruction *at, int phase) {
  shape s = shape_of(r, at);
  const float *x = r->memory + at->operand[0].offset, *dy = r->memory + at->operand[1].offset;
  const float *gamma = r->memory + at->operand[2].offset, *mean = r->memory + at->operand[3].offset;
  const float *inverse = mean + s.channels;
  float *slopes = r->shared, *turns = r->shared + (int64_t)r->count * s.channels;
  int64_t from, to;
  share_of(r, r->count, 1, &from, &to);
  if (phase == 0) {
    for (int64_t n = from; n < to; n++) {
      float *slope = slopes + n * s.channels, *turn = turns + n * s.channels;
      __builtin_memset(slope, 0, (size_t)s.channels * sizeof *slope);
      __builtin_memset(turn, 0, (size_t)s.channels * sizeof *turn);
      for (int64_t p = 0; p < s.pixels; p++) {
        int64_t pixel = (n * s.pixels + p) * s.channels;
        for (int64_t c = 0; c < s.channels; c += LANES) {
          int64_t left = s.channels - c;
          vec d = some(dy + pixel + c, left);
          vec normal = (some(x + pixel + c, left) - some(mean + c, left)) * some(inverse + c, left);
          store_some(slope + c, some(slope + c, left) + d, left);
          store_some(turn + c, some(turn + c, left) + d * normal, left);
        }
      }
    }
    return;
  }
  float *dgamma = r->memory + at->operand[4].offset, *dbeta = r->memory + at->operand[5].offset;
  float *dx = r->memory + at->operand[6].offset;
  float *mean_slope = r->own, *mean_turn = r->own + s.channels;
  for (int64_t c = 0; c < s.channels; c += LANES) {
    int64_t left = s.channels - c;
    vec slope = sum_images(r, slopes, s.channels, c), turn = sum_images(r, turns, s.channels, c);
    store_some(mean_slope + c, slope / s.total, left);
    store_some(mean_turn + c, turn / s.total, left);
    if (r->thread > 0) continue;
    store_some(dbeta + c, slope, left);
    store_some(dgamma + c, turn, left);
  }
  for (int64_t row = from * s.pixels; row < to * s.pixels; row++) {
    for (int64_t c = 0; c < s.channels; c += LANES) {
      int64_t left = s.channels - c, i = row * s.channels + c;
      vec normal = (some(x + i, left) - some(mean + c, left)) * some(inverse + c, left);
      vec rest = (some(dy + i, left) - some(mean_slope + c, left)) - normal * some(mean_turn + c, left);
      store_some(dx + i, (some(gamma + c, left) * some(inverse + c, left)) * rest, left);
    }
  }
}

/* Operands: x, gamma, beta, mean, variance, y. */
static void inference(const run *r, const instruction *at, int phase) {
  (void)phase;
  shape s = shape_of(r, at);
  const float *x = r->memory + at->operand[0].offset, *gamma = r->memory + at->operand[1].offset;
  const float *beta = r->memory + at->operand[2].offset, *mean = r->memory + at->operand[3].offset;
  const float *variance = r->memory + at->operand[4].offset;
  float *y = r->memory + at->operand[5].offset;
  int64_t from, to;
  share_of(r, (int64_t)r->count * s.pixels, 1, &from, &to);
  for (int64_t c = 0; c < s.channels; c += LANES) {
    int64_t left = s.channels - c;
    vec inverse = inverse_of(some(variance + c, left), at->number[BATCH_NORM_INFERENCE_EPSILON]);
    vec middle = some(mean + c, left), scale = some(gamma + c, left), offset = some(beta + c, left);
    for (int64_t i = from * s.channels + c; i < to * s.channels; i += s.channels) {
      store_some(y + i, ((some(x + i, left) - middle) * inverse) * scale + offset, left);
    }
  }
}

static scratch need(const instruction *at, int32_t batch) {
  int64_t channels = at->integer[BATCH_NORM_CHANNELS];
  return (scratch){(size_t)(2 * batch * channels), (size_t)(2 * channels)};
}

const kernel SUFFIXED(batch_norm) = {NULL, need, forward, 3};
const kernel SUFFIXED(batch_norm_grad) = {NULL, need, backward, 2};
const kernel SUFFIXED(batch_norm_inference) = {NULL, NULL, inference, 1};
