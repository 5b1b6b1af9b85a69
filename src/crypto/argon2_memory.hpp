#pragma once
// The memory Argon2 works in, kept by a thread from one hash to the next. Internal to crypto, apart from the release.
//
// libsodium maps its working memory anew for every hash and unmaps it after. At 19 MiB, having the kernel clear and map
// those pages costs as much as the hash itself. The linker (cmake/module_crypto.cmake) sends libsodium's mmap and munmap
// here, and here they are answered from memory that the thread already has. Every other caller gets the kernel's.

#include <cstddef>

namespace cardea::crypto {

/// While one lives, hashes of this thread work in memory that it keeps. They may not nest.
class KeptMemory {
 public:
  KeptMemory() noexcept;
  ~KeptMemory();
  KeptMemory(const KeptMemory&) = delete;
  KeptMemory& operator=(const KeptMemory&) = delete;
};

/// Bytes that this thread keeps.
[[nodiscard]] std::size_t argon2_memory_kept() noexcept;

/// Gives what this thread keeps, and the traces of a password in it, back to the system. For a thread that rests.
void release_argon2_memory() noexcept;

}  // namespace cardea::crypto
