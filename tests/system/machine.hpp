// SPDX-License-Identifier: MIT
//
// The machine a system test has to itself: real accounts, real login, real sshd,
// the built packages installed and nothing set up. It lives in scripts/sandbox
// and refuses to be made anywhere else. A test reads as the person's evening:
//
//   TEST_CASE("a forgotten password is changed at the console") {
//       Machine machine;
//       machine.add_account("ada", "old horse battery");
//       machine.set_up();                                // latchkey setup --yes, file channel
//       machine.enroll_email("ada", "ada@example.org");
//       Terminal login = machine.console("ada");
//       login.expect("Password: ");
//       login.send_line("");
//       login.expect("go back): ");
//       login.send_line("1");                            // ... choose, and wait for the code
//       login.send_line(machine.next_message().code());
//       ...
//       CHECK(machine.signed_in(login, "ada"));
//   }
//
// See ssh_server.hpp for sshd, mail_server.hpp for SMTP, one_time_codes.hpp for
// authenticator apps. Waits have deadlines and throw with the transcript; a test
// that is not about a limit calls widen_limits().
#pragma once

#include <sys/types.h>

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/terminal.hpp"
#include "tests/system/comes_true.hpp"
#include "tests/system/log_sink.hpp"

namespace latchkey {

// One message the file channel delivered.
struct DeliveredMessage {
    std::string path;
    std::string text;  // the whole file
    // The code in it, as the person reads it ("1234 5678"). Throws if there is none.
    [[nodiscard]] std::string code() const;
};

class Machine {
public:
    static constexpr std::chrono::seconds default_deadline{20};

    Machine();   // throws outside a sandbox
    ~Machine();  // prints the log of a case that ends by an exception
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    // ---- accounts
    void add_account(const std::string& name, const std::string& password,
                     const std::vector<std::string>& groups = {});
    void set_password(const std::string& name, const std::string& password);
    // The password field of shadow.
    [[nodiscard]] std::string password_field(const std::string& name) const;
    // Whether crypt(3) of `password` is what shadow has.
    [[nodiscard]] bool password_is(const std::string& name, const std::string& password) const;

    // ---- latchkey
    // Widened limits, messages to files, `latchkey setup --yes`. Settings written
    // before it (configure) are kept.
    void set_up();
    void run_setup();  // the command alone
    // Adds `toml` to the settings, as latchkey.d/NAME.toml.
    void configure(std::string_view toml, const std::string& name = "60-case");
    void widen_limits();      // nothing but the subject of the test runs out, and no human check
    void check_humans();      // after set_up: asked as the shipped settings say
    void deliver_to_files();  // method "email" through the file channel
    void enroll_email(const std::string& user, const std::string& address);
    [[nodiscard]] std::string enroll_app(const std::string& user);    // base32 key
    [[nodiscard]] std::string enroll_token(const std::string& user);  // likewise
    [[nodiscard]] std::vector<std::string> new_saved_codes(const std::string& user);

    // The next message not yet returned, oldest first. What is told of ways that root added is
    // passed over, here and below.
    DeliveredMessage next_message(std::chrono::milliseconds within = default_deadline);
    // Those not yet returned, oldest first, without waiting.
    [[nodiscard]] std::vector<DeliveredMessage> take_messages();
    [[nodiscard]] std::vector<DeliveredMessage> waiting_messages() const;  // left untaken
    [[nodiscard]] std::size_t setting_up_messages() const;  // those that are passed over

    // ---- PAM
    // pam_faillock around pam_unix, in the manner of pam_faillock(8). Before or after set_up.
    void use_faillock(unsigned deny = 3, unsigned unlock_time = 600);
    void use_pwquality();  // installs libpam-pwquality from the layer

    // ---- signing in
    // A real login on a terminal of its own, as getty starts it: with the name, or without.
    [[nodiscard]] Terminal console(const std::string& user = {},
                                   const TerminalOptions& options = {});
    // Waits for a shell on `terminal`, has it write its uid and a nonce to a file,
    // and looks who owns the file and what is in it.
    bool signed_in(Terminal& terminal, const std::string& user,
                   std::chrono::milliseconds within = default_deadline);
    // What every daemon and module wrote to syslog so far, oldest first, one line each.
    [[nodiscard]] std::string log() const { return log_.text(); }
    // Waits until `text` stands in the log.
    void expect_log(std::string_view text, std::chrono::milliseconds within = default_deadline);

private:
    LogSink log_;
    std::set<std::string> returned_messages_;
    unsigned nonce_ = 0;
};

// Whether that message tells of a way that root added: nearly every case begins with several,
// each told to those before it.
[[nodiscard]] bool is_of_setting_up(std::string_view text);

// The whole file; empty if it cannot be read.
[[nodiscard]] std::string file_text(const std::string& path);
void write_file(const std::string& path, std::string_view text, mode_t mode = 0644);

}  // namespace latchkey
