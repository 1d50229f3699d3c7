#include "build.h"

const char *stampede_commit(void) { return STAMPEDE_COMMIT; }
