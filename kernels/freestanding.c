/* What a compiler without a C library may call on its own account. The built-ins become one instruction of WebAssembly. */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes) { return __builtin_memcpy(to, from, bytes); }
void *memset(void *to, int byte, size_t bytes) { return __builtin_memset(to, byte, bytes); }
