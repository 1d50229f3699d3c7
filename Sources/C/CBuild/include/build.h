#pragma once
/// The commit this was built from; empty where the build did not say.
const char *stampede_commit(void);
