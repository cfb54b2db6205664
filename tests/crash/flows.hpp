// SPDX-License-Identifier: MIT
//
// The flows that are stopped: what a person does at a login prompt, what they saw of it
// before it stopped, and what must hold on the machine afterwards. What administrators do
// is in administrators_flows.hpp, what an owner changes in owner_flow.hpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/crash/disk.hpp"
#include "tests/crash/stop.hpp"
#include "tests/system/claimant.hpp"

namespace latchkey::crash {

// What came out of the machine before the flow ended.
struct Seen {
    int codes_judged = 0;  // answers from which a typed code was known to be right or wrong
    int otps_judged = 0;
    int saved_codes_judged = 0;
    int confirmations_judged = 0;
    std::string right_otp;  // a code that was seen to be accepted
    std::string right_saved_code;
    std::string pass;  // that an administrator was shown
    bool signed_in = false;
    std::string hung;   // not empty: for twenty seconds nothing was shown that was to come
    std::string shown;  // all that stood on the terminal
};

// A notice, by words that no other message has, and how often it is to have come since the
// flow was kept.
struct Notice {
    std::string words;
    int due = 0;
};

class Flow {
public:
    // A violation by which others follow: who wrote the files has lost rows of them.
    static constexpr const char* kFilesAreCut = "passwd or shadow cannot be read";
    static constexpr const char* kPasswordIsSeen = "a password stands on the terminal";

    virtual ~Flow() = default;
    // The programs that take part, as stop_at names them: those of a login, if no flow says
    // otherwise.
    [[nodiscard]] virtual std::vector<Plan> programs() const;
    // One run under `stop`, from what was kept. Returns when nothing of it goes on.
    [[nodiscard]] Seen run(const Stop& stop);
    // After a run: what does not hold, in sentences; empty if everything does.
    [[nodiscard]] std::vector<std::string> violations(const Seen& seen);

protected:
    // Widened limits, and whatever `settings` say; kept by the last call of the constructor.
    explicit Flow(const std::string& settings);
    void keep();

    [[nodiscard]] virtual std::vector<std::string> command() const {
        return {"/usr/bin/login", "ada"};
    }
    virtual void play(Terminal& terminal, Seen& seen) = 0;
    // The next time that it is done, on what the stopped one has left. Says what went wrong.
    virtual void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) = 0;
    // What is to have been told at the end, as the disk has it.
    [[nodiscard]] virtual std::vector<Notice> notices(const Disk& disk) const;

    // The code of the newest message that has `label`, after `Code: ` was shown; helps a
    // delivery that was stopped as the timer would. Throws Ended if there is no message to be had.
    std::string sent_code(const std::string& label = kRecoveryCode);
    // A fresh recovery by e-mail and, if asked for, the app; true if the password is changed.
    bool recovers(const std::string& password);
    // Whether the way of that name takes `code` in a recovery of its own, on a terminal of its
    // own as well: saved codes are compared once a second for each.
    bool is_accepted(const std::string& way, const std::string& code);
    // Nothing in the audit log and the store's trail is missing, or is there for one of them alone.
    static void check_audit(std::vector<std::string>& wrong);
    // The programs that deliver what any flow has queued.
    [[nodiscard]] static std::vector<Plan> delivering();
    // What the flow began with.
    [[nodiscard]] const Disk& before() const { return *before_; }

    static constexpr const char* kRecoveryCode = "Your recovery code: ";
    Enrolled host_;

private:
    void check_disk(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong);
    void check_notices(std::vector<std::string>& wrong);
    std::unique_ptr<Kept> kept_;
    std::optional<Disk> before_;
    std::vector<Terminal> neighbours_;  // each keeps the next login off its terminal
};

// A forgotten password: a wrong e-mailed code, the right one, a saved code, a new password.
class Reset final : public Flow {
public:
    Reset();

private:
    void play(Terminal& terminal, Seen& seen) override;
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
};

// Locked out by failed attempts: the app's code, then the password that was never lost.
class Unlock final : public Flow {
public:
    Unlock();

private:
    void play(Terminal& terminal, Seen& seen) override;
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
};

// A code that does not come is asked for again: the first is void then, the second good.
class Resend final : public Flow {
public:
    Resend();

private:
    void play(Terminal& terminal, Seen& seen) override;
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
};

}  // namespace latchkey::crash
