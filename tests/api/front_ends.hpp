#pragma once
// What real front ends of the older contract send: pages written for another server, on another origin, as they are.
// Made-up people; the spelling of bodies and headers is theirs.

#include <string_view>
#include <utility>
#include <vector>

namespace cardea::api_tests {

using HeaderTexts = std::vector<std::pair<std::string_view, std::string_view>>;

/// A page with a form for a new user, which then signs in with what was typed.
struct SignUpPage {
  std::string_view name;
  std::string_view path;
  HeaderTexts headers;  // beside those of a browser
  std::string_view body;
  std::string_view sign_in;  // what its second request sends
  std::string_view shown = {};  // a piece of the answer to the first
};

inline const HeaderTexts usual_headers{{"Content-Type", "application/json"}, {"X-Origin", "client"}};

inline const std::vector<SignUpPage>& sign_up_pages() {
  static const std::vector<SignUpPage> pages{
      {"the lesson's own page", "/api/users/", usual_headers,
       R"({"name":"Toby Example","uid":"toby1","password":"a river of nine lanterns","dob":"1990-02-28"})",
       R"({"uid":"toby1","password":"a river of nine lanterns"})"},
      {"cache: no-cache and a charset",
       "/api/users",
       {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-cache"}, {"Pragma", "no-cache"}},
       R"({"name":"Nikola Example","uid":"niko","password":"a river of nine lanterns","dob":""})",
       R"({"uid":"niko","password":"a river of nine lanterns"})"},
      {"axios, with a role to choose and a second password",
       "/api/users",
       {{"Content-Type", "application/json"},
        {"X-Requested-With", "XMLHttpRequest"},
        {"Accept", "application/json, */*"}},
       R"({"name":"Lex Example","uid":"lex2","password":"a river of nine lanterns",
           "confirmPassword":"a river of nine lanterns","role":"Admin","terms":true})",
       R"({"uid":"lex2","password":"a river of nine lanterns","name":"Lex Example"})",
       R"("role":"user")"},
      {"tracking as a list of objects", "/api/users/", usual_headers,
       R"({"name":"Hedy Example","uid":"hedy","password":"a river of nine lanterns",
           "tracking":[{"day":"mon","km":5},{"day":"tue","km":7.5}],"exercise":{"pushups":20}})",
       R"({"uid":"hedy","password":"a river of nine lanterns"})",
       R"("tracking":[{"day":"mon","km":5},{"day":"tue","km":7.5}])"},
      {"numbers where texts were, and the other way round", "/api/users", usual_headers,
       R"({"name":"Ada Example","uid":"ada10","password":"a river of nine lanterns","tracking":12,"exercise":"12",
           "coins":"500","age":"36"})",
       R"({"uid":"ada10","password":"a river of nine lanterns","remember":"on"})", R"("coins":0)"},
      {"colours, languages and a picture that only its own server knew", "/api/users", usual_headers,
       R"({"name":"Grace Example","uid":"grace","password":"a river of nine lanterns","color":"#ff0000",
           "lang":["en","fr"],"avatar":null,"settings":{"dark":true,"size":1.5},"age":36})",
       R"({"uid":"grace","password":"a river of nine lanterns","color":"#ff0000"})"},
      {"a birthday without zeros", "/api/users/", usual_headers,
       R"({"name":"Alan Example","uid":"alan","password":"a river of nine lanterns","dob":"1990-2-8"})",
       R"({"uid":"alan","password":"a river of nine lanterns"})", R"("dob":"1990-02-08")"},
      {"a tracing library in the page",
       "/api/users",
       {{"Content-Type", "application/json"}, {"traceparent", "00-0af765-b7ad6b-01"}, {"sentry-trace", "0af765"}},
       R"({"name":"Barbara Example","uid":"barb","password":"a river of nine lanterns"})",
       R"({"uid":"barb","password":"a river of nine lanterns"})"},
      {"a framework's form state, nulls and all", "/api/users", usual_headers,
       R"({"id":null,"name":"Edsger Example","uid":"edsger","email":null,"password":"a river of nine lanterns",
           "dob":null,"tracking":null,"exercise":null,"coins":0,"created_at":null,"errors":{},"loading":false})",
       R"({"id":null,"uid":"edsger","email":null,"password":"a river of nine lanterns","errors":{}})"},
      {"a whole user that was copied from an answer", "/api/users", usual_headers,
       R"({"id":"usr_00000000000000000000000000","uid":"donald","name":"Donald Example","email":"","status":"active",
           "role":"user","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","dob":"1938-01-10",
           "tracking":"","exercise":"","coins":12,"password":"a river of nine lanterns"})",
       R"({"uid":"donald","password":"a river of nine lanterns"})", R"("coins":0)"},
      {"a page that sends its e-mail and an empty header",
       "/api/users/",
       {{"Content-Type", "APPLICATION/JSON"}, {"Authorization", ""}},
       R"({"name":"Margaret Example","uid":"marge","email":"marge@example.com","password":"a river of nine lanterns",
           "phone":"+1 555 0100","address":{"city":"Boston"}})",
       R"({"uid":"marge@example.com","password":"a river of nine lanterns"})"},
  };
  return pages;
}

/// One request of somebody who is signed in. In the body, $ID is the user's id, $USER the members that GET shows but
/// tracking and exercise, and $NOTE the members of a note of theirs but its text.
struct Change {
  std::string_view name;
  std::string_view method;
  std::string_view path;
  HeaderTexts headers;
  std::string_view body;
  int status = 200;
  std::string_view shown = {};  // a piece of the answer
};

inline const std::vector<Change>& changes() {
  static const std::vector<Change> all{
      {"the whole user, with tracking changed", "PUT", "/api/users/$ID", usual_headers,
       R"({$USER,"tracking":"sleep","exercise":"rowing"})", 200, R"("tracking":"sleep")"},
      {"the whole user with another entry in its list", "PUT", "/api/users/$ID/", usual_headers,
       R"({$USER,"tracking":[{"day":"mon","km":5},{"day":"tue","km":7}],"exercise":null})", 200,
       R"("tracking":[{"day":"mon","km":5},{"day":"tue","km":7}])"},
      {"no id, since the address has it", "PUT", "/api/users/$ID", usual_headers, R"({"exercise":{"squats":30}})", 200,
       R"("exercise":{"squats":30})"},
      {"an id and one field",
       "PUT",
       "/api/users/$ID",
       {{"Content-Type", "application/json;charset=UTF-8"}},
       R"({"id":"$ID","tracking":7})",
       200,
       R"("tracking":7)"},
      {"members of the page's own beside", "PUT", "/api/users/$ID", usual_headers,
       R"({$USER,"tracking":"steps","exercise":"","selected":true,"_dirty":["tracking"]})", 200,
       R"("tracking":"steps","exercise":null)"},
      {"the whole note with a new text", "PUT", "/api/notes/$NOTE_ID", usual_headers,
       R"({$NOTE,"note":"Buy oats","pinned":true,"title":"Shopping"})", 200, R"("note":"Buy oats")"},
      {"a note with a title", "POST", "/api/notes/", usual_headers,
       R"({"note":"Buy milk","title":"Shopping","tags":[]})", 200, R"("note":"Buy milk")"},
      {"DELETE with a body that says the type of text",
       "DELETE",
       "/api/notes/$NOTE_ID",
       {{"Content-Type", "text/plain;charset=UTF-8"}, {"X-Origin", "client"}},
       R"({"id":"$NOTE_ID"})",
       200,
       R"("message":"Deleted note)"},
      {"sign-out", "DELETE", "/api/users/authenticate", usual_headers, R"({"uid":"ann"})", 200, R"("message":)"},
      {"DELETE of the user with its id in the body", "DELETE", "/api/users/$ID", usual_headers, R"({"id":"$ID"})", 200,
       R"("message":"Deleted user)"},
      {"a name, which is none of what may change", "PUT", "/api/users/$ID", usual_headers,
       R"({"id":"$ID","name":"Eve"})", 400, R"("message":"You may only update tracking or exercise")"},
      {"somebody else's id", "PUT", "/api/users/$ID", usual_headers, R"({"id":"usr_1","tracking":"x"})", 400,
       R"("message":"Id not found.")"},
  };
  return all;
}

}  // namespace cardea::api_tests
