// Whoever reads the log stalls: the server answers as before, and ends when it is asked to.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "tests/support/program.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/visitor.hpp"

namespace cardea::crash {
namespace {

using namespace std::chrono_literals;
using testing_support::Folder;
using testing_support::Program;
using testing_support::request_text;

TEST(StalledLog, requests_do_not_wait_for_it_and_the_end_comes_in_its_time) {
  const Folder folder;
  const auto fifo = folder.path() / "stderr";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);  // and reads nothing
  ASSERT_GE(reader, 0);
  ASSERT_GE(::fcntl(reader, F_SETPIPE_SZ, 4096), 0);  // a page, so that little of it stalls
  Program program{folder, std::string{}, fifo};
  const wire::Value body = wire::Object{{"uid", "nobody"}, {"password", "a river of nine lanterns"}};
  for (int i = 0; i < 100; ++i) {
    testing_support::RawClient client{program.port()};
    ASSERT_TRUE(client.send(request_text("POST", "/v1/signin", body, {})));
    ASSERT_TRUE(client.has_input_within(5s)) << "request " << i << " waits";
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 401) << answer->body;
  }
  const auto begun = std::chrono::steady_clock::now();
  program.send(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 15s);
  ::close(reader);
}

}  // namespace
}  // namespace cardea::crash
