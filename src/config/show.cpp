#include <utility>
#include <variant>

#include "config/entry.hpp"
#include "config/load.hpp"
#include "config/words.hpp"

namespace cardea::config {
namespace {

/// Prints one Section after another.
class Printer {
 public:
  explicit Printer(bool defaults_too) : defaults_too_(defaults_too) {}

  void section(const Section& section) {
    std::string keys;
    for (const auto& entry : section.entries()) keys += line(*entry);
    if (!keys.empty()) {
      if (!section.path().empty()) header("[" + section.path() + "]");
      out_ += keys;
    }
    for (const auto& entry : section.entries()) {
      if (const auto* one = std::get_if<Tables>(&entry->binding); one != nullptr && is_wanted(*entry)) {
        tables(*one, join(section.path(), entry->key));
      }
    }
    for (const auto& child : section.sections()) this->section(*child);
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  [[nodiscard]] bool is_wanted(const Entry& entry) const { return defaults_too_ || entry.is_set; }

  [[nodiscard]] std::string line(const Entry& entry) const {
    if (!is_wanted(entry)) return {};
    if (const auto* one = std::get_if<Tables>(&entry.binding)) return one->size() == 0 ? entry.key + " = []\n" : "";
    return entry.key + " = " + value_text(entry.binding) + "\n";
  }

  void tables(const Tables& tables, const std::string& path) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
      header("[[" + path + "]]");
      if (i < tables.items.size()) {
        item(*tables.items[i]);
        continue;
      }
      Section fresh{path};  // never read, so nothing is bound to it yet
      tables.describe(fresh, i);
      item(fresh);
    }
  }

  void item(const Section& section) {
    for (const auto& entry : section.entries()) out_ += line(*entry);
    for (const auto& child : section.sections()) this->section(*child);
  }

  void header(const std::string& text) { out_ += (out_.empty() ? "" : "\n") + text + "\n"; }

  bool defaults_too_;
  std::string out_;
};

}  // namespace

std::string show(const Section& root, bool defaults_too) {
  Printer printer{defaults_too};
  printer.section(root);
  return printer.take();
}

}  // namespace cardea::config
