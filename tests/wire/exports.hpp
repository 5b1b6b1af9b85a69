#pragma once
// Producers for tests, and what becomes of them.

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http/route.hpp"

namespace cardea::wire_tests {

/// The bytes of every export, from the first: 'a' to 'z' again and again.
class Pattern {
 public:
  static constexpr std::size_t period = 26;
  /// `size` bytes from the byte at `offset`; at most `max_size`.
  [[nodiscard]] std::string_view at(std::uint64_t offset, std::size_t size) const {
    return std::string_view{bytes_}.substr(offset % period, size);
  }
  static constexpr std::size_t max_size = 1024 * 1024;

 private:
  static std::string make();
  std::string bytes_ = make();
};

/// What an export route is asked for, in bytes.
struct ExportQuery {
  std::optional<std::int64_t> size;
  std::optional<std::int64_t> length;  // it says how long it is
  std::optional<std::int64_t> error;
  std::optional<std::int64_t> unavailable;
};
template <class D>
void describe(D& d, wire::Of<D, ExportQuery>& query) {
  d.optional("size", query.size);
  d.optional("length", query.length);
  d.optional("error", query.error);
  d.optional("unavailable", query.unavailable);
}

/// Counts producers and their pulls; hands out the handler of an export route.
class Exports {
 public:
  /// GET …?size=N gives N bytes, in pieces of http::usual_piece. Further: &length=1 says so beforehand; &error=N fails
  /// when N bytes are made; &unavailable=N throws then.
  [[nodiscard]] http::Handler handler();

  [[nodiscard]] std::int64_t made() const;
  [[nodiscard]] std::int64_t pulls() const;
  /// True as soon as every producer that was made is destroyed; false when that takes more than 20 s.
  [[nodiscard]] bool are_gone();
  /// True as soon as there were `pulls` of them.
  [[nodiscard]] bool reach(std::int64_t pulls);

 private:
  friend class Export;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Pattern pattern_;
  std::int64_t made_ = 0;
  std::int64_t gone_ = 0;
  std::int64_t pulls_ = 0;
};

}  // namespace cardea::wire_tests
