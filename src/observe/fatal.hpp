#pragma once
// Internal to observe: the last lines before the process is ended by a fault of its own.

#include "observe/line_writer.hpp"

namespace cardea::observe {

/// From now on a signal that says that this process is broken (SIGABRT, which std::terminate raises, SIGSEGV, SIGBUS,
/// SIGILL, SIGFPE) waits up to a second for what `writer` holds, and then does what it did before. One writer at a
/// time.
void flush_on_fatal_signals(const LineWriter& writer);
/// To be called before `writer` goes.
void forget_fatal_signals(const LineWriter& writer);

}  // namespace cardea::observe
