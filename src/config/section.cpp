#include "config/section.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "config/entry.hpp"
#include "config/words.hpp"

namespace cardea::config {
namespace {

void add(std::vector<std::unique_ptr<Entry>>& entries, std::string_view key, std::string_view doc, Binding binding) {
  const bool taken = std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry->key == key; });
  if (taken) throw std::logic_error{"config: a key is described twice: " + std::string{key}};
  std::string default_text = value_text(binding);
  entries.push_back(std::unique_ptr<Entry>{
      new Entry{std::string{key}, std::string{doc}, std::move(binding), std::move(default_text)}});
}

}  // namespace

Section::Section(std::string path) : path_(std::move(path)) {}
Section::~Section() = default;
Section::Section(Section&&) noexcept = default;

void Section::flag(std::string_view key, bool& value, std::string_view doc) { add(entries_, key, doc, Flag{&value}); }

void Section::integer(std::string_view key, std::int64_t& value, std::string_view doc, IntegerRange range) {
  add(entries_, key, doc, Integer{&value, range});
}

void Section::span(std::string_view key, Duration& value, std::string_view doc, SpanRange range) {
  add(entries_, key, doc, Span{&value, range});
}

void Section::text(std::string_view key, std::string& value, std::string_view doc) {
  add(entries_, key, doc, Text{&value});
}

void Section::bind_choice(std::string_view key, std::string_view doc, std::vector<std::string_view> texts,
                          std::function<std::string_view()> get, std::function<void(std::string_view)> set) {
  add(entries_, key, doc, Choice{std::move(texts), std::move(get), std::move(set)});
}

void Section::texts(std::string_view key, std::vector<std::string>& value, std::string_view doc) {
  add(entries_, key, doc, Texts{&value});
}

void Section::secret_file(std::string_view key, Secret& value, std::string_view doc) {
  if (!key.ends_with("_file")) throw std::logic_error{"config: a secret's key ends in _file: " + std::string{key}};
  add(entries_, key, doc, SecretFile{&value});
}

void Section::tables(std::string_view key, std::string_view doc, std::function<std::size_t()> size,
                     std::function<void(std::size_t)> resize, std::function<void(Section&, std::size_t)> describe) {
  add(entries_, key, doc, Tables{std::move(size), std::move(resize), std::move(describe)});
}

Section& Section::section(std::string_view key) {
  const std::string path = join(path_, key);
  const auto found =
      std::find_if(sections_.begin(), sections_.end(), [&](const auto& one) { return one->path_ == path; });
  if (found != sections_.end()) return **found;
  return *sections_.emplace_back(std::make_unique<Section>(path));
}

void Section::check(std::function<std::string()> problem) { checks_.push_back(std::move(problem)); }

}  // namespace cardea::config
