// SPDX-License-Identifier: MIT
#include "cli/import_rows.hpp"

#include <string.h>

#include <algorithm>
#include <cstdlib>

#include <liboath/oath.h>

namespace latchkey::cli {

namespace {

constexpr std::size_t kLongestField = 512;
constexpr std::size_t kLongestKeyText = 256;
constexpr std::size_t kLongestKey = 128;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// liboath's bytes, erased behind us.
Secret owned(char* bytes, std::size_t size) {
    Secret key{std::string_view{bytes, size}};
    explicit_bzero(bytes, size);
    std::free(bytes);
    return key;
}

}  // namespace

void BadRows::add(std::uint32_t line, std::string problem) {
    if (first_.size() == kMostProblems && line >= std::prev(first_.end())->first)
        return add_line(line);
    ++count_;
    first_.emplace(line, std::move(problem));
    if (first_.size() <= kMostProblems) return;
    others_.push_back(std::prev(first_.end())->first);
    first_.erase(std::prev(first_.end()));
}

void BadRows::add_line(std::uint32_t line) {
    ++count_;
    others_.push_back(line);
}

std::vector<std::uint32_t> BadRows::others() const {
    std::vector<std::uint32_t> lines = others_;
    std::sort(lines.begin(), lines.end());
    return lines;
}

bool Lines::next() {
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line_ = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    ++number_;
    return true;
}

std::string objection_to_field(const char* what, std::string_view field) {
    if (field.empty()) return std::string{"the "} + what + " is empty; write it";
    if (field.size() > kLongestField)
        return std::string{"the "} + what + " is longer than 512 bytes; write it shorter";
    if (std::any_of(field.begin(), field.end(), is_control))
        return std::string{"the "} + what + " holds a control character; take it out";
    return {};
}

Secret key_in_base32(std::string_view text) {
    char* key = nullptr;
    std::size_t size = 0;
    if (text.empty() || text.size() > kLongestKeyText ||
        oath_base32_decode(text.data(), text.size(), &key, &size) != OATH_OK)
        return {};
    return owned(key, size);
}

Secret key_in_hex(std::string_view text) {
    if (text.empty() || text.size() > 2 * kLongestKey || text.size() % 2 != 0) return {};
    const Secret terminated = [&] {
        std::string copy{text};
        copy += '\0';
        Secret secret{std::string_view{copy}};
        explicit_bzero(copy.data(), copy.size());
        return secret;
    }();
    std::string key(kLongestKey, '\0');
    std::size_t size = key.size();
    const bool is_hex = oath_hex2bin(terminated.reveal().data(), key.data(), &size) == OATH_OK;
    Secret result{is_hex ? std::string_view{key.data(), size} : std::string_view{}};
    explicit_bzero(key.data(), key.size());
    return result;
}

}  // namespace latchkey::cli
