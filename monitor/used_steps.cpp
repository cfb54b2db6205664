// SPDX-License-Identifier: MIT
#include "monitor/used_steps.hpp"

#include <sys/file.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "monitor/root_files.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLargest = 512;

constexpr std::chrono::seconds kStep{30};    // RFC 6238, section 5.2
constexpr std::uint64_t kWidestWindow = 10;  // steps; the most that a plugin may be told
// Codes behind the last one in which plugins/hotp searches two, and those two.
constexpr std::uint64_t kFurthestCode = 1'002;

struct Spent {
    std::uint64_t newest = 0;
    OtpKind kind = OtpKind::Time;
};

std::uint64_t newest_possible(const Spent& spent, TimePoint now) {
    if (spent.kind == OtpKind::Counter) return spent.newest + kFurthestCode;
    return static_cast<std::uint64_t>(now.time_since_epoch() / kStep) + kWidestWindow + 1;
}

constexpr std::string_view kCounter = "counter";

// The file: the subject and the step, a line each; of a token a third line says so.
std::string text_of(const SubjectKey& subject, const Spent& spent) {
    std::string text = subject + '\n' + std::to_string(spent.newest) + '\n';
    if (spent.kind == OtpKind::Counter) text.append(kCounter) += '\n';
    return text;
}

// Nothing if there is no file, or if it is of another account that had the uid.
Result<std::optional<Spent>> spent_before(const UniqueFd& directory, const std::string& file,
                                          const SubjectKey& subject) {
    auto text = read_file_at(directory, file, kLargest);
    if (!text && text.error().kind == ErrorKind::NotFound) return std::optional<Spent>{};
    if (!text) return std::move(text).error();
    const auto lines = split(*text, '\n');
    const bool counts = lines.size() == 4 && lines[2] == kCounter;
    const auto step = (lines.size() == 3 || counts) && lines.back().empty()
                          ? number_in<std::uint64_t>(lines[1])
                          : std::nullopt;
    if (!step) return Error{ErrorKind::Corrupt, "used steps " + file};
    if (lines[0] != subject) return std::optional<Spent>{};
    return std::optional{Spent{*step, counts ? OtpKind::Counter : OtpKind::Time}};
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
    auto kept = replace_file_at(*directory, file_, text_of(subject_, {step, spent.kind}));
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

Result<bool> begins(const UniqueFd& directory, const std::string& file, const NewSteps& steps) {
    const bool counts = steps.kind == OtpKind::Counter;
    if (counts && !steps.is_known) return true;
    auto before = spent_before(directory, file, steps.subject);
    // One that breaks its format is begun anew with a new key, and stays with a known one.
    if (!before && before.error().kind == ErrorKind::Corrupt) return !steps.is_known;
    if (!before) return std::move(before).error();
    // An app without a file has spent nothing.
    if (!*before) return counts;
    return !steps.is_known || (*before)->kind != steps.kind;
}

}  // namespace

Result<void> begin_used_steps(const std::string& directory, std::span<const NewSteps> all) {
    if (all.empty()) return {};
    auto steps = open_locked_directory(directory, "steps", LOCK_EX);
    if (!steps) return std::move(steps).error();
    std::vector<NamedText> files;
    for (const NewSteps& each : all) {
        const std::string file = std::to_string(each.uid);
        const auto is_begun = begins(*steps, file, each);
        if (!is_begun) return Error{is_begun.error()};
        if (!*is_begun) continue;
        files.push_back({file, text_of(each.subject, {each.from, each.kind})});
    }
    auto kept = replace_files_at(*steps, files);
    if (!kept) return std::move(kept).error().within("used steps");
    return {};
}

}  // namespace latchkey
