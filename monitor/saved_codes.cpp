// SPDX-License-Identifier: MIT
#include "monitor/saved_codes.hpp"

#include <sodium.h>
#include <string.h>
#include <sys/file.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "core/answers.hpp"
#include "core/codes.hpp"
#include "monitor/root_files.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLargest = 4096;
constexpr std::string_view kUsed = "used";
constexpr std::size_t kHexDigits = 2 * std::tuple_size_v<Digest>;

// Always ten places, so that comparing takes the same time whatever is in them.
struct Places {
    std::array<Digest, SavedCodes::kMost> digests{};
    std::array<bool, SavedCodes::kMost> usable{};
    std::uint32_t issued = 0;
};

std::string hex_of(const Digest& digest) {
    std::string hex(kHexDigits + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

// The file: the subject, then one line for each code issued, its digest or "used".
std::string text_of(const SubjectKey& subject, const Places& places) {
    std::string text = subject + '\n';
    for (std::uint32_t i = 0; i < places.issued; ++i) {
        text += places.usable.at(i) ? hex_of(places.digests.at(i)) : std::string{kUsed};
        text += '\n';
    }
    return text;
}

// False if the line is neither a digest nor "used".
bool read_place(std::string_view line, Places& places) {
    if (places.issued == SavedCodes::kMost) return false;
    const std::uint32_t place = places.issued++;
    if (line == kUsed) return true;
    std::size_t length = 0;
    Digest& digest = places.digests.at(place);
    if (line.size() != kHexDigits ||
        sodium_hex2bin(digest.data(), digest.size(), line.data(), line.size(), nullptr, &length,
                       nullptr) != 0 ||
        length != digest.size())
        return false;
    places.usable.at(place) = true;
    return true;
}

// No usable places if there is no file, or if it is of another account that had the uid.
Result<Places> read_places(const UniqueFd& directory, const std::string& file,
                           const SubjectKey& subject) {
    auto text = read_file_at(directory, file, kLargest);
    if (!text && text.error().kind == ErrorKind::NotFound) return Places{};
    if (!text) return std::move(text).error();
    std::string_view rest = *text;
    Places places;
    for (bool first = true; !rest.empty(); first = false) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        if (first && end != rest.npos && line != subject) return Places{};
        if (end == rest.npos || (!first && !read_place(line, places)))
            return Error{ErrorKind::Corrupt, "saved codes " + file};
        rest.remove_prefix(end + 1);
    }
    return places;
}

// The first line of codes that wait.
constexpr std::string_view kFrom = "from ";

std::string from_line(TimePoint from) {
    return std::string{kFrom} + std::to_string(from.time_since_epoch().count()) + '\n';
}

std::optional<TimePoint> from_in(std::string_view text) {
    if (!text.starts_with(kFrom)) return std::nullopt;
    text.remove_prefix(kFrom.size());
    std::int64_t seconds = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const auto end = static_cast<std::size_t>(stop - text.data());
    if (error != std::errc{} || end >= text.size() || text[end] != '\n') return std::nullopt;
    return TimePoint{std::chrono::seconds{seconds}};
}

// One process at a time reads and strikes out.
Result<UniqueFd> open_locked(const std::string& acts_directory, int operation) {
    return open_locked_directory(acts_directory, "codes", operation);
}

}  // namespace

SavedCodes::SavedCodes(std::string directory, SubjectKey subject, uid_t uid, Secret key)
    : directory_(std::move(directory)),
      subject_(std::move(subject)),
      file_(std::to_string(uid)),
      key_(std::move(key)) {}

Digest SavedCodes::digest_of(std::string_view code) const {
    return SodiumVault{}.digest(key_, "saved code", code);
}

std::uint32_t SavedCodes::left() const {
    const auto directory = open_locked(directory_, LOCK_SH);
    if (!directory) return 0;
    const auto places = read_places(*directory, file_, subject_);
    std::uint32_t count = 0;
    if (places)
        for (const bool usable : places->usable) count += usable ? 1U : 0U;
    return count;
}

Result<std::vector<Secret>> SavedCodes::issue(std::uint32_t count) {
    auto made = make(count);
    if (!made) return std::move(made).error();
    auto directory = open_locked(directory_, LOCK_EX);
    if (!directory) return std::move(directory).error();
    // First, so that they cannot take the place of the new ones.
    if (auto dropped = remove_file_at(*directory, waiting_file()); !dropped)
        return std::move(dropped).error().within("saved codes");
    auto written = replace_file_at(*directory, file_, made->text);
    if (!written) return std::move(written).error().within("saved codes");
    return std::move(made->shown);
}

Result<std::vector<Secret>> SavedCodes::issue_for(std::uint32_t count, TimePoint from) {
    auto made = make(count);
    if (!made) return std::move(made).error();
    auto directory = open_locked(directory_, LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto written = replace_file_at(*directory, waiting_file(), from_line(from) + made->text);
    if (!written) return std::move(written).error().within("saved codes");
    return std::move(made->shown);
}

Result<void> SavedCodes::end_from(TimePoint from) {
    auto directory = open_locked(directory_, LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto written =
        replace_file_at(*directory, waiting_file(), from_line(from) + text_of(subject_, {}));
    if (!written) return std::move(written).error().within("saved codes");
    return {};
}

Result<void> SavedCodes::settle(TimePoint now) {
    auto directory = open_locked(directory_, LOCK_EX);
    if (!directory) return std::move(directory).error();
    const auto text = read_file_at(*directory, waiting_file(), kLargest);
    if (!text && text.error().kind == ErrorKind::NotFound) return {};
    if (!text) return Error{text.error()};
    const auto from = from_in(*text);
    if (!from) return Error{ErrorKind::Corrupt, "saved codes " + waiting_file()};
    const std::string codes = text->substr(text->find('\n') + 1);
    const bool is_ours = codes.starts_with(subject_ + '\n');
    if (is_ours && now < *from) return {};
    if (is_ours)
        if (auto written = replace_file_at(*directory, file_, codes); !written) return written;
    // Those of another account that had the uid take nobody's place.
    return remove_file_at(*directory, waiting_file());
}

Result<void> SavedCodes::wait_until(TimePoint from) {
    auto directory = open_locked(directory_, LOCK_EX);
    if (!directory) return std::move(directory).error();
    const auto text = read_file_at(*directory, waiting_file(), kLargest);
    if (!text && text.error().kind == ErrorKind::NotFound) return {};
    if (!text) return Error{text.error()};
    if (!from_in(*text)) return Error{ErrorKind::Corrupt, "saved codes " + waiting_file()};
    return replace_file_at(*directory, waiting_file(),
                           from_line(from) + text->substr(text->find('\n') + 1));
}

Result<void> SavedCodes::drop_waiting() {
    auto directory = open_locked(directory_, LOCK_EX);
    if (!directory) return std::move(directory).error();
    return remove_file_at(*directory, waiting_file());
}

Result<void> SavedCodes::forget() {
    auto directory = open_locked(directory_, LOCK_EX);
    if (!directory) return std::move(directory).error();
    if (auto gone = remove_file_at(*directory, waiting_file()); !gone) return gone;
    return remove_file_at(*directory, file_);
}

std::optional<SavedCodes::Waiting> SavedCodes::waiting() const {
    const auto directory = open_locked(directory_, LOCK_SH);
    if (!directory) return std::nullopt;
    const auto text = read_file_at(*directory, waiting_file(), kLargest);
    if (!text) return std::nullopt;
    const auto from = from_in(*text);
    const std::string_view codes = std::string_view{*text}.substr(text->find('\n') + 1);
    const std::string first_line = subject_ + '\n';
    if (!from || !codes.starts_with(first_line)) return std::nullopt;
    return Waiting{*from, codes.size() > first_line.size()};
}

std::optional<TimePoint> SavedCodes::waiting_from() const {
    const auto found = waiting();
    return found && found->has_codes ? std::optional{found->from} : std::nullopt;
}

std::optional<TimePoint> SavedCodes::ending_from() const {
    const auto found = waiting();
    return found && !found->has_codes ? std::optional{found->from} : std::nullopt;
}

Result<SavedCodes::Made> SavedCodes::make(std::uint32_t count) const {
    if (count == 0 || count > kMost)
        return Error{ErrorKind::Rejected, "saved codes: 1 to 10 can be issued"};
    SodiumVault vault;
    Made made;
    Places places;
    places.issued = count;
    for (std::uint32_t i = 0; i < count; ++i) {
        const Secret code = fresh_saved_code(vault);
        places.digests.at(i) = digest_of(code.reveal());
        places.usable.at(i) = true;
        made.shown.push_back(shown_saved_code(code));
    }
    made.text = text_of(subject_, places);
    return made;
}

Result<bool> SavedCodes::use(const Secret& typed) {
    auto code = normalised_saved_code(typed.reveal());
    const bool is_well_formed = code.has_value();
    std::string text = std::move(code).value_or(std::string{});
    const Digest digest = digest_of(text);
    explicit_bzero(text.data(), text.size());
    auto directory = open_locked(directory_, LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto places = read_places(*directory, file_, subject_);
    if (!places) return std::move(places).error();

    std::optional<std::size_t> right;
    for (std::size_t i = 0; i < kMost; ++i) {
        const bool equal =
            sodium_memcmp(places->digests.at(i).data(), digest.data(), digest.size()) == 0;
        if (equal && places->usable.at(i)) right = i;
    }
    if (!right || !is_well_formed) return false;
    places->usable.at(*right) = false;
    auto struck = replace_file_at(*directory, file_, text_of(subject_, *places));
    if (!struck) return std::move(struck).error().within("saved codes");
    return true;
}

}  // namespace latchkey
