#ifndef CTOML_H
#define CTOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a document consists of, in the order of its text; tables and arrays enclose their values.
enum ctoml_kind {
  CTOML_TABLE_START,
  CTOML_TABLE_END,
  CTOML_ARRAY_START,
  CTOML_ARRAY_END,
  CTOML_KEY,
  CTOML_STRING,
  CTOML_NUMBER,
  CTOML_BOOLEAN,
  /// Dates and times, and numbers that are none (inf, nan).
  CTOML_OTHER
};

typedef struct {
  enum ctoml_kind kind;
  /// Valid during the call only; UTF-8, not ended by a zero byte.
  const char *text;
  size_t length;
  /// From 1; 0 where the text has no place of its own.
  uint32_t line;
  uint32_t column;
} ctoml_event;

typedef void (*ctoml_sink)(void *context, const ctoml_event *event);

/// Reads a document of UTF-8 and hands over its events. On a failure returns false, having handed over one event of
/// kind CTOML_OTHER that bears the message and its place.
bool ctoml_read(const char *text, size_t length, void *context, ctoml_sink sink);

#ifdef __cplusplus
}
#endif

#endif
