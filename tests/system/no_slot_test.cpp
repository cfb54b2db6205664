// SPDX-License-Identifier: MIT
//
// More conversations than there are slots: the fifth of a source and the 33rd of
// the host are refused as if recovery were off, whoever asks about whomever.
#include <security/pam_appl.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/system/pam_login.hpp"
#include "tests/system/processes.hpp"
#include "tests/system/town.hpp"

namespace latchkey {
namespace {

constexpr const char* settings = "/etc/latchkey/latchkey.d/99-refused.toml";
constexpr std::chrono::milliseconds default_grid{1000};

// People who stand at the first question of the verifier and do not answer it.
class Occupants {
public:
    ~Occupants() {
        leave_.set_value();
        for (std::thread& thread : threads_) thread.join();
    }
    // Returns when all of them stand there.
    void add(const std::string& service, const std::string& source, std::size_t count) {
        const std::size_t wanted = threads_.size() + count;
        for (std::size_t i = 0; i < count; ++i)
            threads_.emplace_back([this, service, source, name = "q" + std::to_string(i)] {
                PamLogin login(service, name, source);
                login.before_leaving([this] {
                    ++standing_;
                    left_.wait();
                });
                login.run({"", "1"});
            });
        REQUIRE(comes_true([&] { return standing_ == wanted; }, std::chrono::minutes{1}));
        REQUIRE(processes_with_command(login_verifier).size() == wanted);
    }

private:
    std::promise<void> leave_;
    std::shared_future<void> left_ = leave_.get_future().share();
    std::atomic<std::size_t> standing_{0};
    std::vector<std::thread> threads_;
};

// An attempt to begin a recovery, and the Enter that a refusal asks for.
PamLogin begin(const std::string& service, const std::string& name, const std::string& source) {
    PamLogin login(service, name, source);
    login.run({"", "1", ""});
    return login;
}

// What is seen where the host itself refuses recovery to everybody.
std::string refusal_of_the_host(const std::string& service, const std::string& source) {
    write_file(settings, "no_such_key = 1\n");
    const PamLogin login = begin(service, "zoe", source);
    write_file(settings, "");
    return login.transcript();
}

void check_refused(const PamLogin& login, const std::string& refusal) {
    CHECK(login.transcript() == refusal);
    CHECK(login.code() == PAM_AUTH_ERR);
    REQUIRE(login.replies().size() >= 2);
    CHECK(login.replies()[1] >= default_grid);
}

bool is_served(const PamLogin& login) {
    return login.transcript().find("one of your recovery codes: ") != std::string::npos;
}

// Enrolled, not eligible, and nobody.
std::vector<std::string> people_of(Town& town) {
    town.move_in();
    town.enrol();
    return {town.names().front(), "root", "nobody-knows-me", town.names().back() + ' '};
}

}  // namespace

TEST_CASE("the fifth start from one source is refused like everything else, on the grid") {
    Town town(2);
    const auto people = people_of(town);
    const std::string refusal = refusal_of_the_host("sshd", "192.0.2.1");
    REQUIRE(refusal.find("does not work now") != std::string::npos);
    Occupants occupants;
    occupants.add("sshd", "192.0.2.1", 4);
    for (const std::string& name : people) {
        INFO(name);
        check_refused(begin("sshd", name, "192.0.2.1"), refusal);
    }
    CHECK(is_served(begin("sshd", people.front(), "192.0.2.2")));
    evidence("H3 T4 the fifth start from one source",
             "4 conversations held, 4 names: enrolled, root, unknown, misspelled",
             "refused with the bytes, the PAM code and on the grid of a host-wide refusal");
}

TEST_CASE(
    "the 33rd start on a host is refused like everything else, and four are kept for consoles") {
    Town town(2);
    const auto people = people_of(town);
    const std::string refusal = refusal_of_the_host("sshd", "198.51.100.1");
    const std::string refusal_at_console = refusal_of_the_host("login", "");
    Occupants occupants;
    for (int source = 1; source <= 7; ++source)
        occupants.add("sshd", "192.0.2." + std::to_string(source), 4);
    for (const std::string& name : people)
        check_refused(begin("sshd", name, "198.51.100.1"), refusal);
    occupants.add("login", "", 4);
    for (const std::string& name : people) {
        INFO(name);
        check_refused(begin("login", name, ""), refusal_at_console);
        check_refused(begin("sshd", name, "198.51.100.1"), refusal);
    }
    evidence("H3 T4 the 33rd concurrent start", "32 conversations held, 4 names on both surfaces",
             "refused with the bytes, the PAM code and on the grid of a host-wide refusal");
}

}  // namespace latchkey
