#pragma once
// Internal to crypto.

namespace cardea::crypto {

/// Starts libsodium once, from any thread. Without it Argon2 runs its slow portable code. Throws std::runtime_error
/// when the library cannot start.
void start_library();

}  // namespace cardea::crypto
