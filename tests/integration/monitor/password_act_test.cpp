// SPDX-License-Identifier: MIT
//
// A new password, written by a real stack in which something happens between the last answer
// and the record of the act: T32, C4. Inside a sandbox, as root.
#include <signal.h>
#include <stdlib.h>

#include <fstream>
#include <string>

#include "monitor/password_change.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"

using namespace latchkey;

namespace {

const std::string kPlace = "/usr/libexec/latchkey-test/";

Deadline soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

std::string line(const std::string& module) {
    return "password required " + module + "\n";
}

// Our lines around the host's as setup writes them, with `between` before what writes.
void write_stack(const std::string& between) {
    std::ofstream{"/etc/pam.d/latchkey-password"}
        << "password requisite " << kPlace << "pam_latchkey.so\n"
        << between << line("pam_unix.so use_authtok yescrypt") << line(kPlace + "pam_latchkey.so");
}

std::string field_of_ada() {
    const auto account = find_local_account("ada");
    REQUIRE(account);
    return std::string{account->shadow.password.reveal()};
}

void must_unlock() {
    REQUIRE(::system("usermod -U ada") == 0);
}

// The monitor's part, in a process of its own; its exit status is the result of the act.
class Renewal {
public:
    explicit Renewal(bool is_recorded = true)
        : is_recorded_(is_recorded), ends_(make_ends()), monitor_([this] { return change(); }) {
        ends_.second.close();
    }

    // The result, with everything that is asked answered by this password.
    int answered_with(std::string_view password) {
        while (auto packet = ends_.first.receive(soon())) {
            if (!ends_.first.send_message(wire::Answer{Secret{password}})) break;
            ++answers_;
        }
        return monitor_.wait();
    }
    [[nodiscard]] int answers() const { return answers_; }

private:
    static std::pair<Seqpacket, Seqpacket> make_ends() {
        auto ends = Seqpacket::make_pair();
        REQUIRE(ends);
        return std::move(*ends);
    }
    int change() {
        ::signal(SIGTERM, SIG_DFL);  // not Catch's
        ends_.first.close();
        Claimant claimant{std::move(ends_.second), soon()};
        const auto account = find_local_account("ada");
        if (!account) return 90;
        PasswordChangeRequest request{*account, "", "", 8, {}, {}};
        request.still_eligible = [&] {
            const auto now = find_local_account("ada");
            return now && is_unchanged(*account, *now);
        };
        request.about_to_write = [this] { return is_recorded_; };
        return static_cast<int>(change_password(claimant, request).result);
    }

    const bool is_recorded_;
    int answers_ = 0;
    std::pair<Seqpacket, Seqpacket> ends_;
    Forked monitor_;
};

}  // namespace

TEST_CASE("a signal while the password is written ends the monitor after the record") {
    const std::string before = field_of_ada();
    write_stack(line("pam_exec.so quiet " + kPlace + "end_parent"));
    CHECK(Renewal{}.answered_with("a first new one") == static_cast<int>(ActResult::Done));
    CHECK(field_of_ada() != before);
}

TEST_CASE("a signal before the last answer ends the monitor, and nothing is written") {
    // Else the test above would show nothing.
    const std::string before = field_of_ada();
    std::ofstream{"/etc/pam.d/latchkey-password"}
        << line("pam_exec.so quiet " + kPlace + "end_parent") << line(kPlace + "pam_latchkey.so")
        << line("pam_unix.so use_authtok yescrypt") << line(kPlace + "pam_latchkey.so");
    CHECK(Renewal{}.answered_with("a second new one") == 128 + SIGTERM);
    CHECK(field_of_ada() == before);
}

TEST_CASE("a password whose change cannot be recorded is not written, and not asked for again") {
    const std::string before = field_of_ada();
    write_stack("");
    Renewal renewal{false};
    CHECK(renewal.answered_with("never to be written") == static_cast<int>(ActResult::Failed));
    CHECK(renewal.answers() == 2);  // the password and its repetition
    CHECK(field_of_ada() == before);
}

TEST_CASE("an account that is locked after the hand-over is refused at the next question") {
    const std::string before = field_of_ada();
    write_stack(line("pam_exec.so quiet " + kPlace + "lock_ada") + "password requisite " + kPlace +
                "pam_asks_later.so\n");
    CHECK(Renewal{}.answered_with("a third new one") == static_cast<int>(ActResult::NotEligible));
    CHECK(field_of_ada() == "!" + before);
}

TEST_CASE(
    "a stack that writes although its question was refused has changed the row, and is told so") {
    must_unlock();
    const std::string before = field_of_ada();
    write_stack(line("pam_exec.so quiet " + kPlace + "lock_ada") +
                line(kPlace + "pam_asks_later.so"));
    CHECK(Renewal{}.answered_with("a fourth new one") == static_cast<int>(ActResult::InPart));
    CHECK(field_of_ada() != before);
}
