#pragma once
// Copies of short texts in few allocations.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"

namespace cardea {

/// Views of what it keeps are valid while it lives, also when it is moved. Wiped when it goes: what clients send may
/// have been a cookie or a token.
class TextStore {
 public:
  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (text.size() > block_.size - block_.used) {
      if (block_.size > 0) full_.push_back(std::move(block_));
      block_ = Block{std::max(least, text.size())};
    }
    char* const copy = block_.bytes.get() + block_.used;
    std::copy(text.begin(), text.end(), copy);
    block_.used += text.size();
    return {copy, text.size()};
  }

 private:
  static constexpr std::size_t least = 256;  // bytes of a block

  struct Block {
    Block() = default;
    explicit Block(std::size_t bytes_) : bytes(std::make_unique_for_overwrite<char[]>(bytes_)), size(bytes_) {}
    Block(Block&& other) noexcept
        : bytes(std::move(other.bytes)), size(std::exchange(other.size, 0)), used(std::exchange(other.used, 0)) {}
    Block& operator=(Block&& other) noexcept {
      std::swap(bytes, other.bytes);
      std::swap(size, other.size);
      std::swap(used, other.used);
      return *this;
    }
    ~Block() {
      if (used > 0) wipe(bytes.get(), used);
    }

    std::unique_ptr<char[]> bytes = {};
    std::size_t size = 0;
    std::size_t used = 0;
  };

  Block block_;
  std::vector<Block> full_;
};

}  // namespace cardea
