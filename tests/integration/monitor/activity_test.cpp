// SPDX-License-Identifier: MIT
//
// What an owner is told of their account, by the root side that they reach over their socket. In a
// sandbox: its files lie where they lie on a host.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/ports/vault.hpp"
#include "monitor/audit_log.hpp"
#include "monitor/keys.hpp"
#include "monitor/paths.hpp"
#include "monitor/serve_user.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recorded_events.hpp"

namespace {

using namespace latchkey;
using namespace std::chrono_literals;

constexpr uid_t kOwner = 1;  // an account of every host
constexpr const char* kName = "daemon";

// A host on which nothing has happened yet.
class Host {
public:
    Host() {
        namespace fs = std::filesystem;
        fs::remove_all(paths::kActs);
        fs::remove_all("/etc/latchkey");
        fs::create_directories(paths::kSettingsDirectory);
        fs::create_directories(paths::kActs);
        ::chmod(paths::kActs, 0700);
        fs::copy_file(LATCHKEY_SOURCE_DIR "/config/latchkey.toml", paths::kSettings);
        std::ofstream{paths::kMasterKey} << std::string(Vault::kKeyBytes, 'k');
        ::chmod(paths::kMasterKey, 0400);
    }

    void happened(const std::string& who, TimePoint at) const {
        AuditEntry entry;
        entry.at = at;
        entry.event = "recovery";
        entry.who = who;
        entry.service = "login";
        entry.source = "tty1";
        entry.outcome = "ended";
        AuditLog audit{paths::kActs, audit_key(Secret{std::string(Vault::kKeyBytes, 'k')})};
        REQUIRE(audit.append(entry, AuditCause::Proven));
    }

    // The times of what the owner is told, newest first.
    std::vector<std::string> activity(TimePoint since) {
        auto ends = Seqpacket::make_pair();
        REQUIRE(ends);
        wire::UserRequest request;
        request.verb = wire::UserVerb::Activity;
        request.since = since.time_since_epoch().count();
        REQUIRE(ends->first.send_message(request));
        serve_user(std::move(ends->second), kOwner, clock, log);
        std::vector<std::string> times;
        for (;;) {
            const auto reply = ends->first.receive_message<wire::AdminReply>(
                std::chrono::steady_clock::now() + 20s);
            REQUIRE(reply);
            REQUIRE(reply->error.empty());
            if (reply->last) return times;
            const auto row = nlohmann::json::parse(reply->json.reveal());
            CHECK(row.at("who") == kName);
            times.push_back(row.at("at").get<std::string>());
        }
    }

    FakeClock clock;
    RecordedEvents log;
};

}  // namespace

TEST_CASE("activity since a date leaves out what was before, and shows what was then and after") {
    Host host;
    const TimePoint date = FakeClock::kStart - 72h;
    host.happened(kName, date - 1s);
    host.happened(kName, date);
    host.happened("somebody", date + 1s);
    host.happened(kName, date + 24h);
    CHECK(host.activity(date) ==
          std::vector<std::string>{"2027-01-13T08:00:00Z", "2027-01-12T08:00:00Z"});
    CHECK(host.activity(date + 1s) == std::vector<std::string>{"2027-01-13T08:00:00Z"});
    CHECK(host.activity(date + 25h).empty());
    CHECK(host.activity(TimePoint{}).size() == 3);
    CHECK_FALSE(host.log.has_alarm());
}
