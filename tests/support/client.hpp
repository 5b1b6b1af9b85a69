#pragma once
// A client of a test's world: a browser with a cookie jar, or curl. Tests read like transcripts:
//
//   auto ann = world.client();
//   ann.sign_up("ann");
//   EXPECT_EQ(ann.get("/v1/session").status, 200);

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "tests/support/answer.hpp"

namespace cardea::testing_support {

class World;

/// Passes every rule for new passwords, and is what `sign_up` uses.
inline constexpr const char* good_password = "violet tractor lagoon 93";
inline constexpr const char* other_password = "seven quiet harbour lamps";

/// A file in a form.
struct Upload {
  std::string field;
  std::string filename;
  std::string bytes;
};

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// A value: a copy has the same cookies, as a thief or a second tab would.
class Client {
 public:
  enum class Kind {
    browser,  // sends Origin and Sec-Fetch-*, keeps cookies
    curl,     // keeps cookies too, as with a cookie file, and sends nothing of its own
  };
  Client(World& world, Kind kind);

  Answer get(std::string_view target);
  Answer del(std::string_view target);
  Answer post(std::string_view target, wire::Object body = {});
  Answer put(std::string_view target, wire::Object body);
  Answer patch(std::string_view target, wire::Object body);
  /// Any text as a body of type application/json.
  Answer post_text(std::string_view target, std::string_view body);
  /// Exactly this request, with the client's headers and cookies added where it has none of its own.
  Answer send(http::Request request);

  /// Opens `page`, fills the form that posts to `action` (by default: to the page's own path) as a browser does, with
  /// the hidden fields it holds, and posts it; multipart when there are files. Fails the test when the form is missing.
  Answer submit(std::string_view page, FormFields fields, std::string_view action = "", std::vector<Upload> files = {});
  /// Posts a form without opening a page first: just these fields.
  Answer post_form(std::string_view target, const FormFields& fields);
  /// Opens where a redirect leads.
  Answer follow(const Answer& answer);

  /// POST /v1/signup with uid, a name made of it and `good_password`; `more` replaces or adds members.
  Answer sign_up(std::string_view uid, wire::Object more = {});
  Answer sign_in(std::string_view uid, std::string_view password = good_password);
  Answer reauthenticate(std::string_view password = good_password);

  /// Sends "Authorization: Bearer …" with everything from now on; empty: no longer.
  Client& bearer(std::string_view token);
  /// Sends this header with everything from now on, in place of the client's own of that name; empty: leaves it out.
  Client& header(std::string_view name, std::string_view value);
  /// Comes from this address from now on.
  Client& from(std::string_view address);

  [[nodiscard]] std::string cookie(std::string_view name) const;
  void set_cookie(std::string_view name, std::string_view value);
  void drop_cookie(std::string_view name);
  void drop_cookies() { jar_.clear(); }

 private:
  void add_own_headers(http::Request& request) const;
  void keep_cookies(const Answer& answer);

  World* world_;
  Kind kind_;
  std::string address_ = "192.0.2.10";
  std::map<std::string, std::string, std::less<>> jar_;
  std::map<std::string, std::string, std::less<>> extra_;
};

}  // namespace cardea::testing_support
