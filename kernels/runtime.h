/* Sessions: memory, programs and threads of one network. Nothing here knows Node. */
#ifndef ATELIER_RUNTIME_H
#define ATELIER_RUNTIME_H

#include "program.h"

enum { REGISTER_COUNT, REGISTER_POSITION, REGISTER_STEP, REGISTER_EPOCH, REGISTERS };

/* A session's memory, which outlives the session while somebody else still holds it. */
typedef struct memory memory;

typedef struct {
  const char *variant; /* one of variant_name() */
  int fused;
  int64_t words;
  int32_t batch, threads, programs;
  const instruction *const *program;
  const int64_t *length; /* instructions of each program */
  /* NULL, or memory of memory_bytes(words) bytes at a multiple of 64 that the caller keeps until the session is closed. */
  void *lent;
} session_request;

/* Arrays outside the memory, as they are at the time of a run; labels may be empty. */
typedef struct {
  const uint8_t *images, *labels;
  const int32_t *order;
  int64_t images_length, labels_length, order_length;
} slots;

typedef struct session session;
enum { MESSAGE_BYTES = 256 };

/* The variants that were built and that this processor can run, the best first; NULL from the last on. */
const char *variant_name(int index);

/* Floats, SLACK more of them, and the registers. */
int64_t memory_bytes(int64_t words);
memory *memory_of(session *);
void *memory_start(memory *);
void memory_retain(memory *);
void memory_release(memory *);
/* Gives the pages back at once, whoever still holds the memory; nobody may touch them again. */
void memory_discard(memory *);

/* Whose fault it is that a session was not opened: the request's, or the system's, which refused memory or threads. */
typedef enum { UNSOUND_REQUEST, SYSTEM_REFUSED } fault;

/* NULL, whose fault it is and why, when the request cannot be served. */
session *session_open(const session_request *, fault *, char message[MESSAGE_BYTES]);
float *session_floats(session *);
int32_t *session_registers(session *);
int session_gathers(session *, int32_t program);
/* 0, and why, when a register or a slot would lead an operation outside what it was given. `slots` may be NULL. */
int session_run(session *, int32_t program, const slots *, char message[MESSAGE_BYTES]);
void session_close(session *);

#endif
