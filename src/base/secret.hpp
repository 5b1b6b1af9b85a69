#pragma once
// Secret: text that is wiped when it goes and that no stream, formatter or log accepts.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace cardea {

/// Overwrites memory in a way the compiler may not remove.
void wipe(void* data, std::size_t size);

/// Wipes the whole buffer of `text`, then empties it.
void wipe(std::string& text);

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  explicit Secret(BytesView bytes) : Secret(as_text(bytes)) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// The one way out; every use is found by `grep reveal`. Valid as long as this object is.
  [[nodiscard]] std::string_view reveal() const { return {text_.get(), size_}; }
  [[nodiscard]] BytesView reveal_bytes() const { return as_bytes(reveal()); }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Secret copy() const { return Secret{reveal()}; }

 private:
  std::unique_ptr<char[]> text_;
  std::size_t size_ = 0;
};

}  // namespace cardea
