// SPDX-License-Identifier: MIT
//
// Which files the channel host loads, and which it refuses with one sentence.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "adapters/system/seqpacket.hpp"
#include "plugins/include/latchkey/plugin.h"
#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
namespace fs = std::filesystem;

struct Loading {
    ChannelWorkshop workshop{{"file"}};
    std::string directory = workshop.plugin_directory();

    // The refusal, or an empty text if the plugin was called.
    std::string refusal(const std::string& plugin) {
        auto setup = workshop.setup(plugin, Profile::None);
        setup.options = {{"directory", workshop.messages_directory()}};
        ProcessChannels channels{
            [&](const std::string&) { return workshop.start_host(setup, directory); }, [] {}};
        const auto reply = channels.deliver("test", delivery_to("ada@example.org"));
        if (!reply) throw std::runtime_error{reply.error().detail};
        if (reply->outcome == wire::ChannelOutcome::Accepted) return {};
        REQUIRE(reply->outcome == wire::ChannelOutcome::Misconfigured);
        REQUIRE_FALSE(reply->for_log.empty());
        REQUIRE(reply->for_log.find("/proc/self/fd") == std::string::npos);
        return reply->for_log;
    }
    void check_refused(const std::string& plugin, const std::string& why) {
        INFO(plugin);
        const std::string said = refusal(plugin);
        CAPTURE(said);
        CHECK(said.find(why) != std::string::npos);
    }
    void write(const std::string& plugin, const std::string& bytes) const {
        std::ofstream{workshop.plugin_file(plugin), std::ios::binary} << bytes;
        ::chmod(workshop.plugin_file(plugin).c_str(), 0644);
    }
    // A plugin made of one table: "SIZE, ABI, KIND, 0, version, deliver, verify".
    void build(const std::string& plugin, const std::string& source) const {
        must_run({"c++", "-std=c++20", "-shared", "-fPIC", "-I", LATCHKEY_TEST_PLUGIN_HEADERS, "-x",
                  "c++", "-", "-o", workshop.plugin_file(plugin)},
                 "#include <latchkey/plugin.h>\n" + source);
        ::chmod(workshop.plugin_file(plugin).c_str(), 0644);
    }
};

constexpr const char* kFunction =
    "static void deliver(const latchkey_host_v1*, const latchkey_message_v1*, "
    "latchkey_result_v1* r) { r->outcome = LATCHKEY_ACCEPTED; }\n";

std::string table(const std::string& fields) {
    return kFunction + ("static const latchkey_plugin_table_v1 table = {" + fields +
                        "};\nLATCHKEY_EXPORT = &table;\n");
}

}  // namespace

TEST_CASE("a plugin of root's in directories of root's is loaded", "[plugin file]") {
    Loading loading;
    CHECK(loading.refusal("file").empty());
}

TEST_CASE("a plugin is a plain name in the channel directory", "[plugin file]") {
    Loading loading;
    for (const char* name : {"", ".", "..", "../channels/file", "/etc/passwd", "file.so", "FILE",
                             "fi le", "file\n", "x/y", "%n", "\xc3\xa4"})
        loading.check_refused(name, "is no plugin name");
    loading.check_refused(std::string(65, 'a'), "is no plugin name");
    loading.check_refused(std::string{"file\0x", 6}, "is no plugin name");
    loading.check_refused("absent", "No such file or directory");
}

TEST_CASE("a plugin that others may change is refused", "[plugin file]") {
    Loading loading;
    const std::string file = loading.workshop.plugin_file("file");
    for (const mode_t mode : {0664, 0646, 0666, 0777}) {
        ::chmod(file.c_str(), mode);
        loading.check_refused("file", "may be changed by others");
    }
    ::chmod(file.c_str(), 0644);
    for (const mode_t mode : {0775, 0757, 01777}) {
        ::chmod(loading.directory.c_str(), mode);
        loading.check_refused("file", "may be changed by others");
    }
    ::chmod(loading.directory.c_str(), 0755);
    ::chmod(loading.workshop.root().c_str(), 0777);
    loading.check_refused("file", "may be changed by others");
    ::chmod(loading.workshop.root().c_str(), 0755);
    CHECK(loading.refusal("file").empty());
}

TEST_CASE("a plugin or a directory of another user is refused", "[plugin file]") {
    if (::geteuid() != 0) return;  // only root can give files away
    Loading loading;
    const uid_t other = loading.workshop.channel_uid();
    for (const std::string& path :
         {loading.workshop.plugin_file("file"), loading.directory, loading.workshop.root()}) {
        REQUIRE(::chown(path.c_str(), other, 0) == 0);
        loading.check_refused("file", "is not owned by root");
        REQUIRE(::chown(path.c_str(), 0, 0) == 0);
    }
}

TEST_CASE("no link is followed, to a plugin or to its directory", "[plugin file]") {
    Loading loading;
    fs::create_symlink(loading.workshop.plugin_file("file"), loading.workshop.plugin_file("link"));
    loading.check_refused("link", "symbolic link");
    const std::string real = loading.directory;
    loading.directory = loading.workshop.root() + "/elsewhere";
    fs::create_directory_symlink(real, loading.directory);
    loading.check_refused("file", "symbolic link");
}

TEST_CASE("a channel directory is absolute, plain and there", "[plugin file]") {
    Loading loading;
    const std::string real = loading.directory;
    struct Row {
        std::string directory;
        std::string why;
    };
    for (const Row& row :
         {Row{"channels", "is no absolute path"}, Row{"./channels", "is no absolute path"},
          Row{"", "is no absolute path"}, Row{real + "/../channels", "is no plain path"},
          Row{real + "/absent", "No such file"}, Row{real + "/file.so", "no directory"},
          Row{"/tmp", "may be changed by others"}}) {
        loading.directory = row.directory;
        loading.check_refused("file", row.why);
    }
    loading.directory = real + "//./";
    loading.check_refused("file", "is no plain path");
}

TEST_CASE("a file that is no whole shared object is refused before it is mapped", "[plugin file]") {
    Loading loading;
    const std::string whole = content_of(loading.workshop.plugin_file("file"));
    loading.write("empty", "");
    loading.write("text", "#!/bin/sh\nexit 0\n");
    loading.write("junk", std::string(100000, '\x7f'));
    for (const std::size_t length : {3UL, 63UL, 64UL, 200UL, 1000UL, 4096UL}) {
        loading.write("cut", whole.substr(0, length));
        loading.check_refused("cut", "is no shared object, or was cut short");
    }
    for (const char* name : {"empty", "text", "junk"})
        loading.check_refused(name, "is no shared object, or was cut short");
    fs::create_directory(loading.workshop.plugin_file("directory"));
    loading.check_refused("directory", "is no regular file");
}

TEST_CASE("a plugin that is cut anywhere is loaded or refused, and the host lives to tell",
          "[plugin file]") {
    Loading loading;
    const std::string whole = content_of(loading.workshop.plugin_file("file"));
    std::size_t refused = 0;
    constexpr std::size_t kCuts = 64;
    for (std::size_t i = 0; i < kCuts; ++i) {
        loading.write("cut", whole.substr(0, whole.size() * i / kCuts));
        if (!loading.refusal("cut").empty()) ++refused;
    }
    CHECK(refused > 0);
}

TEST_CASE("a shared object that is no plugin of this ABI is refused", "[plugin file]") {
    Loading loading;
    loading.build("nothing", "extern \"C\" int main_of_nothing() { return 0; }\n");
    loading.check_refused("nothing", "exports no latchkey_plugin_v1");
    loading.build("null", "LATCHKEY_EXPORT = nullptr;\n");
    loading.check_refused("null", "exports no table");
    loading.build("future", table("sizeof(table), 2, LATCHKEY_DELIVERY, 0, \"1\", deliver, 0"));
    loading.check_refused("future", "was built for ABI 2, this host has ABI 1");
    loading.build("short", table("8, LATCHKEY_ABI, LATCHKEY_DELIVERY, 0, \"1\", deliver, 0"));
    loading.check_refused("short", "a table that is too short");
    loading.build("approval",
                  table("sizeof(table), LATCHKEY_ABI, LATCHKEY_APPROVAL, 0, \"1\", deliver, 0"));
    loading.check_refused("approval", "is of a kind that this version does not know");
    loading.build("hollow",
                  table("sizeof(table), LATCHKEY_ABI, LATCHKEY_DELIVERY, 0, \"1\", 0, 0"));
    loading.check_refused("hollow", "lacks its function");
    loading.build("undefined", "extern \"C\" int nowhere(); int x = nowhere();\n");
    loading.check_refused("undefined", "cannot be loaded");
    loading.build(
        "larger",
        table("sizeof(table) + 64, LATCHKEY_ABI, LATCHKEY_DELIVERY, 0, \"1\", deliver, 0"));
    CHECK(loading.refusal("larger").empty());
}

TEST_CASE("the channel host never runs as root", "[plugin file]") {
    if (::geteuid() != 0) return;
    ChannelWorkshop workshop{{"file"}};
    auto ends = Seqpacket::make_pair();
    REQUIRE(ends);
    RunningProgram host{
        {workshop.root() + "/latchkey-channel-host"}, 0, 0, std::move(ends->second).take_fd()};
    CHECK(host.ended_within(std::chrono::seconds{5}) == 1);
}
