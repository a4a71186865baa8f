/* The kernels of one variant and arithmetic by operation code; compiled once for each pair, like the kernels. */
#include "program.h"

/* Families without products to fuse have one copy a variant, which both arithmetics use. */
#ifndef COMMON
#define COMMON VARIANT
#endif

#define DECLARE_OWN(code, name) extern const kernel SUFFIXED(name);
#define DECLARE_COMMON(code, name) extern const kernel JOIN(name, COMMON);
#define OWN(code, name) [OP_##code] = &SUFFIXED(name),
#define SHARED(code, name) [OP_##code] = &JOIN(name, COMMON),

FUSING_OPERATIONS(DECLARE_OWN)
OTHER_OPERATIONS(DECLARE_COMMON)

extern kernel_table SUFFIXED(kernels);
kernel_table SUFFIXED(kernels) = {FUSING_OPERATIONS(OWN) OTHER_OPERATIONS(SHARED)};
