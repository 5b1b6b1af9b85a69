#include "http/problem_body.hpp"

#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

constexpr ErrorKind taken{"note.taken", 409, "Choose another <name>."};

TEST(ProblemBody, describes_what_is_sent) {
  const Error error{taken,
                    std::vector{FieldError{"a/0", "too_long", "Too \"long\"."}, FieldError{"b", "required", "?"}}};
  const RequestId id = test_request_id;
  const ProblemBody body{
      .type = "/docs/errors/note.taken",
      .title = taken.title,
      .status = 400,
      .code = taken.code,
      .detail = error.fields[0].detail,
      .instance = "/api/notes",
      .request_id = id.text(),
      .message = error.fields[0].detail,
      .errors = {{{"/a/0", "too_long", error.fields[0].detail}, {"/b", "required", "?"}}},
  };
  EXPECT_EQ(wire::write(body), problem_on(lenient_surface(), error, "/api/notes").body.text());
}

TEST(ProblemBody, leaves_out_what_there_is_not) {
  const RequestId id = test_request_id;
  const ProblemBody body{.type = "/docs/errors/note.taken",
                         .title = taken.title,
                         .status = 409,
                         .code = taken.code,
                         .request_id = id.text()};
  EXPECT_EQ(wire::write(body), problem_on(api_surface(), taken, "").body.text());
}

}  // namespace
}  // namespace cardea::http
