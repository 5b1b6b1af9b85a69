#pragma once
// Internal to observe: the last lines before the process is ended by a fault of its own.

#include "observe/line_writer.hpp"
#include "observe/log.hpp"

namespace cardea::observe {

/// From now on what ends this process for a fault of its own waits up to a second for what `writer` holds, then says
/// `process.failed` in this format, with the reason and the thread, and does what it did before: a signal (SIGABRT,
/// SIGSEGV, SIGBUS, SIGILL, SIGFPE), or std::terminate, which aborts. An exception for want of memory that nobody
/// caught ends the process with exit status 1 instead. Nothing of this needs memory. One writer at a time.
void flush_on_fatal_signals(const LineWriter& writer, Format format);
/// To be called before `writer` goes.
void forget_fatal_signals(const LineWriter& writer);

}  // namespace cardea::observe
