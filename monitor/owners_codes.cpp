// SPDX-License-Identifier: MIT
#include "monitor/owners_codes.hpp"

#include <algorithm>
#include <string>

#include "core/ports/enrolment.hpp"
#include "core/printable.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"

namespace latchkey {

namespace {

constexpr std::uint32_t kSavedCodes = 10;

}  // namespace

bool OwnersCodes::any() {
    SavedCodes all = codes();
    (void)all.settle(clock_.now());
    return all.left() > 0;
}

TimePoint OwnersCodes::earliest() const {
    const SecurityInfoSettings& info = session_.settings.security_info;
    return clock_.now() + (session_.privileged ? info.privileged_hold : info.hold);
}

Result<std::vector<Secret>> OwnersCodes::issue(TimePoint from) {
    auto issued = codes().issue_for(kSavedCodes, from);
    if (!issued) log_failure("keep", issued.error());
    return issued;
}

bool OwnersCodes::end_with_everything() {
    const TimePoint until =
        std::max(earliest(), clock_.now() + session_.settings.security_info.replaced_hold);
    SavedCodes all = codes();
    auto ended = all.left() == 0 ? all.drop_waiting() : all.end_from(until);
    if (!ended) log_failure("end", ended.error());
    return ended.has_value();
}

void OwnersCodes::postpone() {
    SavedCodes all = codes();
    const auto ending = all.ending_from();
    const auto from = ending ? ending : all.waiting_from();
    auto moved = from ? all.wait_until(*from + kFrozen) : Result<void>{};
    if (!moved) log_failure("postpone", moved.error());
}

void OwnersCodes::drop_waiting() {
    if (auto dropped = codes().drop_waiting(); !dropped) log_failure("drop", dropped.error());
}

SavedCodes OwnersCodes::codes() const {
    return {paths::kActs, session_.subject, session_.account->uid,
            saved_code_key(session_.master_key, session_.subject)};
}

void OwnersCodes::log_failure(const char* what, const Error& why) {
    log_.record(Severity::Alarm,
                std::string{"cannot "} + what + " saved codes why=" + in_quotes(why.detail));
}

}  // namespace latchkey
