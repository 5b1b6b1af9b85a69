#pragma once
// The body of a response: text, its own or one that others have too, or a producer that makes it piece by piece while
// it is being sent.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.hpp"

namespace cardea::http {

/// What a producer aims at for one piece, in bytes. Much less wastes a change of threads on each.
inline constexpr std::size_t usual_piece = 64 * 1024;
/// What one piece may have. A producer that makes more is broken, and its response is cut off.
inline constexpr std::size_t max_piece = 256 * 1024;

/// Whether a producer has more to give.
enum class Progress { more, complete };

/// Makes a body that is too long to be held in memory, or not known in full yet.
///
/// It is pulled on the lane of its route: each piece is a job of its own, made when the client has taken the one
/// before, which may be never. So it holds no transaction, lock or thread between two pulls. It is destroyed when the
/// body is complete and when the client is gone, whichever comes first, on any thread: its destructor does not block.
class Producer {
 public:
  virtual ~Producer() = default;

  /// Bytes of the whole body, where they are known beforehand: exactly so many are to come. Always the same, and asked
  /// for on an I/O thread.
  [[nodiscard]] virtual std::optional<std::uint64_t> length() const { return std::nullopt; }

  /// Appends the next piece to `piece`, which is empty: at least one byte unless the body is complete, and at most
  /// `max_piece`. May block as its lane allows. An error or exception at the first pull is answered like a handler's;
  /// later ones end the connection in a way that the client can tell from the end of the body.
  virtual Result<Progress> pull(std::string& piece) = 0;
};

class ResponseBody {
 public:
  ResponseBody() = default;
  // Implicit, since a body is what it is made from.
  ResponseBody(std::string text) : content_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  ResponseBody(std::string_view text) : content_(std::string{text}) {}  // NOLINT(google-explicit-constructor)
  ResponseBody(std::shared_ptr<const std::string> text)  // NOLINT(google-explicit-constructor)
      : content_(std::move(text)) {}
  ResponseBody(const char* text) : content_(std::string{text}) {}  // NOLINT(google-explicit-constructor)
  template <std::derived_from<Producer> T>
  ResponseBody(std::unique_ptr<T> producer)  // NOLINT(google-explicit-constructor)
      : content_(std::unique_ptr<Producer>{std::move(producer)}) {}

  /// The text. Asking for that of a producer is a bug and throws std::bad_variant_access.
  [[nodiscard]] const std::string& text() const& {
    const auto* shared = std::get_if<Shared>(&content_);
    return shared != nullptr ? **shared : std::get<std::string>(content_);
  }
  [[nodiscard]] std::string text() && {
    const auto* shared = std::get_if<Shared>(&content_);
    return shared != nullptr ? **shared : std::get<std::string>(std::move(content_));
  }

  /// Null for a text.
  [[nodiscard]] Producer* producer() const {
    const auto* held = std::get_if<std::unique_ptr<Producer>>(&content_);
    return held == nullptr ? nullptr : held->get();
  }
  /// Bytes, as far as they are known.
  [[nodiscard]] std::optional<std::uint64_t> length() const {
    const Producer* made_by = producer();
    return made_by == nullptr ? text().size() : made_by->length();
  }
  /// True for a text without a character.
  [[nodiscard]] bool empty() const { return producer() == nullptr && text().empty(); }

  friend bool operator==(const ResponseBody& body, std::string_view text) {
    return body.producer() == nullptr && body.text() == text;
  }
  /// For tests: the text, or that there is a producer.
  friend std::ostream& operator<<(std::ostream& out, const ResponseBody& body);

 private:
  using Shared = std::shared_ptr<const std::string>;
  std::variant<std::string, Shared, std::unique_ptr<Producer>> content_;
};

}  // namespace cardea::http
