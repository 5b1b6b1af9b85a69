#include "tests/wire/exports.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "http/problem.hpp"

namespace cardea::wire_tests {

using namespace std::chrono_literals;

std::string Pattern::make() {
  std::string bytes;
  bytes.reserve(max_size + period);
  while (bytes.size() < max_size + period) bytes += static_cast<char>('a' + bytes.size() % period);
  return bytes;
}

namespace {

constexpr auto patience = 20s;

struct Order {
  std::uint64_t size = 0;
  bool knows_length = false;
  std::optional<std::uint64_t> error_at = {};
  std::optional<std::uint64_t> unavailable_at = {};
};

std::optional<std::uint64_t> unsigned_of(const std::optional<std::int64_t>& number) {
  return number ? std::optional{static_cast<std::uint64_t>(*number)} : std::nullopt;
}

}  // namespace

class Export final : public http::Producer {
 public:
  Export(Exports& exports, const Order& order) : exports_(exports), order_(order) {
    const std::lock_guard lock{exports_.mutex_};
    ++exports_.made_;
  }
  ~Export() override {
    const std::lock_guard lock{exports_.mutex_};
    ++exports_.gone_;
    exports_.changed_.notify_all();
  }
  Export(const Export&) = delete;
  Export& operator=(const Export&) = delete;

  [[nodiscard]] std::optional<std::uint64_t> length() const override {
    return order_.knows_length ? std::optional{order_.size} : std::nullopt;
  }

  Result<http::Progress> pull(std::string& piece) override {
    {
      const std::lock_guard lock{exports_.mutex_};
      ++exports_.pulls_;
      exports_.changed_.notify_all();
    }
    if (order_.error_at && made_ >= *order_.error_at) return Error{http::internal_error, "the export broke"};
    if (order_.unavailable_at && made_ >= *order_.unavailable_at) throw Unavailable{"the database is gone"};
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(http::usual_piece, order_.size - made_));
    piece += exports_.pattern_.at(made_, size);
    made_ += size;
    return made_ == order_.size ? http::Progress::complete : http::Progress::more;
  }

 private:
  Exports& exports_;
  const Order order_;
  std::uint64_t made_ = 0;
};

http::Handler Exports::handler() {
  return [this](const http::Call& call) -> Result<http::Response> {
    const auto query = TRY(call.query<ExportQuery>());
    const Order order{.size = unsigned_of(query.size).value_or(0),
                      .knows_length = query.length.has_value(),
                      .error_at = unsigned_of(query.error),
                      .unavailable_at = unsigned_of(query.unavailable)};
    http::Response response{.body = std::make_unique<Export>(*this, order)};
    response.headers.add("Content-Type", "text/plain");
    return response;
  };
}

std::int64_t Exports::made() const {
  const std::lock_guard lock{mutex_};
  return made_;
}

std::int64_t Exports::pulls() const {
  const std::lock_guard lock{mutex_};
  return pulls_;
}

bool Exports::are_gone() {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience, [this] { return gone_ == made_; });
}

bool Exports::reach(std::int64_t pulls) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience, [&] { return pulls_ >= pulls; });
}

}  // namespace cardea::wire_tests
