// SPDX-License-Identifier: MIT
#include "cli/ascii_address.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include <idn2.h>

#include "cli/argument_checks.hpp"
#include "core/printable.hpp"

namespace latchkey::cli {

namespace {

// As browsers and mail programs do: the German sharp s is a letter, and no "ss". Not
// IDN2_USE_STD3_ASCII_RULES, which leaves out what no name of a host has instead of refusing it.
constexpr int kFlags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// libidn2 lets some signs through that no name of a host has.
bool is_host_name(std::string_view domain) {
    const bool has_plain_signs = std::all_of(domain.begin(), domain.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
    return has_plain_signs && domain.find("..") == domain.npos;
}

struct Free {
    void operator()(char* text) const { idn2_free(text); }
};

}  // namespace

Result<std::string> ascii_address(const std::string& typed) {
    if (is_ascii(typed)) return typed;
    const auto at = typed.rfind('@');
    if (at == std::string::npos) return typed;
    const std::string local = typed.substr(0, at);
    if (!is_ascii(local))
        return usage("the part before the @ has letters that mail here cannot carry: " +
                     shown(typed) + "; give an address whose name is plain ASCII");
    char* found = nullptr;
    const int result = idn2_to_ascii_8z(typed.c_str() + at + 1, &found, kFlags);
    const std::unique_ptr<char, Free> domain{found};
    if (result != IDN2_OK || !is_host_name(domain.get()))
        return usage("the domain cannot be written in ASCII: " + shown(typed) + " (" +
                     (result != IDN2_OK ? idn2_strerror(result) : "no name of a host") +
                     "); give it in its xn-- form");
    return local + '@' + domain.get();
}

Result<std::vector<std::string>> with_ascii_addresses(std::vector<std::string> arguments,
                                                      const Terminal& terminal) {
    for (std::string& argument : arguments) {
        auto ascii = ascii_address(argument);
        if (!ascii) return std::move(ascii).error();
        if (*ascii != argument) terminal.err << "That address is " << escaped(*ascii) << ".\n";
        argument = std::move(*ascii);
    }
    return arguments;
}

}  // namespace latchkey::cli
