#pragma once
// Pages with a form: shown, posted, and shown again with what was typed and what to correct.

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "encoding/value.hpp"
#include "page/page.hpp"
#include "page/words.hpp"

namespace cardea::page {

/// A form to show.
struct Form {
  std::string_view page;                // its name, as of `Pages::render`
  const Error* error = nullptr;         // why it is shown again
  const wire::Value* values = nullptr;  // what stands in its inputs; null: what was posted
  wire::Object data = {};               // what the page needs besides
  std::vector<std::string_view> last = {};  // which of its own inputs it shows behind all others of its own
};

/// Renders a page with the {"values", "errors", "problems", "failed"} of web/README.md. After an error the inputs
/// hold what was typed, the problems stand beside them, and status and headers are the error's. Inputs whose name
/// begins with "password" or ends with "_password" are never filled. Problems are worded as `problems_of` does, each
/// with the label of its input: of the declared fields in `data`, or the string `<page>.<input>`, or `field.<input>`.
[[nodiscard]] http::Response render_form(const Pages& pages, const http::Call& call, Form form);

/// Whether an input holds what is never shown again.
[[nodiscard]] bool is_password(std::string_view name);

/// Whether an error is no matter of what was typed: the session ended meanwhile, and the surface says where to go.
[[nodiscard]] bool is_beyond_form(const Error& error);

/// Gives every item of the list `fields` in `data`, {"name", "label"}, that has no label of its own the one of
/// `label_of`.
void add_labels(const Words& words, wire::Object& data);

/// Members of `more` added to `data`.
[[nodiscard]] wire::Object merged(wire::Object data, wire::Object more);

/// One posted password, without a copy that nobody wipes.
[[nodiscard]] Secret typed_secret(const wire::Value& form, std::string_view name);
/// The text of one posted input; empty when it was not posted.
[[nodiscard]] std::string typed(const wire::Value& form, std::string_view name);

}  // namespace cardea::page
