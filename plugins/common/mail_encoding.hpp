// SPDX-License-Identifier: MIT
//
// How text that is not ASCII, or too long for a line, travels in a mail.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::mail {

// RFC 2047: what stands in a Subject or in front of an address. `text` as it is if it is
// printable ASCII that fits behind the header's name and cannot be taken for an encoded
// word; else encoded words of at most 75 characters, on lines of their own, none of which
// tears a character of UTF-8.
[[nodiscard]] std::string encoded_words(std::string_view text);

// RFC 5322: a display name and what must stand between it and "<address>".
[[nodiscard]] std::string phrase(std::string_view name);

// A body and its Content-Transfer-Encoding. Lines end with CR LF, also the last one, and
// have at most 76 characters of printable ASCII. Nowhere in the text stands "=_".
struct EncodedBody {
    std::string encoding;
    std::string text;
};

// '\n' ends a line of `text`. "7bit" if it can travel as it is, else "quoted-printable".
[[nodiscard]] EncodedBody encoded_body(std::string_view text);

}  // namespace latchkey::mail
