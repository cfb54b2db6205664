// SPDX-License-Identifier: MIT
#include "monitor/channel_group.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

Result<gid_t> find_in(const std::string& rows, const std::string& name,
                      const Settings& settings = {}) {
    const TemporaryDirectory directory;
    return find_channel_group(name, settings, directory.write("group", rows));
}

void check_refused(const Result<gid_t>& found, const std::string& name) {
    INFO(name);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::Misconfigured);
    CHECK(found.error().detail.find("group " + name +
                                    " can become root or read latchkey's "
                                    "store; give the channel another one") == 0);
}

}  // namespace

TEST_CASE("a channel's group is found by its name in the host's own file") {
    const auto found = find_in("root:x:0:\nsudo:x:27:\nsmsd:x:118:ada,ben\n", "smsd");
    REQUIRE(found);
    CHECK(*found == 118);
    const auto absent = find_in("root:x:0:\n", "smsd");
    REQUIRE_FALSE(absent);
    CHECK(absent.error().kind == ErrorKind::Misconfigured);
    CHECK(absent.error().detail.find("group smsd is not in ") == 0);
}

TEST_CASE("a channel is given no group that leads to root, under whatever name") {
    for (const std::string& name : Settings{}.privileged_groups)
        check_refused(find_in(name + ":x:4711:\n", name), name);
    check_refused(find_in("smsd:x:0:\n", "smsd"), "smsd");
    check_refused(find_in("smsd:x:27:\nsudo:x:27:\n", "smsd"), "smsd");
    check_refused(find_in("_latchkey:x:998:\n", "_latchkey"), "_latchkey");
    check_refused(find_in("smsd:x:998:\n_latchkey:x:998:\n", "smsd"), "smsd");
    Settings settings;
    settings.privileged_groups.emplace_back("ops");
    check_refused(find_in("ops:x:4711:\n", "ops", settings), "ops");
    CHECK(find_in("ops:x:4711:\n", "ops"));
}
