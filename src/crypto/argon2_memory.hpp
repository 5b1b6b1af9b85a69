#pragma once
// The memory Argon2 works in, kept from one hash to the next.
//
// libsodium maps its working memory anew for every hash and unmaps it after. At 19 MiB, having the kernel clear and map
// those pages costs as much as the hash itself. The linker (cmake/module_crypto.cmake) sends libsodium's mmap and
// munmap here, and here they are answered from memory that the caller of the hash has kept. Every other caller gets
// the kernel's.

#include <cstddef>

namespace cardea::crypto {

/// Memory for one hash at a time, on any thread; none until the first, and then as much as the largest has needed. Gone
/// with the object.
class Argon2Memory {
 public:
  Argon2Memory() = default;
  ~Argon2Memory() { release(); }
  Argon2Memory(const Argon2Memory&) = delete;
  Argon2Memory& operator=(const Argon2Memory&) = delete;

  /// Gives it, and the traces of a password in it, back to the system.
  void release() noexcept;
  /// Bytes kept.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// For libsodium's mmap: at least `size` bytes, or null when they are lent already or not to be had. What was in them
  /// before is still there: Argon2 writes a block before it reads it.
  [[nodiscard]] void* lend(std::size_t size) noexcept;
  /// For libsodium's munmap: false when this was not lent.
  [[nodiscard]] bool take_back(const void* address) noexcept;

 private:
  void grow(std::size_t size) noexcept;

  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
  void* usable_ = nullptr;  // the first huge page boundary in it
  std::size_t size_ = 0;
  bool is_lent_ = false;
};

/// While one lives, hashes of this thread work in `memory`; in memory of their own when there is none. They may not
/// nest. Internal to crypto.
class UseArgon2Memory {
 public:
  explicit UseArgon2Memory(Argon2Memory* memory) noexcept;
  ~UseArgon2Memory();
  UseArgon2Memory(const UseArgon2Memory&) = delete;
  UseArgon2Memory& operator=(const UseArgon2Memory&) = delete;
};

}  // namespace cardea::crypto
