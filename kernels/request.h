/* What a caller from Node asks `open` for, read once and for all. */
#ifndef ATELIER_REQUEST_H
#define ATELIER_REQUEST_H

#include "runtime.h"

#include <node_api.h>

/* No plan of a network comes near. */
enum { MOST_PROGRAMS = 1000, MOST_INSTRUCTIONS = 1 << 20 };

typedef struct {
  session_request session;
  char variant[32];
  instruction *instructions; /* of all programs, one after another */
  const instruction *program[MOST_PROGRAMS];
  int64_t length[MOST_PROGRAMS];
  napi_value memory; /* NULL, or an array buffer to work in */
  void *lent_start;
  size_t lent_bytes;
} open_request;

/* NULL where the argument is not what `open` expects, and where a getter threw. To be freed by request_free. */
open_request *request_take(napi_env, napi_callback_info);
void request_free(open_request *);

/* Of what is no object Node would throw an error of its own, where it is asked for a property or a tag. */
int request_is_object(napi_env, napi_value);

/* A whole number that a double holds exactly; 0 for any other value. */
int request_integer(napi_env, napi_value, int64_t *to);
/* Clamps instead of wrapping round: what does not fit is refused later as what it is. */
int request_int32(napi_env, napi_value, int32_t *to);

#endif
