// Reading an export, whoever wrote it.
#include <array>
#include <istream>

#include "audit/export.hpp"
#include "audit/export_line.hpp"
#include "audit/walk.hpp"
#include "encoding/base64.hpp"

namespace cardea::audit {
namespace {

constexpr std::size_t longest_line = 16'384;  // bytes; those of an event are shorter, whatever it says

/// Takes the lines in turn; each answers what is wrong with it.
class Reader {
 public:
  explicit Reader(const CheckpointKey& key) : key_(key) {}

  std::optional<Break> take(std::string_view text) {
    const auto line = wire::read<Line>(text);
    const int bodies = line.ok() ? (line->chain ? 1 : 0) + (line->event ? 1 : 0) + (line->end ? 1 : 0) : 0;
    if (bodies != 1) return here("there is a line that is none of an export");
    if (has_ended_) return here("there is a line behind the last one");
    if (line->chain.has_value() == has_begun_) {
      return here(has_begun_ ? "it begins a second time" : "its first line is missing");
    }
    if (line->chain) return take(*line->chain);
    return line->event ? take(*line->event) : take(*line->end);
  }
  /// After the last line.
  std::optional<Break> finish() {
    if (!has_begun_) return here("there is nothing in it");
    return has_ended_ ? std::nullopt : here("it was cut off: its last line is missing");
  }
  ExportSurvey found;

 private:
  [[nodiscard]] std::optional<Break> here(std::string what) const {
    return Break{found.end.number + 1, std::move(what)};
  }

  std::optional<Break> take(const ChainBody& body) {
    has_begun_ = true;
    const auto begin = to_link(body.number, body.hash);
    if (!begin) return here("its first line names no hash");
    found.begin = found.end = *begin;
    if (!body.checkpoint) return begin->number < 0 ? here("its first line names no event") : std::nullopt;
    const auto checkpoint = to_checkpoint(*body.checkpoint);
    if (!checkpoint) return here("the checkpoint is none");
    if (key_ && !audit::is_signed(*checkpoint, *key_)) return here("the checkpoint was not signed by this key");
    const Link& removed = checkpoint->link;
    const bool fits =
        removed.number < begin->number || (removed.number == begin->number && removed.hash == begin->hash);
    if (!fits) return here("the checkpoint is not of this chain");
    found.removed = removed.number;
    return std::nullopt;
  }

  std::optional<Break> take(const EventBody& body) {
    auto event = to_event(body);
    if (!event) return here("the event is damaged");
    return check_links({std::move(*event)}, found.end);
  }

  std::optional<Break> take(const EndBody& body) {
    has_ended_ = true;
    const auto end = to_link(body.number, body.hash);
    found.made_at = to_instant(body.at);
    if (!end || !found.made_at) return here("its last line is damaged");
    if (end->number != found.end.number || end->hash != found.end.hash ||
        body.events != found.end.number - found.begin.number) {
      return here("its last line says that it ended otherwise");
    }
    found.unsealed = body.unsealed;
    found.is_signed = body.signature.has_value();
    if (!key_) return std::nullopt;
    if (!body.signature) return here("it is not signed");
    const auto signature = encoding::parse_hex(*body.signature);
    const Extent extent{.begin = found.begin, .end = found.end, .unsealed = found.unsealed, .at = *found.made_at};
    if (signature && audit::is_signed(extent, *signature, *key_)) return std::nullopt;
    return here("it was not signed by this key, or changed since");
  }

  CheckpointKey key_;
  bool has_begun_ = false;
  bool has_ended_ = false;
};

}  // namespace

ExportSurvey survey_export(std::istream& in, const CheckpointKey& key) { return survey_export(in, key, {}); }

ExportSurvey survey_export(std::istream& in, const CheckpointKey& key, const ReadProgress& progress) {
  Reader reader{key};
  std::array<char, longest_line> line{};
  while (!reader.found.broken && in.getline(line.data(), line.size())) {
    const auto size = static_cast<std::size_t>(in.gcount()) - (in.eof() ? 0U : 1U);
    reader.found.broken = reader.take({line.data(), size});
    if (progress) progress(reader.found.end.number - reader.found.begin.number, 0);
  }
  if (!reader.found.broken) {
    const bool is_whole = in.eof() && in.gcount() == 0;
    reader.found.broken =
        is_whole ? reader.finish() : Break{reader.found.end.number + 1, "there is a line that is none of an export"};
  }
  return std::move(reader.found);
}

}  // namespace cardea::audit
