/* Takes the batch's images: x = byte·scale + shift, each rounded: src/engine/definition/gather.ts. */
#include "philox.h"
#include "program.h"

/* Left to the compiler to vectorize: GCC takes __builtin_convertvector of bytes apart, lane by lane. */
static void gather_row(const uint8_t *restrict image, float *restrict x, int64_t pixels, float scale, float shift) {
  for (int64_t i = 0; i < pixels; i++) x[i] = (float)image[i] * scale + shift;
}

/* Operands: x, labels. Entries of `order` were checked before the run. */
static void compute(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t pixels = at->integer[0], from, to;
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    int64_t image = r->order[r->position + n];
    r->memory[at->operand[1].offset + n] = (float)r->labels[image];
    gather_row(r->images + image * pixels, r->memory + at->operand[0].offset + n * pixels, pixels, at->number[0],
               at->number[1]);
  }
}

static int check(const instruction *i) {
  return !(i->integer[0] > 0 && i->operand[0].length == i->integer[0] && i->operand[1].length == 1);
}

const kernel SUFFIXED(gather) = {check, NULL, compute, 1, 3};

/* What happens to an image in an epoch; the augmented row takes it from there. */
typedef struct {
  int mirrored;
  int64_t down, right;
  int64_t top, bottom, left, end; /* of the hole, which is empty where nothing is erased */
} view;

enum { HEIGHT, WIDTH, CHANNELS, KEY0, KEY1, FLIP, TRANSLATE, ERASE_THRESHOLD, ERASE_LOW, ERASE_HIGH, FILL };

/* A whole number below `bound` from one word. */
static int64_t below(uint32_t word, int64_t bound) { return (int64_t)((uint64_t)word * (uint64_t)bound >> 32); }

static view draw_view(const instruction *at, uint32_t image, uint32_t epoch) {
  const int32_t *a = at->integer;
  uint32_t pose[4], chance[4], place[4];
  philox(pose, image, epoch, 0, (uint32_t)a[KEY0], (uint32_t)a[KEY1]);
  philox(chance, image, epoch, 1, (uint32_t)a[KEY0], (uint32_t)a[KEY1]);
  philox(place, image, epoch, 2, (uint32_t)a[KEY0], (uint32_t)a[KEY1]);
  int64_t reach = 2 * (int64_t)a[TRANSLATE] + 1, sizes = (int64_t)a[ERASE_HIGH] - a[ERASE_LOW] + 1;
  view v = {a[FLIP] == 1 && (pose[0] & 1), below(pose[1], reach) - a[TRANSLATE], below(pose[2], reach) - a[TRANSLATE], 0, 0, 0, 0};
  if (chance[0] >= (uint32_t)a[ERASE_THRESHOLD]) return v;
  int64_t rows = a[ERASE_LOW] + below(chance[1], sizes), columns = a[ERASE_LOW] + below(chance[2], sizes);
  v.top = below(place[0], a[HEIGHT] - rows + 1);
  v.left = below(place[1], a[WIDTH] - columns + 1);
  v.bottom = v.top + rows;
  v.end = v.left + columns;
  return v;
}

static void augment_row(const instruction *at, view v, const uint8_t *image, float *x) {
  const int64_t height = at->integer[HEIGHT], width = at->integer[WIDTH], channels = at->integer[CHANNELS];
  const float scale = at->number[0], shift = at->number[1];
  const uint8_t fill = (uint8_t)at->integer[FILL];
  for (int64_t row = 0; row < height; row++) {
    int64_t from_row = row + v.down;
    int outside = from_row < 0 || from_row >= height, holed = row >= v.top && row < v.bottom;
    for (int64_t column = 0; column < width; column++) {
      int64_t shifted = column + v.right, from_column = v.mirrored ? width - 1 - shifted : shifted;
      int seen = !outside && shifted >= 0 && shifted < width && !(holed && column >= v.left && column < v.end);
      const uint8_t *pixel = image + (from_row * width + from_column) * channels;
      for (int64_t c = 0; c < channels; c++) *x++ = (float)(seen ? pixel[c] : fill) * scale + shift;
    }
  }
}

static void compute_augmented(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t pixels = gathered_pixels(at), from, to;
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    int64_t image = r->order[r->position + n];
    r->memory[at->operand[1].offset + n] = (float)r->labels[image];
    augment_row(at, draw_view(at, (uint32_t)image, r->epoch), r->images + image * pixels,
                r->memory + at->operand[0].offset + n * pixels);
  }
}

static int check_augmented(const instruction *i) {
  const int32_t *a = i->integer;
  const int32_t shorter = a[HEIGHT] < a[WIDTH] ? a[HEIGHT] : a[WIDTH];
  return !(a[HEIGHT] > 0 && a[WIDTH] > 0 && a[CHANNELS] > 0 && a[HEIGHT] <= 32768 && a[WIDTH] <= 32768 &&
           a[CHANNELS] <= 32768 && gathered_pixels(i) == i->operand[0].length && i->operand[1].length == 1 &&
           a[TRANSLATE] >= 0 && a[TRANSLATE] <= 32768 && a[ERASE_LOW] >= 1 && a[ERASE_LOW] <= a[ERASE_HIGH] &&
           a[ERASE_HIGH] <= shorter && a[FILL] >= 0 && a[FILL] <= 255);
}

const kernel SUFFIXED(gather_augmented) = {check_augmented, NULL, compute_augmented, 1, 3};
