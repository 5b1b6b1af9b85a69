#pragma once
// Unicode text: validity, canonical forms, and the keys under which two spellings are the same name.

#include <optional>
#include <string>
#include <string_view>

namespace cardea::unicode {

/// Well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);
/// Code points in well-formed UTF-8.
[[nodiscard]] std::size_t length(std::string_view text);
/// Has a control, format, private-use or line-separator code point (General Category Cc, Cf, Co, Zl, Zp), one that
/// will never be a character, or an invisible one (Default_Ignorable_Code_Point), or is not UTF-8. ZWJ and ZWNJ are
/// allowed where some scripts need them (RFC 5892 appendix A) and between emoji, a variation selector behind what it
/// varies, tags in the flag of a region, and unassigned code points: letters may be newer than our tables.
[[nodiscard]] bool has_forbidden(std::string_view text);

/// A display name: NFC, runs of space separators folded to one U+0020, trimmed (PRECIS Nickname profile, RFC 8266,
/// without case folding). Absent when not UTF-8, when it has a forbidden code point, or above 4096 bytes.
[[nodiscard]] std::optional<std::string> display_name(std::string_view text);

/// A user id (at most 1024 bytes) as its owner writes it: width-mapped, NFC (PRECIS UsernameCasePreserved, RFC 8265
/// §3.4). Absent when it is not UTF-8, is empty, or has a space, a control or any code point outside letters, digits,
/// marks and ASCII punctuation; also when it starts with a mark, has compatibility forms or digits of two scripts, or
/// breaks the bidi rule (RFC 5893).
[[nodiscard]] std::optional<std::string> user_id(std::string_view text);
/// The key under which user ids are unique regardless of case (NFKC case folding of a valid user id). Like all keys
/// here it throws std::invalid_argument when given what is not UTF-8.
[[nodiscard]] std::string user_id_key(std::string_view user_id);
/// The key under which confusable ids collide: the UTS #39 skeleton of the id as its owner writes it, which is how it
/// is shown, and then without case (i l 1 I are one, so are o and 0). Spellings that differ in case alone have one key
/// when they are ASCII; beyond it Ν is N and ν is v, and user_id_key is what makes the two spellings one. Takes any
/// UTF-8; intermediate copies are wiped, because passwords are compared with names by it.
[[nodiscard]] std::string confusable_skeleton(std::string_view user_id);

/// A password as it is hashed: NFC, other spaces mapped to U+0020 (PRECIS OpaqueString, RFC 8265 §4.2). Absent when not
/// UTF-8, empty, or with a control character (General Category Cc). Intermediate copies are wiped.
[[nodiscard]] std::optional<std::string> opaque_string(std::string_view text);

/// An e-mail address as written, NFC, domain in lower case, IDN domains in punycode (UTS #46). Absent unless it is
/// exactly local@domain, 254 bytes at most, local part 64 bytes at most of dot-atom characters (RFC 6531: and letters,
/// digits and marks of all scripts), domain with a dot and no number as its last label (or "localhost").
[[nodiscard]] std::optional<std::string> email(std::string_view text);
/// The key under which addresses are unique: the local part case-folded as well.
[[nodiscard]] std::string email_key(std::string_view email);

}  // namespace cardea::unicode
