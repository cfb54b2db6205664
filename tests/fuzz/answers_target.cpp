// SPDX-License-Identifier: MIT
//
// What strangers type and what login programs pass on: codes, addresses, names of
// hosts and terminals. The input is two texts with 0xff between them.
#include <algorithm>

#include "core/alphabets.hpp"
#include "core/answers.hpp"
#include "core/masks.hpp"
#include "core/printable.hpp"
#include "monitor/account.hpp"
#include "monitor/login_session.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/support/fake_vault.hpp"

namespace {

using namespace latchkey;
using fuzz::holds;

bool made_of(std::string_view text, std::string_view alphabet) {
    return text.find_first_not_of(alphabet) == std::string_view::npos;
}

// Blanks around an answer are no part of it.
std::string within_blanks(std::string text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.erase(0, 1);
    return text;
}

void try_codes(const std::string& text) {
    const std::string digits = digits_of(text);
    holds(digits.size() <= 64 && made_of(digits, "0123456789"), "digits are digits");
    holds(digits_of(digits) == digits, "digits stay digits");
    const std::string resume = normalised_resume_code(text);
    holds(
        resume.empty() || (resume.size() == kResumeCodeLength && made_of(resume, kResumeAlphabet)),
        "a resume code has its shape");
    const auto saved = normalised_saved_code(text);
    holds(!saved || (saved->size() == kSavedCodeLength && made_of(*saved, kSavedAlphabet)),
          "a saved code has its shape");
    holds(!saved || normalised_saved_code(*saved) == saved, "a saved code stays itself");
}

void try_address(const std::string& text) {
    const auto address = checked_email_address(text);
    const std::string mask = masked_address(text);
    holds(mask.empty() == !address, "every address, and nothing else, has a mask");
    holds(possession_of_address(text).starts_with("email:"), "a possession names its kind");
    if (!address) return;
    holds(checked_email_address(*address) == address, "a checked address stays itself");
    holds(address->size() <= kMaxAddressBytes && is_printable(*address) &&
              std::count(address->begin(), address->end(), '@') == 1,
          "an address is one plain word");
    holds(is_mask(mask) && mask.size() <= kMaxMaskBytes, "a mask has its shape");
    holds(same_address(FakeVault{}, text, *address), "an address is the one that was typed");
}

std::string unescaped(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const bool is_hex = text.starts_with("\\x");
        if (is_hex)
            result += static_cast<char>(std::stoi(std::string{text.substr(2, 2)}, nullptr, 16));
        else
            result += text.front() == '\\' ? '\\' : text.front();
        text.remove_prefix(is_hex ? 4 : text.front() == '\\' ? 2 : 1);
    }
    return result;
}

void try_text(const std::string& text) {
    const std::string shown = escaped(text);
    holds(is_printable(shown), "what is escaped is printable");
    holds(unescaped(shown) == text, "what is escaped says what it was");
    const std::string quoted = in_quotes(text);
    holds(std::count(quoted.begin(), quoted.end(), '"') == 2 && quoted.starts_with('"') &&
              quoted.ends_with('"'),
          "a value has its two quotation marks");
    if (is_mask(text)) holds(is_printable(text), "a mask is printable");
    if (is_crypt_hash(text))
        holds(is_printable(text) && text.find_first_of(" :;*!\\") == std::string::npos,
              "a hash holds no mark of a lock");
}

void try_source(const std::string& first, const std::string& second) {
    wire::LoginHello hello;
    hello.service = "sshd";
    hello.rhost = first;
    const std::string remote = source_of(hello);
    holds(remote == "unknown" || made_of(remote, "0123456789abcdef.:/"), "a source is numeric");
    hello.service = first;
    hello.rhost.clear();
    hello.tty = second;
    const std::string local = source_of(hello);
    holds(is_printable(local) && local.size() <= 8 + 4 * 64, "a terminal's name is short");
    holds(surface_of(hello) == (first == "sshd" ? Surface::Remote : Surface::Console),
          "sshd is remote");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    const std::string first = input.text();
    const std::string second{input.rest()};
    try_codes(first);
    try_address(first);
    try_text(first);
    try_source(first, second);
    if (same_address(FakeVault{}, first, second))
        holds(is_printable(within_blanks(first)), "only a printable answer is an address");
    return 0;
}
