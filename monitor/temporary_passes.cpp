// SPDX-License-Identifier: MIT
#include "monitor/temporary_passes.hpp"

#include <sodium.h>
#include <string.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "core/answers.hpp"
#include "core/codes.hpp"
#include "core/printable.hpp"
#include "monitor/root_files.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLargest = 4096;
constexpr std::string_view kOnce = "once";
constexpr std::string_view kMany = "many";
constexpr std::size_t kFields = 6;
constexpr std::size_t kHexDigits = 2 * std::tuple_size_v<Digest>;

struct Kept {
    TemporaryPass pass;
    Digest digest{};
};

struct Passes {
    std::uint32_t newest_id = 0;
    std::vector<Kept> kept;  // kMost at most, oldest first
};

std::string hex_of(const Digest& digest) {
    std::string hex(kHexDigits + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

std::string seconds_of(TimePoint time) {
    return std::to_string(time.time_since_epoch().count());
}

// The file: the subject and the newest id, a line each, then one line for each pass.
std::string text_of(const SubjectKey& subject, const Passes& passes) {
    std::string text = subject + '\n' + std::to_string(passes.newest_id) + '\n';
    for (const auto& [pass, digest] : passes.kept) {
        text += std::to_string(pass.id) + '\t' + seconds_of(pass.issued_at) + '\t' +
                seconds_of(pass.ends_at) + '\t';
        text += pass.is_for_once ? kOnce : kMany;
        text += '\t' + encoded(pass.reason) + '\t' + hex_of(digest) + '\n';
    }
    return text;
}

// Nothing if the line is none of text_of().
std::optional<Kept> kept_in(std::string_view line) {
    const auto fields = split(line, '\t');
    if (fields.size() != kFields) return std::nullopt;
    const auto id = number_in<std::uint32_t>(fields[0]);
    const auto issued = number_in<std::int64_t>(fields[1]);
    const auto ends = number_in<std::int64_t>(fields[2]);
    auto reason = decoded(fields[4]);
    Kept kept;
    std::size_t length = 0;
    const std::string_view hex = fields[5];
    if (!id || *id == 0 || !issued || !ends || !reason ||
        (fields[3] != kOnce && fields[3] != kMany) || hex.size() != kHexDigits ||
        sodium_hex2bin(kept.digest.data(), kept.digest.size(), hex.data(), hex.size(), nullptr,
                       &length, nullptr) != 0 ||
        length != kept.digest.size())
        return std::nullopt;
    kept.pass = {*id, TimePoint{std::chrono::seconds{*issued}},
                 TimePoint{std::chrono::seconds{*ends}}, fields[3] == kOnce, std::move(*reason)};
    return kept;
}

// None if there is no file, or if it is of another account that had the uid.
Result<Passes> read_passes(const UniqueFd& directory, const std::string& file,
                           const SubjectKey& subject) {
    auto text = read_file_at(directory, file, kLargest);
    if (!text && text.error().kind == ErrorKind::NotFound) return Passes{};
    if (!text) return std::move(text).error();
    const Error corrupt{ErrorKind::Corrupt, "temporary passes " + file};
    auto lines = split(*text, '\n');
    if (lines.size() < 3 || !lines.back().empty()) return corrupt;
    if (lines[0] != subject) return Passes{};
    const auto newest = number_in<std::uint32_t>(lines[1]);
    if (!newest || lines.size() > 3 + TemporaryPasses::kMost) return corrupt;
    Passes passes{*newest, {}};
    for (std::size_t i = 2; i + 1 < lines.size(); ++i) {
        auto kept = kept_in(lines[i]);
        if (!kept) return corrupt;
        passes.kept.push_back(std::move(*kept));
    }
    return passes;
}

// True if there was one.
bool strike_out_ended(Passes& passes, TimePoint now) {
    return std::erase_if(passes.kept,
                         [now](const Kept& kept) { return kept.pass.ends_at <= now; }) > 0;
}

Error refused(std::string sentence) {
    return {ErrorKind::Rejected, std::move(sentence)};
}

Result<void> check_terms(std::chrono::seconds life, const std::string& reason) {
    if (life < TemporaryPasses::kShortest || life > TemporaryPasses::kLongest)
        return refused("a temporary pass lives for 10 minutes to 30 days; choose a time between");
    if (reason.empty() || reason.size() > TemporaryPasses::kLongestReason || !is_printable(reason))
        return refused("the reason has 1 to 120 printable ASCII characters; write it so");
    return {};
}

}  // namespace

TemporaryPasses::TemporaryPasses(std::string directory, SubjectKey subject, uid_t uid, Secret key)
    : directory_(std::move(directory)),
      subject_(std::move(subject)),
      file_(std::to_string(uid)),
      key_(std::move(key)) {}

Digest TemporaryPasses::digest_of(std::string_view code) const {
    return SodiumVault{}.digest(key_, "temporary pass", code);
}

// One process at a time reads and writes.
Result<UniqueFd> TemporaryPasses::lock() const {
    return open_locked_directory(directory_, "passes", LOCK_EX);
}

Result<TemporaryPasses::Issued> TemporaryPasses::issue(std::chrono::seconds life, bool is_for_once,
                                                       const std::string& reason, TimePoint now) {
    if (auto checked = check_terms(life, reason); !checked) return std::move(checked).error();
    auto directory = lock();
    if (!directory) return std::move(directory).error();
    auto passes = read_passes(*directory, file_, subject_);
    if (!passes) return std::move(passes).error();
    (void)strike_out_ended(*passes, now);
    if (passes->kept.size() >= kMost)
        return refused(
            "the account has three temporary passes, which is as many as it may have; "
            "revoke one first: latchkey pass revoke");
    SodiumVault vault;
    const Secret code = fresh_saved_code(vault);
    const TemporaryPass pass{++passes->newest_id, now, now + life, is_for_once, reason};
    passes->kept.push_back({pass, digest_of(code.reveal())});
    auto written = replace_file_at(*directory, file_, text_of(subject_, *passes));
    if (!written) return std::move(written).error().within("temporary passes");
    return Issued{pass, shown_saved_code(code)};
}

Result<std::vector<TemporaryPass>> TemporaryPasses::alive(TimePoint now) {
    auto directory = lock();
    if (!directory) return std::move(directory).error();
    auto passes = read_passes(*directory, file_, subject_);
    if (!passes) return std::move(passes).error();
    if (strike_out_ended(*passes, now)) {
        auto struck = replace_file_at(*directory, file_, text_of(subject_, *passes));
        if (!struck) return std::move(struck).error().within("temporary passes");
    }
    std::vector<TemporaryPass> found;
    for (Kept& kept : passes->kept) found.push_back(std::move(kept.pass));
    return found;
}

Result<std::optional<TemporaryPass>> TemporaryPasses::use(const Secret& typed, TimePoint now) {
    auto code = normalised_saved_code(typed.reveal());
    const bool is_well_formed = code.has_value();
    std::string text = std::move(code).value_or(std::string{});
    const Digest digest = digest_of(text);
    explicit_bzero(text.data(), text.size());
    auto directory = lock();
    if (!directory) return std::move(directory).error();
    auto passes = read_passes(*directory, file_, subject_);
    if (!passes) return std::move(passes).error();
    bool is_changed = strike_out_ended(*passes, now);

    // Always as many places, so that comparing takes the same time whatever is in them.
    std::optional<std::size_t> right;
    for (std::size_t i = 0; i < kMost; ++i) {
        const bool is_kept = i < passes->kept.size();
        const Digest& place = is_kept ? passes->kept[i].digest : Digest{};
        const bool equal = sodium_memcmp(place.data(), digest.data(), digest.size()) == 0;
        // A clock that was set back behind the issue.
        if (equal && is_kept && passes->kept[i].pass.issued_at <= now) right = i;
    }
    std::optional<TemporaryPass> used;
    if (right && is_well_formed) {
        used = passes->kept[*right].pass;
        if (used->is_for_once) {
            passes->kept.erase(passes->kept.begin() + static_cast<std::ptrdiff_t>(*right));
            is_changed = true;
        }
    }
    if (is_changed) {
        auto struck = replace_file_at(*directory, file_, text_of(subject_, *passes));
        if (!struck) return std::move(struck).error().within("temporary passes");
    }
    return used;
}

Result<std::vector<TemporaryPass>> TemporaryPasses::revoke(std::uint32_t id, TimePoint now) {
    auto directory = lock();
    if (!directory) return std::move(directory).error();
    auto passes = read_passes(*directory, file_, subject_);
    if (!passes) return std::move(passes).error();
    const bool has_ended = strike_out_ended(*passes, now);
    std::vector<TemporaryPass> revoked;
    std::erase_if(passes->kept, [&](const Kept& kept) {
        const bool is_meant = id == 0 || kept.pass.id == id;
        if (is_meant) revoked.push_back(kept.pass);
        return is_meant;
    });
    if (!revoked.empty() || has_ended) {
        auto struck = replace_file_at(*directory, file_, text_of(subject_, *passes));
        if (!struck) return std::move(struck).error().within("temporary passes");
    }
    return revoked;
}

}  // namespace latchkey
