/*
 * Reads what a caller from Node asks for, which may be anything. Reading a property may run a program of the caller's, which
 * may throw, and may take away any array buffer; so all properties are read first, and what lies in memory is copied
 * after, when no such program can run any more. Whether it is sound is asked of the copy.
 */
#include "request.h"

#include <stdlib.h>
#include <string.h>

/* What the properties held. */
typedef struct {
  napi_value program[MOST_PROGRAMS];
} properties;

static napi_value property(napi_env env, napi_value object, const char *name) {
  napi_value value = NULL;
  return napi_get_named_property(env, object, name, &value) == napi_ok ? value : NULL;
}

int request_is_object(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && type == napi_object;
}

int request_integer(napi_env env, napi_value value, int64_t *to) {
  const double most = 9007199254740992.0;
  double number;
  if (!value || napi_get_value_double(env, value, &number) != napi_ok || !(number >= -most && number <= most)) return 0;
  *to = (int64_t)number;
  return (double)*to == number;
}

int request_int32(napi_env env, napi_value value, int32_t *to) {
  int64_t n;
  if (!request_integer(env, value, &n)) return 0;
  *to = n > INT32_MAX ? INT32_MAX : n < INT32_MIN ? INT32_MIN : (int32_t)n;
  return 1;
}

static int read_int32(napi_env env, napi_value object, const char *name, int32_t *to) {
  return request_int32(env, property(env, object, name), to);
}

static int read_programs(napi_env env, napi_value plan, open_request *q, properties *found) {
  napi_value programs = property(env, plan, "programs");
  bool is_array = false;
  uint32_t count;
  if (!programs || napi_is_array(env, programs, &is_array) != napi_ok || !is_array) return 0;
  if (napi_get_array_length(env, programs, &count) != napi_ok || count > MOST_PROGRAMS) return 0;
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env, programs, i, &found->program[i]) != napi_ok) return 0;
  }
  q->session.programs = (int32_t)count;
  return 1;
}

static int read_memory(napi_env env, napi_value plan, open_request *q) {
  napi_value memory = property(env, plan, "memory");
  napi_valuetype type;
  bool is_buffer = false;
  if (!memory || napi_typeof(env, memory, &type) != napi_ok) return 0;
  if (type == napi_undefined) return 1;
  q->memory = memory;
  return napi_is_arraybuffer(env, memory, &is_buffer) == napi_ok && is_buffer;
}

static int read_properties(napi_env env, napi_value plan, open_request *q, properties *found) {
  size_t length;
  napi_value variant = property(env, plan, "variant");
  if (!variant || napi_get_value_string_utf8(env, variant, q->variant, sizeof q->variant, &length) != napi_ok) return 0;
  q->session.variant = q->variant;
  return read_int32(env, plan, "fused", &q->session.fused) && request_integer(env, property(env, plan, "words"), &q->session.words) &&
         read_int32(env, plan, "batch", &q->session.batch) && read_int32(env, plan, "threads", &q->session.threads) &&
         read_programs(env, plan, q, found) && read_memory(env, plan, q);
}

static int find_program(napi_env env, napi_value array, const instruction **program, int64_t *length) {
  napi_typedarray_type type;
  size_t words;
  void *data;
  bool is_array = false;
  if (napi_is_typedarray(env, array, &is_array) != napi_ok || !is_array) return 0;
  if (napi_get_typedarray_info(env, array, &type, &words, &data, NULL, NULL) != napi_ok) return 0;
  if (type != napi_int32_array || words % RECORD_WORDS || (words && !data)) return 0;
  *program = data;
  *length = (int64_t)(words / RECORD_WORDS);
  return 1;
}

static int copy_programs(napi_env env, open_request *q, const properties *found) {
  int64_t total = 0;
  for (int32_t i = 0; i < q->session.programs; i++) {
    if (!find_program(env, found->program[i], &q->program[i], &q->length[i])) return 0;
    if ((total += q->length[i]) > MOST_INSTRUCTIONS) return 0;
  }
  instruction *next = q->instructions = calloc((size_t)total + 1, sizeof *next);
  if (!next) return 0;
  for (int32_t i = 0; i < q->session.programs; i++) {
    if (q->length[i]) memcpy(next, q->program[i], (size_t)q->length[i] * sizeof *next);
    q->program[i] = next;
    next += q->length[i];
  }
  q->session.program = q->program;
  q->session.length = q->length;
  return 1;
}

/* Where a session's memory begins in the caller's array buffer: at a cache line. */
static int borrow(napi_env env, open_request *q) {
  if (!q->memory || q->session.words < 1 || q->session.words > INT32_MAX) return 1; /* the runtime says what is wrong */
  if (napi_get_arraybuffer_info(env, q->memory, &q->lent_start, &q->lent_bytes) != napi_ok || !q->lent_start) return 0;
  const uintptr_t start = (uintptr_t)q->lent_start, line = (start + 63) & ~(uintptr_t)63;
  q->session.lent = (void *)line;
  return q->lent_bytes >= line - start + (size_t)memory_bytes(q->session.words);
}

open_request *request_take(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value plan;
  properties found;
  open_request *q = calloc(1, sizeof *q);
  if (q && napi_get_cb_info(env, info, &count, &plan, NULL, NULL) == napi_ok && request_is_object(env, plan) &&
      read_properties(env, plan, q, &found) && copy_programs(env, q, &found) && borrow(env, q)) {
    return q;
  }
  request_free(q);
  return NULL;
}

void request_free(open_request *q) {
  if (q) free(q->instructions);
  free(q);
}
