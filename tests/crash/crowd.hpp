#pragma once
// Several visitors at work in the background.

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/visitor.hpp"

namespace cardea::crash {

using testing_support::be_busy;
using testing_support::Ledger;

/// Which answers beside the wished-for ones a visitor may meet. It ends its work either way.
enum class Surprise { none, unavailable };

/// Visitors that work until their answers fail to come. What surprised one of them fails the test.
class Crowd {
 public:
  Crowd(std::uint16_t port, const std::string& names, std::uint64_t seed, Ledger& ledger,
        Surprise allowed = Surprise::none) {
    for (int i = 0; i < 5; ++i) {
      threads_.emplace_back([=, &ledger] {
        try {
          be_busy(port, names + std::string(1, static_cast<char>('p' + i)), seed + static_cast<unsigned>(i), ledger);
        } catch (const std::exception& problem) {
          const bool is_unavailable = std::string_view{problem.what()}.find("HTTP/1.1 503") != std::string_view::npos;
          if (allowed == Surprise::none || !is_unavailable) ADD_FAILURE() << problem.what();
        }
      });
    }
  }
  void wait() { threads_.clear(); }

 private:
  std::vector<std::jthread> threads_;
};

}  // namespace cardea::crash
