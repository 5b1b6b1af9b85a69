#include "tests/support/form_text.hpp"

#include "encoding/form.hpp"

namespace cardea::testing_support {
namespace {

constexpr std::string_view delimiter = "------cardea-test-boundary\r\n";

// As a browser reads it: the characters that pages escape.
std::string unescaped(std::string text) {
  constexpr std::pair<std::string_view, char> escapes[]{
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&amp;", '&'}};
  for (const auto& [escape, character] : escapes) {
    for (auto at = text.find(escape); at != std::string::npos; at = text.find(escape, at + 1)) {
      text.replace(at, escape.size(), 1, character);
    }
  }
  return text;
}

// The attribute's value; pages of ours quote every attribute.
std::string attribute(std::string_view tag, std::string_view name) {
  const std::string start = " " + std::string{name} + "=\"";
  const auto at = tag.find(start);
  if (at == std::string_view::npos) return {};
  const auto rest = tag.substr(at + start.size());
  return std::string{rest.substr(0, rest.find('"'))};
}

// From the form's tag to its end; empty when the page has no such form.
std::string_view form_of(std::string_view page, std::string_view action) {
  for (auto at = page.find("<form "); at != std::string_view::npos; at = page.find("<form ", at + 1)) {
    const auto form = page.substr(at, page.find("</form>", at) - at);
    if (attribute(form.substr(0, form.find('>')), "action") == action) return form;
  }
  return {};
}

}  // namespace

FormFields hidden_fields(std::string_view page, std::string_view action) {
  FormFields fields;
  const auto form = form_of(page, action);
  for (auto at = form.find("<input "); at != std::string_view::npos; at = form.find("<input ", at + 1)) {
    const auto tag = form.substr(at, form.find('>', at) - at);
    if (attribute(tag, "type") == "hidden")
      fields.emplace_back(attribute(tag, "name"), unescaped(attribute(tag, "value")));
  }
  return fields;
}

std::string urlencoded_body(const FormFields& fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body += (body.empty() ? "" : "&") + encoding::percent_encode(name) + "=" + encoding::percent_encode(value);
  }
  return body;
}

std::string multipart_body(const FormFields& fields, const std::vector<Upload>& files) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body.append(delimiter).append("Content-Disposition: form-data; name=\"").append(name).append("\"\r\n\r\n");
    body.append(value).append("\r\n");
  }
  for (const auto& file : files) {
    body.append(delimiter).append("Content-Disposition: form-data; name=\"").append(file.field);
    body.append("\"; filename=\"").append(file.filename).append("\"\r\n");
    body.append("Content-Type: application/octet-stream\r\n\r\n").append(file.bytes).append("\r\n");
  }
  return body + "------cardea-test-boundary--\r\n";
}

}  // namespace cardea::testing_support
