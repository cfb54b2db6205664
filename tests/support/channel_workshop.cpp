// SPDX-License-Identifier: MIT
#include "tests/support/channel_workshop.hpp"

#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "adapters/system/seqpacket.hpp"

namespace latchkey {

namespace {

namespace fs = std::filesystem;

constexpr const char* kUserBesideRoot = "nobody";

void must(bool done, const std::string& what) {
    if (!done) throw std::system_error{errno, std::generic_category(), what};
}

void install(const fs::path& from, const fs::path& to, mode_t mode) {
    fs::copy_file(from, to);
    must(::chmod(to.c_str(), mode) == 0, "chmod");
}

// Not below /tmp: every directory above must be closed to others.
std::string fresh_root() {
    std::string name = ::geteuid() == 0 ? "/var/lib/channels-test.XXXXXX"
                                        : LATCHKEY_TEST_BUILD_DIR "/channels-test.XXXXXX";
    must(::mkdtemp(name.data()) != nullptr, name);
    must(::chmod(name.c_str(), 0755) == 0, "chmod");
    return name;
}

}  // namespace

ChannelWorkshop::ChannelWorkshop(const std::vector<std::string>& plugins)
    : root_{fresh_root()}, uid_{::getuid()}, gid_{::getgid()} {
    if (::geteuid() == 0) {
        const passwd* row = ::getpwnam(kUserBesideRoot);
        if (row == nullptr) throw std::runtime_error{"no user nobody"};
        uid_ = row->pw_uid;
        gid_ = row->pw_gid;
    }
    install(LATCHKEY_TEST_CHANNEL_HOST, root_ + "/latchkey-channel-host", 0711);
    for (const std::string& directory : {plugin_directory(), messages_directory()})
        must(::mkdir(directory.c_str(), 0755) == 0, directory);
    must(::chmod(plugin_directory().c_str(), 0755) == 0, "chmod");
    must(::chown(messages_directory().c_str(), uid_, gid_) == 0, "chown");
    for (const std::string& name : plugins)
        install(LATCHKEY_TEST_BUILD_DIR "/channels/" + name + ".so", plugin_file(name), 0644);
}

ChannelWorkshop::~ChannelWorkshop() {
    host_.kill();
    std::error_code ignored;
    fs::remove_all(root_, ignored);
}

std::string ChannelWorkshop::plugin_file(const std::string& name) const {
    return plugin_directory() + "/" + name + ".so";
}

wire::ChannelSetup ChannelWorkshop::setup(const std::string& plugin, Profile profile) const {
    wire::ChannelSetup setup;
    setup.channel = "test";
    setup.plugin = plugin;
    setup.profile = profile;
    return setup;
}

Result<UniqueFd> ChannelWorkshop::start_host(const wire::ChannelSetup& setup,
                                             const std::string& directory) {
    auto ends = Seqpacket::make_pair();
    if (!ends) return std::move(ends).error();
    if (auto sent = ends->first.send_message(setup); !sent) return std::move(sent).error();
    host_ = RunningProgram{{root_ + "/latchkey-channel-host", "--channel-dir", directory},
                           uid_,
                           gid_,
                           std::move(ends->second).take_fd(),
                           group_};
    return std::move(ends->first).take_fd();
}

ProcessChannels ChannelWorkshop::channels(const wire::ChannelSetup& setup) {
    return ProcessChannels{
        [this, &setup](const std::string&) { return start_host(setup, plugin_directory()); }, [] {},
        [&setup](const std::string&) { return std::chrono::seconds{setup.deadline_seconds}; }};
}

Result<wire::ChannelReply> ChannelWorkshop::call(const wire::ChannelSetup& setup,
                                                 const wire::ChannelCall& call) {
    return channels(setup).deliver(setup.channel, call);
}

wire::ChannelCall delivery_to(const std::string& address) {
    wire::ChannelCall call;
    call.verb = wire::ChannelVerb::Deliver;
    call.to = address;
    call.subject = "Your recovery code for example";
    call.text = Secret{"Your recovery code is 4711 0815.\nIt is valid for 10 minutes.\n"};
    call.message_id = "1f0c7f3e-0001";
    return call;
}

}  // namespace latchkey
