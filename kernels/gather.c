/* Takes the batch's images: x = byte·scale + shift, each rounded: src/engine/reference/gather.ts. */
#include "philox.h"
#include "program.h"

/* Left to the compiler to vectorize: GCC takes __builtin_convertvector of bytes apart, lane by lane. */
static void gather_row(const uint8_t *restrict image, float *restrict x, int64_t pixels, float scale, float shift) {
  for (int64_t i = 0; i < pixels; i++) x[i] = (float)image[i] * scale + shift;
}

/* Where there are no labels, −1: no class has this number. */
static float label_of(const run *r, int64_t image) { return r->labels ? (float)r->labels[image] : -1.0f; }

/* Operands: x, labels. Entries of `order` were checked before the run. */
static void compute(const run *r, const instruction *at, int phase) {
  (void)phase;
  int64_t pixels = at->integer[GATHER_PIXELS], from, to;
  share_of(r, r->count, 1, &from, &to);
  for (int64_t n = from; n < to; n++) {
    int64_t image = r->order[r->position + n];
    r->memory[at->operand[1].offset + n] = label_of(r, image);
    gather_row(r->images + image * pixels, r->memory + at->operand[0].offset + n * pixels, pixels, at->number[GATHER_SCALE],
               at->number[GATHER_SHIFT]);
  }
}

const kernel SUFFIXED(gather) = {NULL, NULL, compute, 1};

/* What happens to an image in an epoch; the augmented row takes it from there. */
typedef struct {
  int mirrored;
  int64_t down, right;
  int64_t top, bottom, left, end; /* of the hole, which is empty where nothing is erased */
} view;

/* A whole number below `bound` from one word. */
static int64_t below(uint32_t word, int64_t bound) { return (int64_t)((uint64_t)word * (uint64_t)bound >> 32); }

static view draw_view(const instruction *at, uint32_t image, uint32_t epoch) {
  const int32_t *a = at->integer;
  uint32_t pose[4], chance[4], place[4];
  philox(pose, image, epoch, 0, (uint32_t)a[GATHER_AUGMENTED_KEY_0], (uint32_t)a[GATHER_AUGMENTED_KEY_1]);
  philox(chance, image, epoch, 1, (uint32_t)a[GATHER_AUGMENTED_KEY_0], (uint32_t)a[GATHER_AUGMENTED_KEY_1]);
  philox(place, image, epoch, 2, (uint32_t)a[GATHER_AUGMENTED_KEY_0], (uint32_t)a[GATHER_AUGMENTED_KEY_1]);
  int64_t reach = 2 * (int64_t)a[GATHER_AUGMENTED_TRANSLATE] + 1, sizes = (int64_t)a[GATHER_AUGMENTED_ERASE_HIGH] - a[GATHER_AUGMENTED_ERASE_LOW] + 1;
  view v = {a[GATHER_AUGMENTED_FLIP] == 1 && (pose[0] & 1), below(pose[1], reach) - a[GATHER_AUGMENTED_TRANSLATE], below(pose[2], reach) - a[GATHER_AUGMENTED_TRANSLATE], 0, 0, 0, 0};
  if (chance[0] >= (uint32_t)a[GATHER_AUGMENTED_ERASE_THRESHOLD]) return v;
  int64_t rows = a[GATHER_AUGMENTED_ERASE_LOW] + below(chance[1], sizes), columns = a[GATHER_AUGMENTED_ERASE_LOW] + below(chance[2], sizes);
  v.top = below(place[0], a[GATHER_AUGMENTED_HEIGHT] - rows + 1);
  v.left = below(place[1], a[GATHER_AUGMENTED_WIDTH] - columns + 1);
  v.bottom = v.top + rows;
  v.end = v.left + columns;
  return v;
}

static void augment_row(const instruction *at, view v, const uint8_t *image, float *x) {
  const int64_t height = at->integer[GATHER_AUGMENTED_HEIGHT], width = at->integer[GATHER_AUGMENTED_WIDTH], channels = at->integer[GATHER_AUGMENTED_CHANNELS];
  const float scale = at->number[GATHER_AUGMENTED_SCALE], shift = at->number[GATHER_AUGMENTED_SHIFT];
  const uint8_t fill = (uint8_t)at->integer[GATHER_AUGMENTED_FILL];
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
    r->memory[at->operand[1].offset + n] = label_of(r, image);
    augment_row(at, draw_view(at, (uint32_t)image, r->epoch), r->images + image * pixels,
                r->memory + at->operand[0].offset + n * pixels);
  }
}

static int check_augmented(const instruction *i) {
  enum { MOST = 32768 };
  const int32_t *a = i->integer, height = a[GATHER_AUGMENTED_HEIGHT], width = a[GATHER_AUGMENTED_WIDTH];
  const int32_t shorter = height < width ? height : width, translate = a[GATHER_AUGMENTED_TRANSLATE];
  const int32_t low = a[GATHER_AUGMENTED_ERASE_LOW], high = a[GATHER_AUGMENTED_ERASE_HIGH], fill = a[GATHER_AUGMENTED_FILL];
  return !(height <= MOST && width <= MOST && a[GATHER_AUGMENTED_CHANNELS] <= MOST && translate >= 0 && translate <= MOST &&
           low >= 1 && low <= high && high <= shorter && fill >= 0 && fill <= 255);
}

const kernel SUFFIXED(gather_augmented) = {check_augmented, NULL, compute_augmented, 1};
