// SPDX-License-Identifier: MIT
#include "plugin_test/examination.hpp"

#include <utility>

#include "plugin_test/checks.hpp"

namespace latchkey::plugin_test {

namespace {

class Examiner {
public:
    explicit Examiner(const std::function<void(const Examined&)>& tell) : tell_{tell} {}

    void look_at(const Checks& checks) {
        for (const Check& check : checks) {
            if (tally_.cut_short) return;
            Examined examined{++number_, check.name, check.look()};
            count(examined.verdict.kind, check.decides);
            tell_(examined);
        }
    }
    [[nodiscard]] const Tally& tally() const { return tally_; }

private:
    void count(Verdict::Kind kind, bool decides) {
        if (kind == Verdict::Kind::Passed) ++tally_.passed;
        if (kind == Verdict::Kind::Skipped) ++tally_.skipped;
        if (kind != Verdict::Kind::Failed) return;
        ++tally_.failed;
        tally_.cut_short = decides;
    }

    const std::function<void(const Examined&)>& tell_;
    std::size_t number_ = 0;
    Tally tally_;
};

}  // namespace

Tally examine(Subject& subject, const std::string& live_address,
              const std::function<void(const Examined&)>& tell) {
    Examiner examiner{tell};
    examiner.look_at(checks_on_file(subject));
    // What is looked at next depends on the kind, and production gives a plugin that checks
    // answers no other profile.
    if (subject.verifies()) subject.channel.setup.profile = Profile::None;
    examiner.look_at(checks_on_call(subject));
    examiner.look_at(checks_on_process(subject));
    examiner.look_at(checks_on_log(subject));
    examiner.look_at(checks_on_options(subject));
    examiner.look_at(checks_on_time(subject));
    examiner.look_at(checks_on_strangers(subject));
    examiner.look_at(checks_on_answers(subject));
    examiner.look_at(checks_on_approvals(subject));
    examiner.look_at(checks_on_live(subject, live_address));
    return examiner.tally();
}

}  // namespace latchkey::plugin_test
