// SPDX-License-Identifier: MIT
//
// The flows that are stopped: what a person or an administrator does, what they saw of
// it before it stopped, and what must hold on the machine afterwards.
#pragma once

#include <memory>
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
    std::string right_otp;  // a code that was seen to be accepted
    std::string right_saved_code;
    bool signed_in = false;
    std::string hung;   // not empty: for twenty seconds nothing was shown that was to come
    std::string shown;  // all that stood on the terminal
};

class Flow {
public:
    // A violation by which others follow: who wrote the files has lost rows of them.
    static constexpr const char* kFilesAreCut = "passwd or shadow cannot be read";
    static constexpr const char* kPasswordIsSeen = "a password stands on the terminal";

    virtual ~Flow() = default;
    // The programs that take part, as stop_at names them.
    [[nodiscard]] std::vector<Plan> programs() const;
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
    [[nodiscard]] virtual bool is_the_administrators() const { return false; }
    virtual void play(Terminal& terminal, Seen& seen) = 0;
    // The person's next recovery, on what the stopped one has left. Says what went wrong.
    virtual void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) = 0;

    // The code of the newest message, after `Code: ` was shown; helps a delivery that was
    // stopped as the timer would. Throws Ended if there is no message to be had.
    std::string sent_code();
    // A fresh recovery by e-mail and, if asked for, the app; true if the password is changed.
    bool recovers(const std::string& password);
    Enrolled host_;

private:
    void check_disk(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong);
    void check_notices(std::vector<std::string>& wrong);
    std::unique_ptr<Kept> kept_;
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

// An administrator enrols an address, an app and saved codes.
class Enrol final : public Flow {
public:
    Enrol();

private:
    [[nodiscard]] std::vector<std::string> command() const override;
    [[nodiscard]] bool is_the_administrators() const override { return true; }
    void play(Terminal& terminal, Seen& seen) override;
    void go_on(const Seen& seen, const Disk& disk, std::vector<std::string>& wrong) override;
};

}  // namespace latchkey::crash
