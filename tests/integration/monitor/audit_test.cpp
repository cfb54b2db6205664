// SPDX-License-Identifier: MIT
//
// The audit log under every change that somebody without the master key can make,
// and under a crash between its two writes.
#include <sys/stat.h>

#include <string>
#include <vector>

#include "monitor/audit_log.hpp"
#include "monitor/last_use.hpp"
#include "monitor/login_audit.hpp"
#include "monitor/row_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/evidence.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

const TimePoint kNow{std::chrono::seconds{1'800'000'000}};

AuditEntry entry_about(const std::string& who, TimePoint at = kNow) {
    return {at, "recovery", who, "sshd", "192.0.2.7", "1/2", "email", "refused", "proof=wrong"};
}

struct Logged {
    TemporaryDirectory parent;
    std::string directory = parent.file("acts");
    std::string key_bytes = std::string(Vault::kKeyBytes, 'k');

    [[nodiscard]] AuditLog log() const { return {directory, Secret{key_bytes}}; }
    Result<std::optional<AuditHead>> append(const std::string& who = "ada",
                                            AuditCause cause = AuditCause::Proven,
                                            TimePoint at = kNow) const {
        return log().append(entry_about(who, at), cause);
    }
    void append_many(int count) const {
        for (int i = 0; i < count; ++i) REQUIRE(append("person" + std::to_string(i)));
    }
    [[nodiscard]] std::string text() const { return content_of(directory + "/audit"); }
    [[nodiscard]] std::string anchor() const { return content_of(directory + "/audit.head"); }
    void write(const std::string& text) const { (void)parent.write("acts/audit", text); }
    void write_anchor(const std::string& text) const {
        (void)parent.write("acts/audit.head", text);
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        std::string text = this->text();
        for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
            lines.push_back(text.substr(0, end + 1));
            text.erase(0, end + 1);
        }
        return lines;
    }
    void write_lines(const std::vector<std::string>& lines) const {
        std::string text;
        for (const std::string& line : lines) text += line;
        write(text);
    }
    // What verify says, in one text.
    [[nodiscard]] std::string faults(const std::optional<AuditHead>& elsewhere = {}) const {
        const AuditLog log = this->log();
        const auto check = log.verify(elsewhere);
        if (!check) return check.error().detail;
        std::string text;
        for (const std::string& fault : check->faults()) text += fault + '\n';
        return text;
    }
    [[nodiscard]] std::string notes() const {
        const AuditLog log = this->log();
        const auto check = log.verify({});
        if (!check) return check.error().detail;
        std::string text;
        for (const std::string& note : check->notes()) text += note + '\n';
        return text;
    }
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an audit log that nobody touched is intact, and is root's alone") {
    const Logged logged;
    CHECK(logged.faults().empty());  // none yet
    logged.append_many(5);
    CHECK(logged.faults().empty());
    CHECK(logged.notes().empty());
    CHECK(logged.lines().size() == 5);
    for (const char* name : {"/audit", "/audit.head"}) {
        struct stat facts {};
        REQUIRE(::stat((logged.directory + name).c_str(), &facts) == 0);
        CHECK((facts.st_mode & 07777) == 0600);
    }
}

TEST_CASE("audit verify finds a change of any single byte of the log") {
    const Logged logged;
    logged.append_many(4);
    const std::string before = logged.text();
    std::uint64_t tried = 0;
    std::uint64_t found = 0;
    for (std::size_t at = 0; at < before.size(); ++at) {
        for (const unsigned bit : {0x01U, 0x10U}) {
            std::string changed = before;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ bit);
            logged.write(changed);
            ++tried;
            if (!logged.faults().empty()) ++found;
        }
    }
    CHECK(found == tried);
    evidence("audit verify finds an edit", std::to_string(tried) + " changed bytes",
             std::to_string(tried - found) + " not found");
}

TEST_CASE("audit verify names the record that was changed and not those behind it") {
    const Logged logged;
    logged.append_many(5);
    std::string text = logged.text();
    text.replace(text.find("person2"), 7, "person9");
    logged.write(text);
    CHECK(logged.faults() == "record 3 was changed, or put in the place of another\n");
}

TEST_CASE("audit verify finds every cut and every exchange of records") {
    const Logged logged;
    logged.append_many(6);
    const std::vector<std::string> whole = logged.lines();
    std::uint64_t tried = 0;
    for (std::size_t from = 0; from < whole.size(); ++from) {
        for (std::size_t to = from + 1; to <= whole.size(); ++to) {
            std::vector<std::string> cut = whole;
            cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(from),
                      cut.begin() + static_cast<std::ptrdiff_t>(to));
            logged.write_lines(cut);
            CAPTURE(from, to);
            CHECK(holds(logged.faults(), "missing"));
            ++tried;
        }
        for (std::size_t other = from + 1; other < whole.size(); ++other) {
            std::vector<std::string> exchanged = whole;
            std::swap(exchanged[from], exchanged[other]);
            logged.write_lines(exchanged);
            CAPTURE(from, other);
            CHECK(holds(logged.faults(), "stands behind record"));
            ++tried;
        }
    }
    evidence("audit verify finds a cut, a reordering", std::to_string(tried) + " logs",
             "0 not found");
}

TEST_CASE("audit verify finds a record that was written without the key, and a copied one") {
    const Logged logged;
    logged.append_many(3);
    const auto newest = audit_head_in(logged.anchor().substr(0, logged.anchor().find(' ')));
    REQUIRE(newest);
    const AuditLine forged =
        audit_line(entry_about("eve"), *newest, Secret{std::string(Vault::kKeyBytes, 'x')});
    logged.write(logged.text() + forged.text);
    logged.write_anchor(text_of(forged.after) + " 0 0\n");
    CHECK(holds(logged.faults(), "record 4 was changed"));

    const Logged other;
    other.append_many(3);
    std::vector<std::string> lines = other.lines();
    lines.push_back(lines[1]);
    other.write_lines(lines);
    CHECK(holds(other.faults(), "record 2 stands behind record 3"));
}

TEST_CASE("a cut of the newest records stays visible after more were written") {
    const Logged logged;
    logged.append_many(5);
    std::vector<std::string> lines = logged.lines();
    lines.resize(3);
    logged.write_lines(lines);
    CHECK(holds(logged.faults(), "records 4 to 5 are missing at the end: cut off"));

    REQUIRE(logged.append("later"));
    CHECK(logged.faults() == "records 4 to 5 are missing\n");
    REQUIRE(logged.append("later still"));
    CHECK(logged.faults() == "records 4 to 5 are missing\n");
}

TEST_CASE("a log that was taken away whole is missed, now and later") {
    const Logged logged;
    logged.append_many(3);
    logged.write("");
    CHECK(holds(logged.faults(), "records 1 to 3 are missing at the end"));
    REQUIRE(logged.append("later"));
    CHECK(holds(logged.faults(), "records 1 to 3 are missing"));
}

TEST_CASE("an anchor that is missing, damaged or put back is told, now and later") {
    const Logged logged;
    logged.append_many(2);
    const std::string earlier = logged.anchor();
    logged.append_many(3);
    const std::string newest = logged.anchor();

    logged.write_anchor(earlier);
    CHECK(logged.faults() == "audit.head is older than the log: it was put back\n");
    logged.write_anchor("nonsense");
    CHECK(holds(logged.faults(), "audit.head is missing or unreadable"));
    REQUIRE(logged.append("later"));
    CHECK(holds(logged.faults(), "record 6 was changed, or put in the place of another"));
}

TEST_CASE("log and anchor put back together are found by a head of the system log") {
    const Logged logged;
    logged.append_many(2);
    const std::string text = logged.text();
    const std::string anchor = logged.anchor();
    RecordedEvents events;
    AuditLog log = logged.log();
    REQUIRE(record_audit(log, entry_about("ada"), AuditCause::Proven, events));
    const auto seen = **logged.append();
    CHECK(logged.faults(seen).empty());
    CHECK(events.has("audited event=recovery head=3:"));
    CHECK(events.has(" who=\"ada\" service=\""));
    CHECK(events.has(" outcome=\""));

    logged.write(text);
    logged.write_anchor(anchor);
    CHECK(logged.faults().empty());  // nothing on this host tells
    CHECK(holds(logged.faults(seen), "record 4 is not the one that was given with --head"));
}

TEST_CASE("after a crash between record and anchor the record is genuine, and the log goes on") {
    const Logged logged;
    for (int round = 0; round < 3; ++round) {
        const std::string anchor = round == 0 ? "" : logged.anchor();
        REQUIRE(logged.append());
        // As if the host had stopped before audit.head was replaced.
        if (anchor.empty())
            std::filesystem::remove(logged.directory + "/audit.head");
        else
            logged.write_anchor(anchor);
        CAPTURE(round);
        CHECK(logged.faults().empty());
        CHECK(holds(logged.notes(), "is genuine and not yet anchored: the host stopped"));
        REQUIRE(logged.append());
        CHECK(logged.faults().empty());
        CHECK(logged.notes().empty());
    }
}

TEST_CASE("half a record of a crash is a note, and gone with the next one") {
    const Logged logged;
    logged.append_many(2);
    const std::string whole = logged.text();
    REQUIRE(logged.append("third"));
    const std::string third = logged.text().substr(whole.size());
    std::uint64_t tried = 0;
    for (std::size_t bytes = 1; bytes < third.size(); bytes += 7) {
        const Logged crashed;
        crashed.append_many(2);
        crashed.write(crashed.text() + third.substr(0, bytes));
        CHECK(crashed.faults().empty());
        CHECK(holds(crashed.notes(), "an unfinished record stands at the end"));
        REQUIRE(crashed.append("next"));
        CHECK(crashed.faults().empty());
        CHECK(crashed.lines().size() == 3);
        ++tried;
    }
    CHECK(tried > 10);
}

TEST_CASE("half a record where whole ones are missing is no crash, and stays to be seen") {
    const Logged logged;
    logged.append_many(4);
    std::string text = logged.text();
    text.resize(text.size() - logged.lines()[3].size() - 20);  // within the third
    logged.write(text);
    CHECK(holds(logged.faults(), "records 3 to 4 are missing at the end"));
    REQUIRE(logged.append("later"));
    CHECK(holds(logged.faults(), "line 3 is no record"));
    CHECK(holds(logged.faults(), "records 3 to 4 are missing"));
}

TEST_CASE("processes that write at the same time make one chain") {
    const Logged logged;
    std::vector<Forked> writers;
    for (int writer = 0; writer < 4; ++writer)
        writers.emplace_back([&] {
            for (int i = 0; i < 10; ++i)
                if (!logged.append()) return 1;
            return 0;
        });
    for (Forked& writer : writers) CHECK(writer.wait() == 0);
    CHECK(logged.lines().size() == 40);
    CHECK(logged.faults().empty());
}

TEST_CASE("strangers fill the log to their share of a day, and what was proven comes on top") {
    const Logged logged;
    REQUIRE(logged.append("first", AuditCause::Stranger));
    // The day's share, as if so many had been here.
    const std::string head = logged.anchor().substr(0, logged.anchor().find(' '));
    const auto today = std::chrono::floor<std::chrono::days>(kNow).time_since_epoch().count();
    logged.write_anchor(head + ' ' + std::to_string(today) + ' ' +
                        std::to_string(kStrangersPerDay - 1) + '\n');

    for (int i = 0; i < 5; ++i) REQUIRE(logged.append("stranger", AuditCause::Stranger));
    CHECK(logged.lines().size() == 3);
    CHECK(holds(logged.lines()[2], "\tomitted\t"));
    REQUIRE(logged.append("ada", AuditCause::Proven));
    CHECK(logged.lines().size() == 4);
    const TimePoint tomorrow = kNow + std::chrono::hours{24};
    REQUIRE(logged.append("stranger", AuditCause::Stranger, tomorrow));
    CHECK(logged.lines().size() == 5);
    CHECK(logged.faults().empty());
}

TEST_CASE("a log that others than root may write is not appended to") {
    const Logged logged;
    logged.append_many(1);
    (void)logged.parent.write("acts/audit", logged.text(), 0622);
    CHECK_FALSE(logged.append());
    RecordedEvents events;
    AuditLog log = logged.log();
    CHECK_FALSE(record_audit(log, entry_about("ada"), AuditCause::Proven, events));
    CHECK(events.has("cannot write audit record"));
}

TEST_CASE("what strangers call themselves stays one line and one field of the audit log") {
    const Logged logged;
    AuditEntry entry = entry_about("eve\t\n%09\x1b[2J");
    entry.rule = std::string("a\0b\r\n", 5);
    REQUIRE(logged.log().append(entry, AuditCause::Proven));
    REQUIRE(logged.lines().size() == 1);
    const std::string line = logged.lines().front();
    const auto row = audit_row_in(line.substr(0, line.size() - 1));
    REQUIRE(row);
    CHECK(row->entry.who == entry.who);
    CHECK(row->entry.rule == entry.rule);
    CHECK(logged.faults().empty());
}

TEST_CASE("the last use of an account is its newest recovery or unlock, and nobody else's") {
    const Logged logged;
    const auto append = [&logged](std::string who, const char* event, const char* outcome, int at) {
        AuditEntry entry = entry_about(who, kNow + std::chrono::seconds{at});
        entry.event = event;
        entry.outcome = outcome;
        REQUIRE(logged.log().append(entry, AuditCause::Proven));
    };
    CHECK(last_use_of("ada", last_uses_in(logged.log())).is_null());
    append("ada", "recovery", "recovered", 1);
    append("ada", "recovery", "unlocked", 2);
    append("ada", "recovery", "refused", 3);
    append("ada", "unlocked", "unlocked", 4);  // by root, and no use of a way
    append("ada\trecovery\trecovered", "codes", "new", 5);
    append("bob", "recovery", "recovered", 6);
    const auto uses = last_uses_in(logged.log());
    CHECK(last_use_of("ada", uses) ==
          nlohmann::json{{"at", iso_text(kNow + std::chrono::seconds{2})},
                         {"service", "sshd"},
                         {"outcome", "unlocked"}});
    CHECK(last_use_of("carol", uses).is_null());
}

TEST_CASE("a log that cannot be read is not said to know of no use") {
    const Logged logged;
    (void)logged.append();
    REQUIRE(::chmod((logged.directory + "/audit").c_str(), 0644) == 0);
    CHECK(last_use_of("ada", last_uses_in(logged.log())).contains("error"));
}

TEST_CASE("an unknown name is audited as a keyed hash alone, and an account by its name") {
    const Secret key{std::string(Vault::kKeyBytes, 'k')};
    const Secret other{std::string(Vault::kKeyBytes, 'o')};
    const std::string typed = "my password 1";
    const std::string audited = audited_name(typed, false, key);
    CHECK(audited.size() == 9);
    CHECK(audited[0] == '#');
    CHECK(audited.find_first_not_of("0123456789abcdef", 1) == std::string::npos);
    CHECK(audited == audited_name(typed, false, key));
    CHECK(audited != audited_name(typed, false, other));
    CHECK(audited_name("ada", true, key) == "ada");
}
