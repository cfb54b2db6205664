// SPDX-License-Identifier: MIT
//
// Probes through a real channel host: a plugin is asked whether its service would take
// a message, and none is sent.
#include <sys/stat.h>

#include <filesystem>
#include <map>

#include "tests/support/catch.hpp"
#include "tests/support/channel_workshop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/smtp_peer.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = std::map<std::string, std::string>;

struct Probing {
    explicit Probing(const std::string& plugin, Profile profile = Profile::Network)
        : workshop{{plugin}}, setup{workshop.setup(plugin, profile)} {}

    void use(const Options& options, std::string_view secret = {}) {
        setup.options.assign(options.begin(), options.end());
        setup.secret = Secret{secret};
    }
    Result<wire::ChannelReply> try_probe() { return workshop.channels(setup).probe("test"); }
    ChannelOutcome probe() {
        auto reply = try_probe();
        if (!reply) throw std::runtime_error{reply.error().detail};
        said = reply->for_log;
        return reply->outcome;
    }

    ChannelWorkshop workshop;
    wire::ChannelSetup setup;
    std::string said;
};

// A plugin without the function, as the header of an earlier day made it.
void build_plugin(const ChannelWorkshop& workshop, const std::string& size) {
    const std::string source =
        "#include <latchkey/plugin.h>\n"
        "static void deliver(const latchkey_host_v1*, const latchkey_message_v1*,"
        " latchkey_result_v1* r) { r->outcome = LATCHKEY_ACCEPTED; }\n"
        "static void probe(const latchkey_host_v1*, latchkey_result_v1* r)"
        " { r->outcome = LATCHKEY_ACCEPTED; }\n"
        "static const latchkey_plugin_table_v1 table = {" +
        size +
        ", LATCHKEY_ABI, LATCHKEY_DELIVERY, 0, \"1\", deliver, 0, probe};\n"
        "LATCHKEY_EXPORT = &table;\n";
    must_run({"c++", "-std=c++20", "-shared", "-fPIC", "-I", LATCHKEY_TEST_PLUGIN_HEADERS, "-x",
              "c++", "-", "-o", workshop.plugin_file("built")},
             source);
    ::chmod(workshop.plugin_file("built").c_str(), 0644);
}

std::size_t files_in(const std::string& directory) {
    namespace fs = std::filesystem;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{directory}, fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("a mail server that is there is found so, and gets no mail", "[probe]") {
    Probing probing{"email"};
    // A server that refuses every recipient is there as well: a probe names none.
    const std::string mode =
        GENERATE(as<std::string>{}, "plain", "reply:RCPT:550 5.1.1 no such user",
                 "reply:RCPT:451 4.7.1 come back later");
    CAPTURE(mode);
    const SmtpPeer peer{mode};
    probing.use({{"port", peer.port()}, {"from", "help@example.org"}});
    CHECK(probing.probe() == ChannelOutcome::Accepted);
    CHECK(peer.received().empty());
}

TEST_CASE("a probe takes the same TLS and the same login as a message", "[probe]") {
    Probing probing{"email"};
    const auto [name, address] = loopback_name();
    const auto certificates = make_certificates(probing.workshop.root(), "right", name);
    const auto strange = make_certificates(probing.workshop.root(), "strange", name);
    const SmtpPeer peer{"auth", certificates, address};
    Options options{{"server", name},    {"port", peer.port()},
                    {"tls", "starttls"}, {"ca_file", certificates.ca},
                    {"user", "mailer"},  {"from", "latchkey@example.org"}};

    probing.use(options, "correct horse");
    CHECK(probing.probe() == ChannelOutcome::Accepted);
    probing.use(options, "wrong password");
    CHECK(probing.probe() == ChannelOutcome::Misconfigured);
    CHECK(probing.said.find("wrong password") == std::string::npos);
    options["ca_file"] = strange.ca;
    probing.use(options, "correct horse");
    CHECK(probing.probe() == ChannelOutcome::Misconfigured);
    CHECK(peer.received().empty());
}

TEST_CASE("a mail server that refuses, resets or is not there would take no message", "[probe]") {
    Probing probing{"email"};
    const std::string mode = GENERATE("not-now", "not-you", "reset");
    CAPTURE(mode);
    std::string port;
    {
        const SmtpPeer peer{mode};
        port = peer.port();
        probing.use({{"port", port}, {"from", "a@example.org"}});
        CHECK(probing.probe() != ChannelOutcome::Accepted);
    }
    CHECK(probing.probe() == ChannelOutcome::NotTaken);  // nobody listens there any more
}

TEST_CASE("a probe of a mail server that hangs ends at the channel's deadline", "[probe]") {
    Probing probing{"email"};
    probing.setup.deadline_seconds = 1;
    const std::string mode = GENERATE("mute", "endless-greeting", "garbage");
    CAPTURE(mode);
    const SmtpPeer peer{mode};
    probing.use({{"port", peer.port()}, {"from", "a@example.org"}});
    const auto before = std::chrono::steady_clock::now();
    const auto reply = probing.try_probe();
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{3});
    if (reply)
        CHECK(reply->outcome == ChannelOutcome::Temporary);
    else
        CHECK(reply.error().kind == ErrorKind::Unavailable);
}

TEST_CASE("the file plugin would take a message where it can make a file, and leaves none",
          "[probe]") {
    Probing probing{"file", Profile::None};
    const std::string directory = probing.workshop.messages_directory();
    CHECK(probing.probe() == ChannelOutcome::Misconfigured);
    probing.use({{"directory", directory}});
    CHECK(probing.probe() == ChannelOutcome::Accepted);
    CHECK(files_in(directory) == 0);
    REQUIRE(::chmod(directory.c_str(), 0555) == 0);
    CHECK(probing.probe() == ChannelOutcome::Temporary);
    probing.use({{"directory", directory + "/absent"}});
    CHECK(probing.probe() == ChannelOutcome::Misconfigured);
}

TEST_CASE("of a plugin whose table has no probe, or ends before it, nothing is known", "[probe]") {
    ChannelWorkshop workshop{{}};
    const auto outcome = [&](const std::string& size) {
        build_plugin(workshop, size);
        auto setup = workshop.setup("built", Profile::None);
        const auto delivered = workshop.call(setup, delivery_to("ada@example.org"));
        REQUIRE(delivered);
        CHECK(delivered->outcome == ChannelOutcome::Accepted);
        const auto probed = workshop.channels(setup).probe("test");
        REQUIRE(probed);
        return probed->outcome;
    };
    CHECK(outcome("sizeof(table)") == ChannelOutcome::Accepted);
    CHECK(outcome("offsetof(latchkey_plugin_table_v1, probe)") == ChannelOutcome::CannotTell);
}

TEST_CASE("a plugin that checks answers is asked for no probe", "[probe]") {
    Probing probing{"totp", Profile::None};
    CHECK(probing.probe() == ChannelOutcome::Misconfigured);
}
