// SPDX-License-Identifier: MIT
#include "monitor/used_steps.hpp"

#include <sys/file.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "monitor/root_files.hpp"
#include "monitor/row_text.hpp"

namespace latchkey {

namespace {

constexpr std::size_t kLargest = 512;

constexpr std::chrono::seconds kStep{30};    // RFC 6238, section 5.2
constexpr std::uint64_t kWidestWindow = 10;  // steps; the most that a plugin may be told

std::uint64_t newest_possible(TimePoint now) {
    return static_cast<std::uint64_t>(now.time_since_epoch() / kStep) + kWidestWindow + 1;
}

// The file: the subject and the step, a line each.
std::string text_of(const SubjectKey& subject, std::uint64_t step) {
    return subject + '\n' + std::to_string(step) + '\n';
}

// Nothing if there is no file, or if it is of another account that had the uid.
Result<std::optional<std::uint64_t>> newest_step(const UniqueFd& directory, const std::string& file,
                                                 const SubjectKey& subject) {
    using Step = std::optional<std::uint64_t>;
    auto text = read_file_at(directory, file, kLargest);
    if (!text && text.error().kind == ErrorKind::NotFound) return Step{};
    if (!text) return std::move(text).error();
    const auto lines = split(*text, '\n');
    const auto step =
        lines.size() == 3 && lines[2].empty() ? number_in<std::uint64_t>(lines[1]) : Step{};
    if (!step) return Error{ErrorKind::Corrupt, "used steps " + file};
    return lines[0] == subject ? step : Step{};
}

}  // namespace

UsedSteps::UsedSteps(std::string directory, SubjectKey subject, uid_t uid)
    : directory_(std::move(directory)), subject_(std::move(subject)), file_(std::to_string(uid)) {}

Result<StepResult> UsedSteps::spend(std::uint64_t step, TimePoint now) {
    if (step > newest_possible(now)) return StepResult::OutOfReach;
    auto directory = open_locked_directory(directory_, "steps", LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto newest = newest_step(*directory, file_, subject_);
    if (!newest) return std::move(newest).error();
    if (*newest && step <= **newest) return StepResult::Used;
    auto kept = replace_file_at(*directory, file_, text_of(subject_, step));
    if (!kept) return std::move(kept).error().within("used steps");
    return StepResult::Fresh;
}

Result<void> UsedSteps::forget() {
    auto directory = open_locked_directory(directory_, "steps", LOCK_EX);
    if (!directory) return std::move(directory).error();
    auto kept = replace_file_at(*directory, file_, text_of(subject_, 0));
    if (!kept) return std::move(kept).error().within("used steps");
    return {};
}

}  // namespace latchkey
