// SPDX-License-Identifier: MIT
#include "monitor/keys.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <string>

#include "adapters/sodium_vault/sodium_vault.hpp"
#include "monitor/account.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

Secret key_of(char byte) {
    return Secret{std::string(32, byte)};
}

void check_refused(const std::string& path) {
    const auto key = read_master_key(path);
    REQUIRE_FALSE(key);
    CHECK(key.error().kind == ErrorKind::Misconfigured);
}

}  // namespace

TEST_CASE("a key file of root alone is read") {
    const TemporaryDirectory directory;
    const std::string bytes = std::string(31, 'k') + '\0';
    const auto key = read_master_key(directory.write("key", bytes, 0400));
    REQUIRE(key);
    CHECK(key->reveal() == bytes);
}

TEST_CASE("a key file of another owner, mode, length or kind is refused") {
    const TemporaryDirectory directory;
    const std::string bytes(32, 'k');
    check_refused(directory.file("absent"));
    check_refused(directory.write("empty", "", 0400));
    check_refused(directory.write("short", bytes.substr(1), 0400));
    check_refused(directory.write("long", bytes + "k", 0400));
    for (const mode_t mode : {0600U, 0440U, 0404U, 0444U, 0500U, 04400U})
        check_refused(directory.write("mode", bytes, mode));
    const std::string owned = directory.write("owner", bytes, 0400);
    REQUIRE(::chown(owned.c_str(), 65534, 0) == 0);
    check_refused(owned);
    REQUIRE(::chown(owned.c_str(), 0, 65534) == 0);
    check_refused(owned);
    check_refused(directory.path());
    check_refused("key");
    check_refused("/key-that-is-not-there");
}

TEST_CASE("a key behind a link, or with a second name, is refused") {
    const TemporaryDirectory directory;
    const std::string key = directory.write("key", std::string(32, 'k'), 0400);
    REQUIRE(::symlink(key.c_str(), directory.file("link").c_str()) == 0);
    check_refused(directory.file("link"));
    REQUIRE(::link(key.c_str(), directory.file("second").c_str()) == 0);
    check_refused(key);
    REQUIRE(::unlink(directory.file("second").c_str()) == 0);
    CHECK(read_master_key(key));
}

TEST_CASE("a FIFO in the key's place does not hold the monitor") {
    const TemporaryDirectory directory;
    REQUIRE(::mkfifo(directory.file("key").c_str(), 0400) == 0);
    check_refused(directory.file("key"));
}

TEST_CASE("a key in a directory that others own or write is refused") {
    const TemporaryDirectory directory;
    const std::string key = directory.write("key", std::string(32, 'k'), 0400);
    for (const mode_t mode : {0720U, 0702U, 01777U}) {
        REQUIRE(::chmod(directory.path().c_str(), mode) == 0);
        check_refused(key);
    }
    REQUIRE(::chmod(directory.path().c_str(), 0755) == 0);
    CHECK(read_master_key(key));
    REQUIRE(::chown(directory.path().c_str(), 65534, 0) == 0);
    check_refused(key);
}

TEST_CASE("a key is made once, with the right owner and mode, and then kept") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("key");
    REQUIRE(make_master_key(path));
    struct stat state {};
    REQUIRE(::lstat(path.c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0400);
    CHECK(state.st_size == 32);
    const auto first = read_master_key(path);
    REQUIRE(first);
    REQUIRE(make_master_key(path));
    CHECK(read_master_key(path)->reveal() == first->reveal());
    const TemporaryDirectory other;
    REQUIRE(make_master_key(other.file("key")));
    CHECK(read_master_key(other.file("key"))->reveal() != first->reveal());
    const auto entries = std::filesystem::directory_iterator{directory.path()};
    CHECK(std::distance(begin(entries), end(entries)) == 1);
}

TEST_CASE("an unusable key is not replaced by a new one") {
    const TemporaryDirectory directory;
    const std::string path = directory.write("key", "old", 0400);
    CHECK_FALSE(make_master_key(path));
    CHECK(content_of(path) == "old");
}

TEST_CASE("of eight processes that make the key at once all get the same one") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("key");
    Signal start;
    std::vector<Forked> makers;
    for (int i = 0; i < 8; ++i)
        makers.emplace_back([&] {
            (void)start.wait();
            if (!make_master_key(path)) return 1;
            const auto key = read_master_key(path);
            return key && key->reveal() == content_of(path) ? 0 : 2;
        });
    start.close_writer();
    for (Forked& maker : makers) CHECK(maker.wait() == 0);
    const auto entries = std::filesystem::directory_iterator{directory.path()};
    CHECK(std::distance(begin(entries), end(entries)) == 1);
}

TEST_CASE("keys differ by subject, by purpose, by master key, and for decoys by name") {
    const Secret master = key_of('m');
    std::set<std::string> keys;
    const auto add = [&](const Secret& key) {
        CHECK(key.size() == Vault::kKeyBytes);
        keys.insert(std::string{key.reveal()});
    };
    add(master);
    add(subject_key(master, "1001:ada", "ada"));
    add(subject_key(master, "1002:bob", "bob"));
    add(subject_key(master, "1001:bob", "bob"));
    add(subject_key(master, "#0042", "eve"));
    add(subject_key(master, "#0042", "mallory"));
    add(subject_key(master, "#0042", ""));
    add(subject_key(key_of('n'), "1001:ada", "ada"));
    add(saved_code_key(master, "1001:ada"));
    add(saved_code_key(master, "1002:bob"));
    add(outbox_key(subject_key(master, "1001:ada", "ada")));
    CHECK(keys.size() == 11);
    CHECK(subject_key(master, "1001:ada", "ada").reveal() ==
          subject_key(master, "1001:ada", "Ada").reveal());
    CHECK(subject_key(master, "#0042", "eve").reveal() ==
          subject_key(master, "#0042", "eve").reveal());
}

TEST_CASE("the outbox key is the one that a verifier derives from its subkey") {
    const Secret subkey = subject_key(key_of('m'), "1001:ada", "ada");
    CHECK(outbox_key(subkey).reveal() == SodiumVault{}.derive(subkey, "outbox").reveal());
}

TEST_CASE("unknown names fall into 4,096 buckets, evenly, and by the key") {
    std::set<std::string> buckets;
    int moved = 0;
    for (int i = 0; i < 20000; ++i) {
        const std::string name = "name" + std::to_string(i);
        const std::string bucket = bucket_of(name, key_of('m'));
        REQUIRE(bucket.size() == 5);
        REQUIRE(bucket.front() == '#');
        REQUIRE(std::stoi(bucket.substr(1)) < 4096);
        buckets.insert(bucket);
        if (bucket != bucket_of(name, key_of('n'))) ++moved;
    }
    CHECK(buckets.size() > 4000);
    CHECK(moved > 19900);
    CHECK(bucket_of("eve", key_of('m')) == bucket_of("eve", key_of('m')));
}
