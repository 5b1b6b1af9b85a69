#include "encoding/wire.hpp"

#include <algorithm>

#include "encoding/json_pointer.hpp"
#include "encoding/rfc3339.hpp"
#include "encoding/unicode.hpp"

namespace cardea::wire {
namespace {

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string{noun} + (count == 1 ? "." : "s.");
}

/// Reports a size outside its limit; true when it is inside.
bool fits(std::size_t size, const Limit& limit, std::string_view noun, detail::Report& report) {
  if (size < limit.min && size == 0)
    report.add("too_short", "This must not be empty.");
  else if (size < limit.min)
    report.add("too_short", "Use at least " + counted(limit.min, noun));
  else if (size > limit.max)
    report.add("too_long", "Use at most " + counted(limit.max, noun));
  else
    return true;
  return false;
}

bool fits(std::int64_t number, const Range& range, detail::Report& report) {
  if (number < range.min)
    report.add("out_of_range", "This must be at least " + std::to_string(range.min) + ".");
  else if (number > range.max)
    report.add("out_of_range", "This must be at most " + std::to_string(range.max) + ".");
  else
    return true;
  return false;
}

}  // namespace

void detail::Report::add(std::string_view code, std::string detail) {
  errors.push_back({path, std::string{code}, std::move(detail)});
}

detail::Step::Step(Report& report, std::string_view name) : report_(report), size_(report.path.size()) {
  if (size_ > 0) report.path += '/';
  report.path += encoding::pointer_step(name);
}

Reader::Reader(const Value& value, detail::Report& report) : object_(value.get<Object>()), report_(report) {
  if (object_ == nullptr)
    wrong_type("This must be an object.");
  else
    known_.resize(object_->size());
}

const Value* Reader::find(std::string_view name) {
  if (object_ == nullptr) return nullptr;
  for (std::size_t i = 0; i < object_->size(); ++i) {
    if ((*object_)[i].name != name) continue;
    known_[i] = true;
    return &(*object_)[i].value;
  }
  return nullptr;
}

const Value* Reader::need(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr && object_ != nullptr) {
    const detail::Step step{report_, name};
    report_.add("required", "This is required.");
  }
  return value;
}

void Reader::rest(Object& members, std::string_view) {
  if (object_ == nullptr) return;
  for (std::size_t i = 0; i < object_->size(); ++i) {
    if (known_[i]) continue;
    known_[i] = true;
    members.push_back((*object_)[i]);
  }
}

void Reader::finish() {
  if (object_ == nullptr) return;
  for (std::size_t i = 0; i < object_->size(); ++i) {
    if (known_[i]) continue;
    const detail::Step step{report_, std::string_view{(*object_)[i].name}};
    report_.add("unknown_field", "This is not a known field.");
  }
}

void Reader::get(const Value& value, bool& out, const Limit&) {
  if (const auto* flag = value.get<bool>())
    out = *flag;
  else
    wrong_type("This must be true or false.");
}

void Reader::get(const Value& value, std::int64_t& out, const Range& range) {
  const auto* whole = value.get<std::int64_t>();
  if (whole == nullptr)
    wrong_type("This must be a whole number.");
  else if (fits(*whole, range, report_))
    out = *whole;
}

void Reader::get(const Value& value, int& out, const Range& range) {
  constexpr std::int64_t least = std::numeric_limits<int>::min();
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  std::int64_t whole = out;
  get(value, whole, {.min = std::max(range.min, least), .max = std::min(range.max, most)});
  out = static_cast<int>(whole);
}

void Reader::get(const Value& value, std::string& out, const Limit& limit) {
  if (const auto* found = text(value, limit)) out = *found;
}

void Reader::get(const Value& value, Secret& out, const Limit& limit) {
  if (const auto* found = text(value, limit)) out = Secret{std::string_view{*found}};
}

void Reader::get(const Value& value, Time& out, const Limit&) {
  const auto* found = value.get<std::string>();
  const auto time = found != nullptr ? parse_rfc3339(*found) : std::nullopt;
  if (time)
    out = *time;
  else
    wrong_type("This must be a time such as 2026-01-31T12:00:00Z.");
}

void Reader::get(const Value& value, Date& out, const Limit&) {
  const auto* found = value.get<std::string>();
  const auto date = found != nullptr ? parse_date(*found) : std::nullopt;
  if (date)
    out = *date;
  else
    wrong_type("This must be a date such as 2001-12-31.");
}

void Reader::none_of(const std::vector<std::string_view>& texts) {
  std::string known;
  for (const auto text : texts) known.append(known.empty() ? "" : ", ").append(text);
  wrong_type("This must be one of " + known + ".");
}

const Array* Reader::list(const Value& value, const Limit& limit) {
  const auto* items = value.get<Array>();
  if (items == nullptr) wrong_type("This must be a list.");
  return items != nullptr && fits(items->size(), limit, "item", report_) ? items : nullptr;
}

const std::string* Reader::text(const Value& value, const Limit& limit) {
  const auto* found = value.get<std::string>();
  if (found == nullptr) wrong_type("This must be text.");
  return found != nullptr && fits(unicode::length(*found), limit, "character", report_) ? found : nullptr;
}

}  // namespace cardea::wire
