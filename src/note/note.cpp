#include "note/note.hpp"

#include "encoding/unicode.hpp"
#include "note/note_store.hpp"
#include "throttle/throttle.hpp"

namespace cardea::note {
namespace {

/// Lines end in LF whatever the browser sent.
std::string with_line_feeds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out += text[i];
  }
  return out;
}

/// C0 but tab and line feed, DEL, and C1, in well-formed UTF-8.
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) return true;
    if (byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

Error wrong_text(std::string_view code, std::string detail, std::optional<std::int64_t> limit = {}) {
  return {validation_failed, std::vector{FieldError{"note", std::string{code}, std::move(detail), {}, limit}}};
}

Result<std::string> clean(std::string_view text, const Settings& settings) {
  // A character has at most 4 bytes and a line end loses one, so the work below is bounded first.
  if (text.size() / 5 > static_cast<std::size_t>(settings.max_text))
    return wrong_text("too_long", "This is too long.", settings.max_text);
  std::string cleaned = with_line_feeds(text);
  if (!unicode::is_utf8(cleaned)) return wrong_text("invalid_text", "This is not valid text.");
  if (cleaned.empty()) {
    return Error{validation_failed, std::vector{FieldError{"note", "too_short", "Write something.", "note"}}};
  }
  if (unicode::length(cleaned) > static_cast<std::size_t>(settings.max_text)) {
    return wrong_text("too_long", "Use at most " + std::to_string(settings.max_text) + " characters.",
                      settings.max_text);
  }
  if (has_control(cleaned)) return wrong_text("invalid_text", "This has a control character. Remove it.");
  return cleaned;
}

std::int64_t size_of(std::string_view bytes) { return static_cast<std::int64_t>(bytes.size()); }

/// What the accounts of one network store, whoever they are: counted in KiB, and all of it comes back in a day.
Result<Done> charge_network(db::Tx& tx, const Writer& writer, std::int64_t growth, const Settings& settings) {
  constexpr std::int64_t unit = 1024;
  constexpr Duration day = std::chrono::hours{24};
  constexpr Duration wait = std::chrono::minutes{10};
  if (settings.max_bytes_per_network == 0) return done;
  const std::int64_t units = std::max<std::int64_t>(1, settings.max_bytes_per_network / unit);
  const throttle::Budget budget{.free = units, .regain = day / units, .delay = wait, .max_delay = wait};
  auto charges = throttle::network_charges(budget, "note.network", writer.network);
  for (auto& charge : charges) charge.amount = (growth + unit - 1) / unit;
  TRY(throttle::charge(tx, charges, writer.now));
  return done;
}

/// Whether a note may become `wanted` where it was `current`. What does not grow always may: the limits may have been
/// lowered since. Asked inside the serializable transaction that writes, so that two at once cannot both be the last
/// that fits.
Result<Done> check_room(db::Tx& tx, const Writer& writer, const Use& current, const Use& wanted,
                        const Settings& settings) {
  const Use all = use_of(tx, writer.owner);
  const auto text_growth = wanted.text - current.text;
  const auto growth = text_growth + wanted.images - current.images;
  if (wanted.notes > current.notes && all.notes >= settings.max_per_account) return too_many;
  if (text_growth > 0 && all.text + text_growth > settings.max_text_per_account) return full;
  if (growth > 0 && all.text + all.images + growth > settings.max_bytes_per_account) return full;
  if (growth > 0) TRY(charge_network(tx, writer, growth, settings));
  return done;
}

/// The disk belongs to sign-ins, sessions and the audit trail first: they still have room when pictures have none.
Result<Done> check_disk(const Writer& writer, const Draft& draft, const Settings& settings) {
  if (!draft.image || !writer.free_bytes) return done;
  if (*writer.free_bytes - size_of(draft.image->bytes) >= settings.disk_reserve) return done;
  return Error{*db::kind_of(db::Failure::full),
               "a picture would take of the last " + size_text(settings.disk_reserve) + " (note.disk_reserve)"};
}

}  // namespace

void describe(config::Section& section, Settings& settings) {
  section.integer("max_text", settings.max_text, "Characters a note may have.", {.min = 1, .max = 100'000});
  section.integer("max_image", settings.max_image, "Bytes an image may have.", {.min = 1024, .max = 8 * 1024 * 1024});
  section.integer("max_per_account", settings.max_per_account, "Notes an account may have.",
                  {.min = 1, .max = 100'000});
  section.integer("max_text_per_account", settings.max_text_per_account, "Bytes of text an account's notes may have.",
                  {.min = 1, .max = 64 * 1024 * 1024});
  section.integer("max_bytes_per_account", settings.max_bytes_per_account,
                  "Bytes of text and images an account's notes may have.", {.min = 1, .max = std::int64_t{1} << 40});
  section.integer("max_bytes_per_network", settings.max_bytes_per_network,
                  "Bytes of text and images that all accounts of one address may store in a day (IPv6: of a /64, a /56 "
                  "and a /48 twice and three times as much); 0: no limit.",
                  {.min = 0, .max = std::int64_t{1} << 40});
  section.integer("disk_reserve", settings.disk_reserve,
                  "Bytes that pictures leave free on the disk of an SQLite database, for sign-ins; 0: none.",
                  {.min = 0, .max = std::int64_t{1} << 50});
}

Result<Done> check_text(std::string_view text, const Settings& settings) {
  auto cleaned = clean(text, settings);
  if (!cleaned) return std::move(cleaned).error();
  return done;
}

Result<Note> create(db::Tx& tx, const Writer& writer, const Draft& draft, const Settings& settings, Random& random) {
  Note note{.id = NoteId::make(writer.now, random),
            .owner = writer.owner,
            .text = TRY(clean(draft.text, settings)),
            .has_image = draft.image.has_value(),
            .created_at = writer.now,
            .updated_at = writer.now};
  TRY(check_disk(writer, draft, settings));
  const Use wanted{.notes = 1, .text = size_of(note.text), .images = draft.image ? size_of(draft.image->bytes) : 0};
  TRY(check_room(tx, writer, {}, wanted, settings));
  insert(tx, note, draft.image);
  return note;
}

Result<Note> find(db::Tx& tx, const AccountId& owner, const NoteId& id) {
  auto note = find_row(tx, owner, id);
  if (!note) return not_found;
  return std::move(*note);
}

Result<Image> image(db::Tx& tx, const AccountId& owner, const NoteId& id) {
  auto image = find_image(tx, owner, id);
  if (!image) return not_found;
  return std::move(*image);
}

Result<Note> update(db::Tx& tx, const Writer& writer, const NoteId& id, const Draft& draft, const Settings& settings) {
  const AccountId& owner = writer.owner;
  Note note = TRY(find(tx, owner, id));
  note.text = TRY(clean(draft.text, settings));
  note.updated_at = writer.now;
  TRY(check_disk(writer, draft, settings));
  const Use current = use_of(tx, owner, id);
  Use wanted{.notes = 1, .text = size_of(note.text), .images = draft.remove_image ? 0 : current.images};
  if (draft.image) wanted.images = size_of(draft.image->bytes);
  TRY(check_room(tx, writer, current, wanted, settings));
  update_text(tx, note);
  if (draft.image || draft.remove_image) {
    update_image(tx, owner, id, draft.image);
    note.has_image = draft.image.has_value();
  }
  return note;
}

}  // namespace cardea::note
