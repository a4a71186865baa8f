/*
 * The door to Node. Nothing global: worker threads load it as often as they like. Exports
 *
 *   variants()   names of the variants that this processor runs, the best first
 *   memoryBytes(words)   how long an array buffer must be that holds a session's memory
 *   open({ variant, fused, words, batch, threads, programs, memory }) → session with .floats and .registers
 *   bind(session, images, labels, order), run(session, program), close(session)
 *   peak(variant, fused, threads, rounds) does nothing but multiply and add; the number of operations, 0 where it cannot
 *
 * Arguments may be anything (request.c). An exception that a getter of the caller's threw goes on to the caller.
 */
#include "peak.h"
#include "request.h"

#include <stdlib.h>

enum { IMAGES, LABELS, ORDER, SLOTS };

typedef struct {
  session *session; /* NULL once closed */
  napi_ref slot[SLOTS];
  bool is_labeled;
  napi_ref lent; /* NULL, or the array buffer that holds the memory */
  void *lent_start;
  size_t lent_bytes;
} handle;

static const napi_type_tag HANDLE = {0x5f2c1d9e8ab34c07, 0x9d0b6e21f7a8453c};

/* These leave an exception that is pending already as it is. */
static napi_value throw_type(napi_env env, const char *message) {
  napi_throw_type_error(env, "ATELIER_ARGUMENT", message);
  return NULL;
}

static napi_value throw_message(napi_env env, const char *message) {
  napi_throw_error(env, "ATELIER_REFUSED", message);
  return NULL;
}

static napi_value throw_system(napi_env env, const char *message) {
  napi_throw_error(env, "ATELIER_SYSTEM", message);
  return NULL;
}

static void clear_exception(napi_env env) {
  bool is_pending = false;
  napi_value exception;
  if (napi_is_exception_pending(env, &is_pending) == napi_ok && is_pending) napi_get_and_clear_last_exception(env, &exception);
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

/*
 * An array buffer over the session's own memory; NULL where the host makes none, as Node 20 beyond 4 GiB and Electron for any
 * size. Hosts differ in whether they then call the finalizer, at once, later or never: so the buffer's hold on the memory is
 * left to the finalizer alone (without it some forty bytes stay), and the pages, which nobody saw, go back here.
 */
static napi_value expose(napi_env env, memory *m, int64_t words) {
  napi_value buffer;
  memory_retain(m);
  napi_status status =
      napi_create_external_arraybuffer(env, memory_start(m), (size_t)memory_bytes(words), finalize_memory, m, &buffer);
  if (status == napi_ok) return buffer;
  clear_exception(env);
  memory_discard(m);
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

/* An object around an open session, which it owns from the call on; NULL where the host refuses. */
static napi_value wrap(napi_env env, session *s, const open_request *asked, napi_value buffer) {
  napi_value object;
  handle *h = calloc(1, sizeof *h);
  if (!h) {
    session_close(s);
    return NULL;
  }
  *h = (handle){.session = s, .lent_start = asked->lent_start, .lent_bytes = asked->lent_bytes};
  if (napi_create_object(env, &object) != napi_ok || napi_wrap(env, object, h, finalize_handle, NULL, NULL) != napi_ok) {
    shut(env, h);
    free(h);
    return NULL;
  }
  if (napi_type_tag_object(env, object, &HANDLE) == napi_ok && add_views(env, object, buffer, h, asked->session.words) &&
      (!asked->memory || napi_create_reference(env, buffer, 1, &h->lent) == napi_ok)) {
    return object;
  }
  shut(env, h);
  return NULL;
}

static napi_value open_session(napi_env env, napi_callback_info info) {
  char message[MESSAGE_BYTES];
  fault whose;
  open_request *asked = request_take(env, info);
  if (!asked) return throw_type(env, "open: expected { variant, fused, words, batch, threads, programs: Int32Array[], memory?: ArrayBuffer }.");
  session *s = session_open(&asked->session, &whose, message);
  napi_value object = NULL, buffer = NULL;
  if (s) buffer = asked->memory ? asked->memory : expose(env, memory_of(s), asked->session.words);
  if (buffer) object = wrap(env, s, asked, buffer);
  else if (s) session_close(s);
  request_free(asked);
  if (object) return object;
  if (!s) return whose == SYSTEM_REFUSED ? throw_system(env, message) : throw_message(env, message);
  if (buffer) return throw_system(env, "open: the session could not be created.");
  napi_throw_error(env, "ATELIER_NO_EXTERNAL", "open: the host makes no array buffer of this size over memory of ours; lend one.");
  return NULL;
}

/* As `open` wants `memory`: from whatever address on, a session's memory begins at a cache line. */
static napi_value count_bytes(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, bytes;
  int64_t words;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || !request_integer(env, argument, &words) || words < 1 ||
      words > INT32_MAX) {
    return throw_type(env, "memoryBytes: expected 1 to 2³¹ − 1 words.");
  }
  return napi_create_double(env, (double)(memory_bytes(words) + 63), &bytes) == napi_ok ? bytes : NULL;
}

/* The handle of a session, open or closed; throws where there is none. */
static handle *unwrap(napi_env env, napi_value object) {
  bool is_handle = false;
  void *data;
  if (request_is_object(env, object) && napi_check_object_type_tag(env, object, &HANDLE, &is_handle) == napi_ok && is_handle &&
      napi_unwrap(env, object, &data) == napi_ok) {
    return data;
  }
  throw_type(env, "expected a session.");
  return NULL;
}

static handle *unwrap_open(napi_env env, napi_value object) {
  handle *h = unwrap(env, object);
  if (h && !h->session) throw_message(env, "the session is closed.");
  return h && h->session ? h : NULL;
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
  handle *h = unwrap_open(env, arguments[0]);
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

/* The memory of a session whose array buffer was taken away, or cut, must not be touched. */
static int is_lost(napi_env env, handle *h) {
  napi_value buffer;
  void *start;
  size_t bytes;
  if (!h->lent) return 0;
  return napi_get_reference_value(env, h->lent, &buffer) != napi_ok || !buffer ||
         napi_get_arraybuffer_info(env, buffer, &start, &bytes) != napi_ok || start != h->lent_start || bytes < h->lent_bytes;
}

static napi_value run_program(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  int32_t program;
  char message[MESSAGE_BYTES];
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok) return NULL;
  handle *h = unwrap_open(env, arguments[0]);
  if (!h) return NULL;
  if (!request_int32(env, arguments[1], &program)) return throw_type(env, "run: expected a program's number.");
  if (is_lost(env, h)) return throw_message(env, "run: the session's memory was taken away.");
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
  if (napi_get_cb_info(env, info, &count, &object, NULL, NULL) != napi_ok) return NULL;
  handle *h = unwrap(env, object);
  if (h) shut(env, h);
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

/* Some seconds of work: nobody can interrupt it. */
enum { MOST_ROUNDS = 1 << 16 };

static napi_value run_peak(napi_env env, napi_callback_info info) {
  size_t count = 4, length;
  napi_value arguments[4], operations;
  char variant[32];
  int32_t fused, threads, rounds;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok ||
      napi_get_value_string_utf8(env, arguments[0], variant, sizeof variant, &length) != napi_ok ||
      !request_int32(env, arguments[1], &fused) || !request_int32(env, arguments[2], &threads) ||
      !request_int32(env, arguments[3], &rounds) || rounds < 1 || rounds > MOST_ROUNDS) {
    return throw_type(env, "peak: expected a variant, fused, threads and 1 to 65536 rounds.");
  }
  double done = peak_run(variant, fused != 0, threads, rounds);
  return napi_create_double(env, done, &operations) == napi_ok ? operations : NULL;
}

static napi_value start(napi_env env, napi_value exports) {
  static const struct {
    const char *name;
    napi_callback call;
  } doors[] = {{"variants", list_variants}, {"memoryBytes", count_bytes}, {"open", open_session}, {"bind", bind_slots},
               {"run", run_program},        {"close", close_session},     {"peak", run_peak}};
  for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
    napi_value function;
    napi_create_function(env, doors[i].name, NAPI_AUTO_LENGTH, doors[i].call, NULL, &function);
    napi_set_named_property(env, exports, doors[i].name, function);
  }
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, start)
