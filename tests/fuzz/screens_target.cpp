// SPDX-License-Identifier: MIT
//
// What a verifier that was taken over may show to people: any AskScreen, with any
// host name and texts of the configuration, through the catalogue.
#include <algorithm>

#include "core/printable.hpp"
#include "core/screens.hpp"
#include "core/wire/message.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

Settings settings_with(fuzz::Input& input) {
    Settings settings;
    settings.methods["email"].label = "E-mail my alternate address.";
    settings.methods["totp"].label = "Enter a code from my authenticator app";
    settings.methods["totp"].kind = MethodKind::Verification;
    settings.methods["push"].label = "Approve a notification on my phone";
    settings.methods["push"].kind = MethodKind::Approval;
    settings.methods["other"].label = "Send it to my other address.";
    if (const auto text = input.part(); !text.empty()) settings.methods["email"].label = text;
    settings.whom_to_ask = input.text();
    if (input.flag()) settings.methods.erase("email");
    return settings;
}

Screen screen_of(const wire::AskScreen& message) {
    Screen screen{message.kind,
                  message.remark,
                  message.resume_code,
                  message.method,
                  message.masked_destination,
                  message.minutes,
                  {},
                  message.has_more,
                  message.signs,
                  message.in_words,
                  message.not_working,
                  message.number,
                  message.seconds};
    for (const auto& [method, masked] : message.items) screen.items.push_back({method, masked});
    return screen;
}

bool names_the_password(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text.find("password") != std::string::npos;
}

void check_prompt(const std::string& text) {
    holds(text.size() <= kMaxScreenBytes, "a prompt has at most 480 bytes");
    holds(text.ends_with(": "), "a prompt ends as prompts do");
    holds(!names_the_password(text), "no screen of ours names the password");
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        holds(line.size() <= kMaxScreenColumns, "a line has at most 78 columns");
        holds(is_printable(line), "a prompt is printable");
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    const Settings settings = settings_with(input);
    const std::string host_name = input.text();
    std::string packet{static_cast<char>(wire::Type::AskScreen)};
    packet += input.rest();
    const auto message = wire::decode<wire::AskScreen>(fuzz::as_bytes(packet));
    if (!message) return 0;
    const auto text = render(screen_of(*message), settings, host_name);
    if (text)
        check_prompt(*text);
    else
        holds(is_printable(text.error().detail) && text.error().detail.size() < 100,
              "a refusal repeats nothing");
    return 0;
}
