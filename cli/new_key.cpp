// SPDX-License-Identifier: MIT
#include "cli/new_key.hpp"

#include <string.h>

#include <string_view>

#include "cli/qr_code.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

using nlohmann::json;

// "ABCD EFGH ...", as authenticator apps show it.
Secret in_groups(const Secret& base32) {
    std::string text;
    text.reserve(base32.size() * 2);
    for (const char c : base32.reveal()) {
        if (text.size() % 5 == 4) text += ' ';
        text += c;
    }
    Secret result{text};
    explicit_bzero(text.data(), text.size());
    return result;
}

// By itself no picture is coloured on a terminal that has, or wants, no colours.
std::optional<QrStyle> style_for(const std::string& wish, const Terminal& terminal) {
    const QrStyle coloured =
        terminal.is_utf8 ? QrStyle::ColouredHalfBlocks : QrStyle::ColouredBlanks;
    if (wish == "utf8") return QrStyle::PlainHalfBlocks;
    if (wish == "ansi") return coloured;
    if (!wish.empty() || !terminal.is_terminal) return std::nullopt;
    if (terminal.has_colour) return coloured;
    return terminal.is_utf8 ? std::optional{QrStyle::PlainHalfBlocks} : std::nullopt;
}

// A picture that cannot be made is said, and the key is shown all the same.
bool show_picture(const NewKey& key, const KeyPicture& picture, const Terminal& terminal) {
    const bool to_file = picture.how == "png";
    const auto style = style_for(picture.how, terminal);
    if (!to_file && !style) {
        if (picture.how.empty() && terminal.is_terminal)
            terminal.out << "No picture is shown: this terminal has neither colours nor UTF-8. "
                            "Type the key, or\nhave the picture in a file: --qr=png FILE\n\n";
        return true;
    }
    const auto code = QrCode::of(key.uri);
    if (code && to_file) {
        const auto written = write_png(*code, picture.file);
        if (written) {
            terminal.out << "The picture is in " << escaped(picture.file)
                         << "; remove it when it was scanned.\n\n";
            return true;
        }
        terminal.fail(ExitStatus::Usage, written.error().detail + "; type the key below");
        return false;
    }
    if (code) terminal.out << drawn(*code, *style) << "\n";
    return code.has_value();
}

}  // namespace

std::optional<NewKey> new_key_in(const json& row) {
    const auto text = [&row](const char* key) {
        return row.contains(key) && row.at(key).is_string()
                   ? std::string_view{row.at(key).get_ref<const std::string&>()}
                   : std::string_view{};
    };
    if (!is_printable(text("key_base32")) || !is_printable(text("uri"))) return std::nullopt;
    if (text("key_base32").empty() || text("uri").empty()) return std::nullopt;
    return NewKey{Secret{text("key_base32")}, Secret{text("uri")}};
}

bool show_key(const NewKey& key, const KeyPicture& picture, const Terminal& terminal) {
    const bool shown = show_picture(key, picture, terminal);
    const Secret groups = in_groups(key.base32);
    terminal.out << "Key: " << groups.reveal() << "\n"
                 << "URI: " << key.uri.reveal() << "\n\n"
                 << std::flush;
    return shown;
}

}  // namespace latchkey::cli
