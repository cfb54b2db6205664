// SPDX-License-Identifier: MIT
//
// bench_writers DIRECTORY PROCESSES ROUNDS: so many processes at once that do nothing but record
// attempts, each durable before the next, and how long each took: by the store; by plain SQLite
// with an insert of the same row; and by appending a page to a file of one's own and syncing it,
// which is the least that the disk asks for. Turn by turn in one run: the disk may be a shared one.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "adapters/sqlite_store/sqlite_store.hpp"
#include "core/limits.hpp"

namespace {

using namespace latchkey;
using Clock = std::chrono::steady_clock;
using Update = std::function<void()>;

constexpr TimePoint kNow{std::chrono::seconds{1'800'000'000}};
constexpr int kTurns = 5;

[[noreturn]] void give_up(const std::string& what) {
    fprintf(stderr, "%s\n", what.c_str());
    _exit(1);
}

// Milliseconds of every update of every process, shared between them.
class Latencies {
public:
    Latencies(std::size_t processes, std::size_t rounds)
        : rounds_(rounds), bytes_(processes * rounds * sizeof(double)) {
        void* memory =
            ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) give_up("no memory");
        all_ = {static_cast<double*>(memory), processes * rounds};
    }
    ~Latencies() { ::munmap(all_.data(), bytes_); }
    Latencies(const Latencies&) = delete;
    Latencies& operator=(const Latencies&) = delete;

    [[nodiscard]] std::span<double> of(std::size_t process) const {
        return all_.subspan(process * rounds_, rounds_);
    }
    [[nodiscard]] std::span<double> all() const { return all_; }

private:
    std::size_t rounds_;
    std::size_t bytes_;
    std::span<double> all_;
};

// Every process makes its own `update` behind the fork, as a connection must not cross one.
void run_at_once(std::size_t processes, const Latencies& into,
                 const std::function<Update(std::size_t)>& prepare) {
    std::array<int, 2> start{};
    if (::pipe2(start.data(), O_CLOEXEC) != 0) give_up("no pipe");
    std::vector<pid_t> children;
    for (std::size_t i = 0; i < processes; ++i) {
        const pid_t child = ::fork();
        if (child < 0) give_up("no process");
        if (child > 0) {
            children.push_back(child);
            continue;
        }
        ::close(start[1]);
        const Update update = prepare(i);
        char none = 0;
        if (::read(start[0], &none, 1) != 0) give_up("no start");  // all at once, at its end
        for (double& took : into.of(i)) {
            const auto begin = Clock::now();
            update();
            took = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
        }
        _exit(0);
    }
    ::close(start[0]);
    ::close(start[1]);
    for (const pid_t child : children) {
        int status = 0;
        if (::waitpid(child, &status, 0) != child || status != 0) give_up("a writer failed");
    }
}

Update by_store(const std::string& directory, std::size_t process) {
    auto opened = SqliteStore::open(directory + "/store.db");
    if (!opened) give_up(opened.error().detail);
    std::shared_ptr<Store> store = std::move(*opened);
    return [store, process, round = 0]() mutable {
        // Each of another account, as in eight logins, and under all the limits of a code.
        const Attempt attempt{std::to_string(process) + "-" + std::to_string(++round) + ":ada",
                              "console:tty" + std::to_string(process), AttemptKind::Otp, "totp", 0};
        const auto charge = store->charge_attempt(attempt, limits_for(AttemptKind::Otp, {}), kNow);
        if (!charge || !charge->allowed) give_up(charge ? "limited" : charge.error().detail);
    };
}

std::shared_ptr<SQLite::Database> plain_database(const std::string& directory) {
    auto database = std::make_shared<SQLite::Database>(
        directory + "/plain.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 60'000);
    database->exec("PRAGMA journal_mode = WAL");
    database->exec("PRAGMA synchronous = FULL");
    database->exec(
        "CREATE TABLE IF NOT EXISTS attempt (id INTEGER PRIMARY KEY, subject TEXT, source TEXT,"
        " kind INTEGER, method TEXT, recovery INTEGER, at INTEGER, result INTEGER)");
    return database;
}

Update by_plain_sqlite(const std::string& directory) {
    return [database = plain_database(directory)] {
        database->exec(
            "INSERT INTO attempt (subject, source, kind, method, recovery, at, result)"
            " VALUES ('1-1:ada', 'console:tty1', 3, 'totp', 0, 1800000000, 0)");
    };
}

Update by_sync(const std::string& directory, std::size_t process) {
    const std::string path = directory + "/page" + std::to_string(process);
    const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) give_up("cannot write to " + path);
    return [fd] {
        const std::array<char, 4096> page{};
        if (::write(fd, page.data(), page.size()) != static_cast<ssize_t>(page.size()) ||
            ::fdatasync(fd) != 0)
            give_up("cannot sync");
    };
}

struct Spread {
    double half = 0;
    double most = 0;  // 99 of 100
    double worst = 0;
};

Spread spread(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values[values.size() * 99 / 100], values.back()};
}

Spread print(const char* what, const std::vector<double>& values) {
    const Spread found = spread(values);
    printf("%s: median %.2f ms, 99 of 100 within %.2f ms, worst %.2f ms\n", what, found.half,
           found.most, found.worst);
    return found;
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc != 4) return 2;
    const std::string directory = argv[1];
    const std::size_t processes = std::stoull(argv[2]);
    const std::size_t rounds = std::stoull(argv[3]);
    const std::array<std::function<Update(std::size_t)>, 3> ways{
        [&](std::size_t i) { return by_store(directory + "/store", i); },
        [&](std::size_t) { return by_plain_sqlite(directory); },
        [&](std::size_t i) { return by_sync(directory, i); }};
    std::array<std::vector<double>, 3> took;
    for (int turn = 0; turn < kTurns; ++turn) {
        std::filesystem::remove_all(directory);
        std::filesystem::create_directories(directory);
        (void)plain_database(directory);  // eight that set WAL at once would refuse each other
        for (std::size_t way = 0; way < ways.size(); ++way) {
            const Latencies latencies{processes, rounds};
            run_at_once(processes, latencies, ways[way]);
            const auto all = latencies.all();
            took[way].insert(took[way].end(), all.begin(), all.end());
        }
    }
    printf("writers: %zu processes, %zu durable updates each, %d times\n", processes, rounds,
           kTurns);
    const Spread store = print("writers, the store (goal: worst at most 50 ms)", took[0]);
    const Spread plain = print("writers, plain SQLite", took[1]);
    const Spread sync = print("writers, a page appended and synced", took[2]);
    printf("writers, the store's worst: %.2f x plain SQLite's, %.2f x a synced page's\n",
           store.worst / plain.worst, store.worst / sync.worst);
    std::filesystem::remove_all(directory);
    return 0;
}
