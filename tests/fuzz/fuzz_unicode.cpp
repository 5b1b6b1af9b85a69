// libraries: encoding
// Canonical forms are fixed points, keys of keys are the keys, and nothing accepted is dangerous to show.

#include "base/bytes.hpp"
#include "encoding/unicode.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;
namespace unicode = cardea::unicode;

namespace {

void check_user_id(std::string_view text) {
  const auto id = unicode::user_id(text);
  if (!id) return;
  require(unicode::user_id(*id) == id, "user_id is idempotent");
  require(!unicode::has_forbidden(*id), "a user id is visible");
  const auto key = unicode::user_id_key(*id);
  require(unicode::user_id_key(key) == key, "user_id_key is idempotent");
  if (id->size() == unicode::length(*id)) {
    require(unicode::confusable_skeleton(key) == unicode::confusable_skeleton(*id),
            "confusable_skeleton ignores the case of ASCII");
  }
  (void)unicode::confusable_skeleton(*id);  // never throws
}

void check_email(std::string_view text) {
  const auto address = unicode::email(text);
  if (!address) return;
  require(unicode::email(*address) == address, "email is idempotent");
  require(address->size() <= 254, "an address is bounded");
  require(address->find_first_of(" \r\n\t<>,;:\\\"") == std::string::npos, "an address is safe in a header");
  const auto key = unicode::email_key(*address);
  require(unicode::email_key(key) == key, "email_key is idempotent");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto text = cardea::as_text({data, size});
  if (const auto name = unicode::display_name(text)) {
    require(unicode::display_name(*name) == name, "display_name is idempotent");
    require(!unicode::has_forbidden(*name), "a display name is visible");
  }
  if (const auto password = unicode::opaque_string(text)) {
    require(unicode::opaque_string(*password) == password, "opaque_string is idempotent");
  }
  require(unicode::is_utf8(text) || (!unicode::display_name(text) && !unicode::opaque_string(text)),
          "only UTF-8 is accepted");
  check_user_id(text);
  check_email(text);
  return 0;
}
