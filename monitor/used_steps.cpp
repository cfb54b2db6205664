// SPDX-License-Identifier: MIT
#include "monitor/used_steps.hpp"

#include <sodium.h>
#include <sys/file.h>

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "monitor/root_files.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLargest = 512;
constexpr std::size_t kTagBytes = 16;

constexpr std::chrono::seconds kStep{30};    // RFC 6238, section 5.2
constexpr std::uint64_t kWidestWindow = 10;  // steps; the most that a plugin may be told
// Codes behind the last one in which plugins/hotp searches two, and those two.
constexpr std::uint64_t kFurthestCode = 1'002;

struct Spent {
    std::uint64_t newest = 0;
    OtpKind kind = OtpKind::Time;
    std::string key_tag{};
};

std::uint64_t newest_possible(const Spent& spent, TimePoint now) {
    if (spent.kind == OtpKind::Counter) return spent.newest + kFurthestCode;
    return static_cast<std::uint64_t>(now.time_since_epoch() / kStep) + kWidestWindow + 1;
}

constexpr std::string_view kCounter = "counter";
constexpr std::string_view kKey = "key=";

// The file: the subject and the step, a line each; of a token a third line says so, and of a key
// that was imported the last one names it.
std::string text_of(const SubjectKey& subject, const Spent& spent) {
    std::string text = subject + '\n' + std::to_string(spent.newest) + '\n';
    if (spent.kind == OtpKind::Counter) text.append(kCounter) += '\n';
    if (!spent.key_tag.empty()) text.append(kKey).append(spent.key_tag) += '\n';
    return text;
}

// Nothing: the text breaks the format.
std::optional<Spent> spent_in(std::vector<std::string_view> lines) {
    if (lines.size() < 3 || !lines.back().empty()) return std::nullopt;
    lines.pop_back();
    Spent spent;
    if (lines.size() > 2 && lines.back().starts_with(kKey)) {
        spent.key_tag = lines.back().substr(kKey.size());
        lines.pop_back();
    }
    if (lines.size() > 2 && lines.back() == kCounter) {
        spent.kind = OtpKind::Counter;
        lines.pop_back();
    }
    const auto step = lines.size() == 2 ? number_in<std::uint64_t>(lines[1]) : std::nullopt;
    if (!step) return std::nullopt;
    spent.newest = *step;
    return spent;
}

// Nothing if there is no file, or if it is of another account that had the uid.
Result<std::optional<Spent>> spent_before(const UniqueFd& directory, const std::string& file,
                                          const SubjectKey& subject) {
    auto text = read_file_at(directory, file, kLargest);
    if (!text && text.error().kind == ErrorKind::NotFound) return std::optional<Spent>{};
    if (!text) return std::move(text).error();
    const auto lines = split(*text, '\n');
    auto spent = spent_in(lines);
    if (!spent) return Error{ErrorKind::Corrupt, "used steps " + file};
    if (lines[0] != subject) return std::optional<Spent>{};
    return spent;
}

}  // namespace

UsedSteps::UsedSteps(std::string directory, SubjectKey subject, uid_t uid)
    : directory_(std::move(directory)), subject_(std::move(subject)), file_(std::to_string(uid)) {}

Result<StepResult> UsedSteps::spend(std::uint64_t step, TimePoint now) {
    auto directory = open_locked_directory(directory_, "steps", LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto before = spent_before(*directory, file_, subject_);
    if (!before) return std::move(before).error();
    const Spent spent = before->value_or(Spent{});
    if (step > newest_possible(spent, now)) return StepResult::OutOfReach;
    if (*before && step <= spent.newest) return StepResult::Used;
    auto kept =
        replace_file_at(*directory, file_, text_of(subject_, {step, spent.kind, spent.key_tag}));
    if (!kept) return std::move(kept).error().within("used steps");
    return StepResult::Fresh;
}

Result<void> UsedSteps::begin(OtpKind kind) {
    auto directory = open_locked_directory(directory_, "steps", LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto kept = replace_file_at(*directory, file_, text_of(subject_, {0, kind}));
    if (!kept) return std::move(kept).error().within("used steps");
    return {};
}

namespace {

// Whether what lies there is of the key before it. A name of the key is this side's own; without
// one the verifier's word counts, that it has the key already, but not for a token by what an app
// has spent, nor the other way round.
bool is_of_another(const Spent& before, const NewSteps& steps) {
    if (before.kind != steps.kind) return true;
    return before.key_tag.empty() ? !steps.is_known : before.key_tag != steps.key_tag;
}

// What is to be written; nothing: what lies there stays.
Result<std::optional<Spent>> begun(const UniqueFd& directory, const std::string& file,
                                   const NewSteps& steps) {
    const std::optional<Spent> anew = Spent{steps.from, steps.kind, steps.key_tag};
    const bool counts = steps.kind == OtpKind::Counter;
    auto before = spent_before(directory, file, steps.subject);
    if (!before && before.error().kind == ErrorKind::Corrupt)
        return steps.is_known ? std::nullopt : anew;
    if (!before) return std::move(before).error();
    // An app without a file has spent nothing.
    if (!*before) return counts ? anew : std::nullopt;
    if (is_of_another(**before, steps)) return anew;
    if (!(*before)->key_tag.empty()) return std::optional<Spent>{};
    return std::optional{Spent{(*before)->newest, steps.kind, steps.key_tag}};
}

}  // namespace

std::string key_tag(const Secret& tag_key, const Secret& key) {
    const Digest digest = SodiumVault{}.digest(tag_key, "imported key", key.reveal());
    std::array<char, 2 * kTagBytes + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), kTagBytes);
    return hex.data();
}

Result<void> begin_used_steps(const std::string& directory, std::span<const NewSteps> all) {
    if (all.empty()) return {};
    auto steps = open_locked_directory(directory, "steps", LOCK_EX);
    if (!steps) return std::move(steps).error();
    std::vector<NamedText> files;
    for (const NewSteps& each : all) {
        const std::string file = std::to_string(each.uid);
        const auto spent = begun(*steps, file, each);
        if (!spent) return Error{spent.error()};
        if (*spent) files.push_back({file, text_of(each.subject, **spent)});
    }
    auto kept = replace_files_at(*steps, files);
    if (!kept) return std::move(kept).error().within("used steps");
    return {};
}

}  // namespace latchkey
