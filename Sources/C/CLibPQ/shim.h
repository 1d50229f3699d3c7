#pragma once
#include <libpq-fe.h>
// Field codes of an error report are character macros, which Swift can't see.
static inline int stampede_pg_sqlstate(void) { return PG_DIAG_SQLSTATE; }
static inline int stampede_pg_primary(void) { return PG_DIAG_MESSAGE_PRIMARY; }
static inline int stampede_pg_detail(void) { return PG_DIAG_MESSAGE_DETAIL; }
