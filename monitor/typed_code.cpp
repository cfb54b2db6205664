// SPDX-License-Identifier: MIT
#include "monitor/typed_code.hpp"

#include "core/printable.hpp"
#include "monitor/keys.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/paths.hpp"
#include "monitor/saved_codes.hpp"
#include "monitor/temporary_passes.hpp"

namespace latchkey {

wire::SavedCodeJudged judge_typed_code(const LoginSession& session, const Secret& typed,
                                       bool takes_passes, const Clock& clock, EventLog& log) {
    const uid_t uid = session.account->uid;
    wire::SavedCodeJudged judged;
    SavedCodes codes{paths::kActs, session.subject, uid,
                     saved_code_key(session.master_key, session.subject)};
    const auto code = codes.use(typed);
    if (!code)
        log.record(Severity::Alarm,
                   "cannot compare saved codes why=" + in_quotes(code.error().detail));
    judged.right = code && *code;
    if (judged.right) judged.left = codes.left();
    if (judged.right || !takes_passes) return judged;
    TemporaryPasses passes{paths::kActs, session.subject, uid,
                           temporary_pass_key(session.master_key, session.subject)};
    const auto pass = passes.use(typed, clock.now());
    if (!pass)
        log.record(Severity::Alarm,
                   "cannot compare temporary passes why=" + in_quotes(pass.error().detail));
    judged.right = judged.is_pass = pass && pass->has_value();
    if (judged.right) audit_pass_use(session, **pass, clock, log);
    return judged;
}

}  // namespace latchkey
