// SPDX-License-Identifier: MIT
//
// bench_import DIRECTORY LATCHKEY CSV ROUNDS: enrolling many people. Of the rows of CSV
// (user,email,address) the store's one transaction, with its audit trail, against plain SQLite
// that inserts the same sealed rows into the same table in one transaction, turn by turn in one
// run; and the whole of `LATCHKEY import csv CSV` against the same. The goal is for plain SQLite
// with the store's pages of 512 bytes, which a check of a code wants (ADR 0026); with the 4,096
// of its own it is faster, and what the small pages cost an import is told as well.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "adapters/sqlite_store/sqlite_store.hpp"

namespace {

using namespace latchkey;
using Clock = std::chrono::steady_clock;

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

template <class Work>
double seconds_of(Work work) {
    const auto begin = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

[[noreturn]] void give_up(const std::string& what) {
    fprintf(stderr, "%s\n", what.c_str());
    exit(1);
}

std::vector<Enrolment> enrolments_of(const std::string& csv) {
    const SodiumVault vault;
    const Secret key{std::string(Vault::kKeyBytes, 'k')};
    std::vector<Enrolment> all;
    std::ifstream in{csv};
    for (std::string line; std::getline(in, line);) {
        const std::string user = line.substr(0, line.find(','));
        const SubjectKey subject = std::to_string(100'000 + all.size()) + ":" + user;
        Contact contact{0, "email", "email:example.org", "", kNow, kNow};
        contact.sealed_address =
            vault.seal(key, contact_binding(subject, contact), line.substr(line.rfind(',') + 1));
        all.push_back({subject,
                       contact,
                       {kNow, "enrolment", subject,
                        "enrolled email u...1 at e....org by import 0123456789abcdef"}});
    }
    return all;
}

double by_store(const std::string& directory, const std::vector<Enrolment>& all) {
    std::filesystem::remove_all(directory);
    auto store = SqliteStore::open(directory + "/store.db");
    if (!store) give_up(store.error().detail);
    return seconds_of([&] {
        if (auto kept = (*store)->enrol_all(all, {}); !kept) give_up(kept.error().detail);
    });
}

double by_plain_sqlite(const std::string& directory, const std::vector<Enrolment>& all,
                       int page_size) {
    std::filesystem::remove_all(directory);
    std::filesystem::create_directory(directory);
    SQLite::Database database{directory + "/plain.db",
                              SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    database.exec("PRAGMA page_size = " + std::to_string(page_size));
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec(
        "CREATE TABLE contact (id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL,"
        " method TEXT NOT NULL, possession TEXT NOT NULL, sealed_address BLOB NOT NULL,"
        " confirmed_at INTEGER NOT NULL, usable_from INTEGER NOT NULL) STRICT");
    database.exec("CREATE INDEX contact_of_subject ON contact (subject)");
    return seconds_of([&] {
        SQLite::Transaction transaction{database};
        SQLite::Statement insert{database,
                                 "INSERT INTO contact (subject, method, possession,"
                                 " sealed_address, confirmed_at, usable_from)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
        for (const Enrolment& each : all) {
            const auto& contact = std::get<Contact>(each.what);
            insert.bindNoCopy(1, each.subject);
            insert.bindNoCopy(2, contact.method);
            insert.bindNoCopy(3, contact.possession);
            insert.bindNoCopy(4, contact.sealed_address.data(),
                              static_cast<int>(contact.sealed_address.size()));
            insert.bind(5,
                        static_cast<std::int64_t>(contact.confirmed_at.time_since_epoch().count()));
            insert.bind(6,
                        static_cast<std::int64_t>(contact.usable_from.time_since_epoch().count()));
            insert.exec();
            insert.reset();
        }
        transaction.commit();
    });
}

double by_command(const std::string& latchkey, std::string csv) {
    for (const char* name : {"store.db", "store.db-wal", "store.db-shm"})
        std::filesystem::remove(std::string{"/var/lib/latchkey/"} + name);
    std::string program = latchkey;
    std::string verb = "import";
    std::string format = "csv";
    std::vector<char*> arguments{program.data(), verb.data(), format.data(), csv.data(), nullptr};
    posix_spawn_file_actions_t quiet;
    ::posix_spawn_file_actions_init(&quiet);
    ::posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const double took = seconds_of([&] {
        pid_t child = 0;
        int status = 0;
        const int started =
            ::posix_spawn(&child, program.c_str(), &quiet, nullptr, arguments.data(), environ);
        if (started != 0 || ::waitpid(child, &status, 0) != child || status != 0)
            give_up("latchkey import failed");
    });
    ::posix_spawn_file_actions_destroy(&quiet);
    return took;
}

void print(const char* what, const std::vector<double>& ours, const std::vector<double>& plain,
           const char* goal) {
    printf("%s: median %.2f s; plain SQLite: median %.2f s; ratio %.2f%s\n", what, median(ours),
           median(plain), median(ours) / median(plain), goal);
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc != 5) return 2;
    const std::string directory = argv[1];
    const std::vector<Enrolment> all = enrolments_of(argv[3]);
    std::vector<double> store;
    std::vector<double> plain;
    std::vector<double> plain_of_own_pages;
    std::vector<double> whole;
    for (int i = 0; i < atoi(argv[4]); ++i) {
        plain.push_back(by_plain_sqlite(directory + "/plain", all, 512));
        plain_of_own_pages.push_back(by_plain_sqlite(directory + "/plain", all, 4096));
        store.push_back(by_store(directory + "/store", all));
        whole.push_back(by_command(argv[2], argv[3]));
    }
    printf("import of %zu rows\n", all.size());
    print("import, the store's part", store, plain, " (at most 2.0)");
    print("import, the store's part, pages of 4,096 for plain SQLite", store, plain_of_own_pages,
          "");
    print("import, the whole command", whole, plain, "");
    return 0;
}
