/* Philox4x32-10 of one counter (c0, c1, c2, 0): src/base/philox.ts. dropout.c has it in vectors. */
#ifndef ATELIER_PHILOX_H
#define ATELIER_PHILOX_H

#include "kernel.h"

static inline void philox(uint32_t out[4], uint32_t c0, uint32_t c1, uint32_t c2, uint32_t key0, uint32_t key1) {
  uint32_t x0 = c0, x1 = c1, x2 = c2, x3 = 0;
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)0xd2511f53u * x0, p1 = (uint64_t)0xcd9e8d57u * x2;
    x0 = (uint32_t)(p1 >> 32) ^ x1 ^ key0;
    x1 = (uint32_t)p1;
    x2 = (uint32_t)(p0 >> 32) ^ x3 ^ key1;
    x3 = (uint32_t)p0;
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  out[0] = x0, out[1] = x1, out[2] = x2, out[3] = x3;
}

#endif
