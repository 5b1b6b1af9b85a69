#include "app/readiness.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace cardea::app {
namespace {

using namespace std::chrono_literals;

constexpr Readiness::Pace quick{.every = 1ms, .patience = 50ms};

class Parts : public testing::Test {
 protected:
  Parts() {
    log_.redirect([this](std::string_view line) {
      const std::lock_guard lock{mutex_};
      lines_.append(line).append("\n");
    });
  }
  bool logged(std::string_view text) {
    const std::lock_guard lock{mutex_};
    return lines_.find(text) != std::string::npos;
  }
  static std::string text(const Readiness& readiness) {
    std::string all;
    for (const auto& [part, trouble] : readiness.problems()) all += part + ": " + trouble.what + "\n";
    return all;
  }
  template <class Holds>
  static bool comes_true(Holds holds) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

  observe::Log log_{observe::Format::json, observe::Level::debug};
  observe::Metrics metrics_;

 private:
  std::mutex mutex_;
  std::string lines_;
};

TEST_F(Parts, that_do_not_work_are_named) {
  const Readiness readiness{{{"database", [] { return Readiness::Trouble{}; }},
                             {"disk", [] { return Readiness::Trouble{.what = "There is no room left."}; }},
                             {"keys", []() -> Readiness::Trouble { throw std::runtime_error{"They do not open."}; }}},
                            log_,
                            metrics_};
  EXPECT_EQ(text(readiness), "disk: There is no room left.\nkeys: They do not open.\n");
}

TEST_F(Parts, one_that_hangs_is_answered_from_memory_and_holds_up_no_other) {
  std::promise<void> goes_on;
  const std::shared_future<void> gone_on = goes_on.get_future().share();
  std::atomic<bool> hangs = false;
  std::atomic<int> asked = 0;
  Readiness readiness{{{"database",
                        [&]() -> Readiness::Trouble {
                          if (hangs) gone_on.wait();
                          return {};
                        }},
                       {"disk",
                        [&]() -> Readiness::Trouble {
                          ++asked;
                          return {};
                        }}},
                      log_,
                      metrics_};
  readiness.start(quick);
  EXPECT_EQ(text(readiness), "") << "at first it is not known to be wrong";
  hangs = true;
  EXPECT_TRUE(comes_true([&] { return text(readiness) == "database: The database does not answer.\n"; }));
  const int before = asked;
  EXPECT_TRUE(comes_true([&] { return asked > before + 3; }));
  EXPECT_TRUE(comes_true([&] { return logged("readiness.lost"); }));
  EXPECT_NE(metrics_.prometheus_text().find("cardea_ready{part=\"database\"} 0"), std::string::npos);
  EXPECT_NE(metrics_.prometheus_text().find("cardea_ready{part=\"disk\"} 1"), std::string::npos);
  hangs = false;
  goes_on.set_value();
  EXPECT_TRUE(comes_true([&] { return text(readiness).empty() && logged("readiness.regained"); }));
}

}  // namespace
}  // namespace cardea::app
