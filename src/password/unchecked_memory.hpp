#pragma once
// Internal to password: a C library that takes for granted that there is memory.

#include <functional>

namespace cardea::password {

/// Calls `work`, C code that uses what malloc returns unseen; false when it was given nothing, which it noticed by a
/// fault at an address near null. What it had allocated until then is lost. Nothing in `work` may need a destructor.
/// Any thread.
[[nodiscard]] bool finds_memory(const std::function<void()>& work);

}  // namespace cardea::password
