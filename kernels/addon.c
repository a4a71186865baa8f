/*
 * The door to Node. Nothing global: worker threads load it as often as they like. Exports
 *
 *   variants()   names of the variants that this processor runs, the best first
 *   open({ variant, fused, words, batch, threads, programs, lent }) → session with .floats and .registers
 *   bind(session, images, labels, order), run(session, program), close(session)
 *   peak(variant, fused, threads, rounds) does nothing but multiply and add; the number of operations, 0 where it cannot
 */
#include "peak.h"
#include "runtime.h"

#include <node_api.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGES, LABELS, ORDER, SLOTS };

typedef struct {
  session *session; /* NULL once closed */
  napi_ref slot[SLOTS];
  bool is_labeled;
  napi_ref lent; /* NULL, or the array buffer that holds the memory */
} handle;

static const napi_type_tag HANDLE = {0x5f2c1d9e8ab34c07, 0x9d0b6e21f7a8453c};

static napi_value throw_type(napi_env env, const char *message) {
  napi_throw_type_error(env, "ATELIER_ARGUMENT", message);
  return NULL;
}

static napi_value throw_message(napi_env env, const char *message) {
  napi_throw_error(env, "ATELIER_REFUSED", message);
  return NULL;
}

static void forget(napi_env env, napi_ref *reference) {
  if (*reference) napi_delete_reference(env, *reference);
  *reference = NULL;
}

static void shut(napi_env env, handle *h) {
  if (h->session) session_close(h->session);
  h->session = NULL;
  for (int i = 0; i < SLOTS; i++) forget(env, &h->slot[i]);
  forget(env, &h->lent);
}

/* Runs when the session is collected, and when its worker thread or the process ends. */
static void finalize_handle(napi_env env, void *data, void *hint) {
  (void)hint;
  shut(env, data);
  free(data);
}

static void finalize_memory(napi_env env, void *data, void *hint) {
  (void)env, (void)data;
  memory_release(hint);
}

static napi_value property(napi_env env, napi_value object, const char *name) {
  napi_value value = NULL;
  return napi_get_named_property(env, object, name, &value) == napi_ok ? value : NULL;
}

static int read_integer(napi_env env, napi_value object, const char *name, int64_t *to) {
  napi_value value = property(env, object, name);
  return value && napi_get_value_int64(env, value, to) == napi_ok;
}

/* Clamps instead of wrapping round: what does not fit is refused later as what it is. */
static int32_t narrowed(int64_t n) { return n > INT32_MAX ? INT32_MAX : n < INT32_MIN ? INT32_MIN : (int32_t)n; }

typedef struct {
  session_request request;
  char variant[32];
  const instruction **program;
  int64_t *length;
} wish;

static void free_wish(wish *w) {
  free(w->program);
  free(w->length);
}

static int read_program(napi_env env, napi_value array, const instruction **program, int64_t *length) {
  napi_typedarray_type type;
  size_t words;
  void *data;
  bool is_array = false;
  if (napi_is_typedarray(env, array, &is_array) != napi_ok || !is_array) return 0;
  if (napi_get_typedarray_info(env, array, &type, &words, &data, NULL, NULL) != napi_ok) return 0;
  if (type != napi_int32_array || words % RECORD_WORDS) return 0;
  *program = data;
  *length = (int64_t)(words / RECORD_WORDS);
  return 1;
}

static int read_programs(napi_env env, napi_value plan, wish *w) {
  napi_value programs = property(env, plan, "programs");
  bool is_array = false;
  uint32_t count;
  if (!programs || napi_is_array(env, programs, &is_array) != napi_ok || !is_array) return 0;
  if (napi_get_array_length(env, programs, &count) != napi_ok || count > 10000) return 0;
  w->program = calloc(count + 1, sizeof *w->program);
  w->length = calloc(count + 1, sizeof *w->length);
  if (!w->program || !w->length) return 0;
  for (uint32_t i = 0; i < count; i++) {
    napi_value program;
    if (napi_get_element(env, programs, i, &program) != napi_ok) return 0;
    if (!read_program(env, program, &w->program[i], &w->length[i])) return 0;
  }
  w->request.programs = (int32_t)count;
  w->request.program = w->program;
  w->request.length = w->length;
  return 1;
}

static int read_wish(napi_env env, napi_value plan, wish *w) {
  int64_t batch, threads, fused;
  size_t length;
  napi_value variant = property(env, plan, "variant");
  if (!variant || napi_get_value_string_utf8(env, variant, w->variant, sizeof w->variant, &length) != napi_ok) return 0;
  if (!read_integer(env, plan, "words", &w->request.words) || !read_integer(env, plan, "batch", &batch)) return 0;
  if (!read_integer(env, plan, "threads", &threads) || !read_integer(env, plan, "fused", &fused)) return 0;
  w->request.variant = w->variant;
  w->request.batch = narrowed(batch);
  w->request.threads = narrowed(threads);
  w->request.fused = fused != 0;
  return read_programs(env, plan, w);
}

/* Memory in an array buffer of the engine's own, for runtimes that take no other. */
static napi_value lend(napi_env env, session_request *q) {
  napi_value buffer;
  void *data;
  if (q->words < 1 || q->words > INT32_MAX) return NULL;
  size_t bytes = (size_t)memory_bytes(q->words) + 64;
  if (napi_create_arraybuffer(env, bytes, &data, &buffer) != napi_ok) return NULL;
  memset(data, 0, bytes);
  q->lent = (void *)(((uintptr_t)data + 63) & ~(uintptr_t)63);
  return buffer;
}

static napi_value expose(napi_env env, memory *m, int64_t words) {
  napi_value buffer;
  memory_retain(m);
  napi_status status =
      napi_create_external_arraybuffer(env, memory_start(m), (size_t)memory_bytes(words), finalize_memory, m, &buffer);
  if (status == napi_ok) return buffer;
  memory_release(m);
  return NULL;
}

/* Sets session.floats and session.registers, views of `buffer`. */
static int add_views(napi_env env, napi_value object, napi_value buffer, handle *h, int64_t words) {
  void *data;
  napi_value floats, registers;
  if (napi_get_arraybuffer_info(env, buffer, &data, NULL) != napi_ok) return 0;
  size_t start = (size_t)((char *)session_floats(h->session) - (char *)data);
  size_t after = (size_t)((char *)session_registers(h->session) - (char *)data);
  return napi_create_typedarray(env, napi_float32_array, (size_t)words, buffer, start, &floats) == napi_ok &&
         napi_create_typedarray(env, napi_int32_array, REGISTERS, buffer, after, &registers) == napi_ok &&
         napi_set_named_property(env, object, "floats", floats) == napi_ok &&
         napi_set_named_property(env, object, "registers", registers) == napi_ok;
}

static napi_value open_session(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value plan, object, buffer = NULL;
  int64_t lent = 0;
  wish w = {0};
  char message[MESSAGE_BYTES];
  if (napi_get_cb_info(env, info, &count, &plan, NULL, NULL) != napi_ok || count < 1 || !read_wish(env, plan, &w)) {
    free_wish(&w);
    return throw_type(env, "open: expected { variant, fused, words, batch, threads, programs: Int32Array[] }.");
  }
  read_integer(env, plan, "lent", &lent);
  if (lent) buffer = lend(env, &w.request);
  session *s = session_open(&w.request, message);
  if (s && !buffer && !(buffer = expose(env, memory_of(s), w.request.words))) {
    session_close(s);
    buffer = lend(env, &w.request);
    s = session_open(&w.request, message);
  }
  free_wish(&w);
  if (!s) return throw_message(env, message);
  handle *h = calloc(1, sizeof *h);
  if (h) h->session = s;
  else session_close(s);
  if (!h || napi_create_object(env, &object) != napi_ok || napi_wrap(env, object, h, finalize_handle, NULL, NULL) != napi_ok) {
    if (h) shut(env, h);
    free(h);
    return throw_message(env, "open: the session could not be created.");
  }
  if (napi_type_tag_object(env, object, &HANDLE) != napi_ok || !add_views(env, object, buffer, h, w.request.words) ||
      (w.request.lent && napi_create_reference(env, buffer, 1, &h->lent) != napi_ok)) {
    shut(env, h);
    return throw_message(env, "open: the session could not be created.");
  }
  return object;
}

/* The handle of an open session; throws where there is none. */
static handle *unwrap(napi_env env, napi_value object) {
  bool is_handle = false;
  void *data;
  if (napi_check_object_type_tag(env, object, &HANDLE, &is_handle) != napi_ok || !is_handle ||
      napi_unwrap(env, object, &data) != napi_ok) {
    throw_type(env, "expected a session.");
    return NULL;
  }
  handle *h = data;
  if (h->session) return h;
  throw_message(env, "the session is closed.");
  return NULL;
}

static int is_array_of(napi_env env, napi_value value, napi_typedarray_type wanted) {
  bool is_array = false;
  napi_typedarray_type type;
  return napi_is_typedarray(env, value, &is_array) == napi_ok && is_array &&
         napi_get_typedarray_info(env, value, &type, NULL, NULL, NULL, NULL) == napi_ok && type == wanted;
}

static napi_value bind_slots(napi_env env, napi_callback_info info) {
  size_t count = 1 + SLOTS;
  napi_value arguments[1 + SLOTS];
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok) return NULL;
  handle *h = unwrap(env, arguments[0]);
  if (!h) return NULL;
  for (int i = 0; i < SLOTS; i++) {
    if (!is_array_of(env, arguments[1 + i], i == ORDER ? napi_int32_array : napi_uint8_array)) {
      return throw_type(env, "bind: expected images: Uint8Array, labels: Uint8Array, order: Int32Array.");
    }
  }
  for (int i = 0; i < SLOTS; i++) {
    forget(env, &h->slot[i]);
    napi_create_reference(env, arguments[1 + i], 1, &h->slot[i]);
  }
  size_t labels = 0;
  napi_get_typedarray_info(env, arguments[1 + LABELS], NULL, &labels, NULL, NULL, NULL);
  h->is_labeled = labels > 0;
  return NULL;
}

/* Looks at a bound array anew: since `bind` it may have been detached or resized. */
static const void *look(napi_env env, napi_ref reference, int64_t *length) {
  napi_value array;
  size_t items = 0;
  void *data = NULL;
  if (napi_get_reference_value(env, reference, &array) != napi_ok || !array) return NULL;
  if (napi_get_typedarray_info(env, array, NULL, &items, &data, NULL, NULL) != napi_ok) return NULL;
  *length = data ? (int64_t)items : 0;
  return data;
}

/* The memory of a session whose array buffer was taken away must not be touched. */
static int is_lost(napi_env env, handle *h) {
  napi_value buffer;
  bool detached = true;
  if (!h->lent) return 0;
  return napi_get_reference_value(env, h->lent, &buffer) != napi_ok ||
         napi_is_detached_arraybuffer(env, buffer, &detached) != napi_ok || detached;
}

static napi_value run_program(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  int32_t program;
  char message[MESSAGE_BYTES];
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok) return NULL;
  handle *h = unwrap(env, arguments[0]);
  if (!h) return NULL;
  if (napi_get_value_int32(env, arguments[1], &program) != napi_ok) return throw_type(env, "run: expected a program's number.");
  if (is_lost(env, h)) return throw_message(env, "run: the session's memory was transferred away.");
  slots s = {0}, *given = NULL;
  if (h->slot[ORDER] && session_gathers(h->session, program)) {
    given = &s;
    s.images = look(env, h->slot[IMAGES], &s.images_length);
    s.labels = look(env, h->slot[LABELS], &s.labels_length);
    s.order = look(env, h->slot[ORDER], &s.order_length);
    /* None were given where one only predicts; those that were given must still be there. */
    if (h->is_labeled && s.labels_length == 0) return throw_message(env, "run: the labels were taken away.");
  }
  if (!session_run(h->session, program, given, message)) return throw_message(env, message);
  return NULL;
}

/* Closing twice is no mistake. */
static napi_value close_session(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value object;
  bool is_handle = false;
  void *data;
  if (napi_get_cb_info(env, info, &count, &object, NULL, NULL) != napi_ok) return NULL;
  if (napi_check_object_type_tag(env, object, &HANDLE, &is_handle) != napi_ok || !is_handle ||
      napi_unwrap(env, object, &data) != napi_ok) {
    return throw_type(env, "close: expected a session.");
  }
  shut(env, data);
  return NULL;
}

static napi_value list_variants(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list, name;
  napi_create_array(env, &list);
  for (int i = 0; variant_name(i); i++) {
    napi_create_string_utf8(env, variant_name(i), NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, list, (uint32_t)i, name);
  }
  return list;
}

static napi_value run_peak(napi_env env, napi_callback_info info) {
  size_t count = 4, length;
  napi_value arguments[4], operations;
  char variant[32];
  int32_t fused, threads;
  int64_t rounds;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok ||
      napi_get_value_string_utf8(env, arguments[0], variant, sizeof variant, &length) != napi_ok ||
      napi_get_value_int32(env, arguments[1], &fused) != napi_ok ||
      napi_get_value_int32(env, arguments[2], &threads) != napi_ok ||
      napi_get_value_int64(env, arguments[3], &rounds) != napi_ok) {
    return throw_type(env, "peak: expected a variant, fused, threads and rounds.");
  }
  napi_create_double(env, peak_run(variant, fused, threads, rounds), &operations);
  return operations;
}

static napi_value start(napi_env env, napi_value exports) {
  static const struct {
    const char *name;
    napi_callback call;
  } doors[] = {{"variants", list_variants}, {"open", open_session},
               {"bind", bind_slots},        {"run", run_program},            {"close", close_session},
               {"peak", run_peak}};
  for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
    napi_value function;
    napi_create_function(env, doors[i].name, NAPI_AUTO_LENGTH, doors[i].call, NULL, &function);
    napi_set_named_property(env, exports, doors[i].name, function);
  }
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, start)
