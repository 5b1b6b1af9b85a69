#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

class PipelineForm : public PipelineTest {
 protected:
  PipelineForm() {
    pipeline_ = make({route(Method::post, "/page", page_surface(), [this](const Call& call) {
      ++runs_;
      form_ = call.form;
      for (const auto& file : call.files) files_.push_back(file.content);
      return no_content();
    })});
    issued_ = tokens_.issue({});
    cookie_ = issued_.set_cookie->substr(0, issued_.set_cookie->find(';'));
  }

  Response post(std::string_view type, std::string body, std::string_view cookies) {
    return respond(*pipeline_,
                   request(Method::post, "/page", {{"Content-Type", type}, {"Cookie", cookies}}, std::move(body)),
                   noon);
  }
  Response post_fields(const std::string& body) { return post("application/x-www-form-urlencoded", body, cookie_); }
  [[nodiscard]] std::string multipart(std::string_view token) const {
    std::string body;
    body.append("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n").append(token).append("\r\n");
    body.append("--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhello\r\n");
    body.append("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n");
    return body.append("Content-Type: image/png\r\n\r\n\x89PNG\r\n--x--\r\n");
  }

  std::unique_ptr<Pipeline> pipeline_;
  FormTokens::Issued issued_;
  std::string cookie_;
  wire::Value form_;
  std::vector<std::string> files_;
  int runs_ = 0;
};

TEST_F(PipelineForm, reaches_the_handler_without_its_token) {
  EXPECT_EQ(post_fields("uid=ann&csrf=" + issued_.token + "&next=%2Fa+b").status, 204);
  EXPECT_EQ(wire::to_json(form_), R"({"uid":"ann","next":"/a b"})");
}

TEST_F(PipelineForm, with_files_reaches_the_handler) {
  EXPECT_EQ(post("multipart/form-data; boundary=x", multipart(issued_.token), cookie_).status, 204);
  EXPECT_EQ(wire::to_json(form_), R"({"title":"hello"})");
  EXPECT_EQ(files_, std::vector<std::string>{"\x89PNG"});
}

TEST_F(PipelineForm, without_its_pair_of_token_and_cookie_is_refused) {
  const auto other = tokens_.issue({});
  const std::string others_cookie = other.set_cookie->substr(0, other.set_cookie->find(';'));
  std::string flipped = issued_.token;
  flipped[40] = flipped[40] == 'A' ? 'B' : 'A';
  const std::string type = "application/x-www-form-urlencoded";
  EXPECT_EQ(post(type, "uid=ann", cookie_).status, 403);
  EXPECT_EQ(post(type, "", cookie_).status, 403);
  EXPECT_EQ(post(type, "csrf=", cookie_).status, 403);
  EXPECT_EQ(post(type, "csrf=" + issued_.token, "").status, 403);
  EXPECT_EQ(post(type, "csrf=" + issued_.token, others_cookie).status, 403);
  EXPECT_EQ(post(type, "csrf=" + issued_.token, cookie_ + "; " + cookie_).status, 403);
  EXPECT_EQ(post(type, "csrf=" + flipped, cookie_).status, 403);
  EXPECT_EQ(post(type, "csrf=" + other.token, cookie_).status, 403);
  EXPECT_EQ(post("multipart/form-data; boundary=x", multipart(other.token), cookie_).status, 403);
  EXPECT_EQ(runs_, 0);
}

TEST_F(PipelineForm, token_in_the_query_or_a_header_does_not_count) {
  Request sneaky = request(Method::post, "/page?csrf=" + issued_.token,
                           {{"Content-Type", "application/x-www-form-urlencoded"}, {"Cookie", cookie_}}, "uid=ann");
  sneaky.headers.add("X-CSRF-Token", issued_.token);
  EXPECT_EQ(respond(*pipeline_, sneaky, noon).status, 403);
}

TEST_F(PipelineForm, of_another_type_is_refused) {
  for (const std::string_view type : {"", "text/plain", "application/json", "application/x-www-form-urlencodedx"}) {
    EXPECT_EQ(post(type, "csrf=" + issued_.token, cookie_).status, 415) << type;
  }
}

TEST_F(PipelineForm, that_is_malformed_is_refused) {
  EXPECT_EQ(post_fields("a=1&a=2&csrf=" + issued_.token).status, 400);
  EXPECT_EQ(post_fields("a=%zz&csrf=" + issued_.token).status, 400);
  EXPECT_EQ(post_fields("csrf=" + issued_.token + "&csrf=" + issued_.token).status, 400);
  EXPECT_EQ(post("multipart/form-data; boundary=x", "--x\r\n", cookie_).status, 400);
  EXPECT_EQ(runs_, 0);
}

}  // namespace
}  // namespace cardea::http
