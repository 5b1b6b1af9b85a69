#pragma once

namespace cardea::app {

/// The command line: `cardea <verb>` and `cardea <noun> <verb>`. Returns the exit code: 0 done, 1 failed, 2 wrong
/// usage, 3 not found.
int main(int argc, char** argv);

}  // namespace cardea::app
