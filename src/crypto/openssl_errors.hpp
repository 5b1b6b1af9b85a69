#pragma once
// Why OpenSSL failed. Internal to crypto.

namespace cardea::crypto {

/// Whether what this thread did last failed for want of memory. Forgets what OpenSSL had to say.
[[nodiscard]] bool found_no_memory();

/// Throws std::bad_alloc.
[[noreturn]] void fail_for_memory();

/// Throws std::bad_alloc, if that was it, otherwise std::runtime_error with `what`.
[[noreturn]] void fail(const char* what);

}  // namespace cardea::crypto
