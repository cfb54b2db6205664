// SPDX-License-Identifier: MIT
#include "channel_host/connect_ports.hpp"

#include "tests/support/catch.hpp"

namespace {

using latchkey::connect_ports;
using Options = std::vector<std::pair<std::string, std::string>>;
using Ports = std::vector<std::uint16_t>;

Ports ports_with(const Options& options) {
    latchkey::wire::ChannelSetup setup;
    setup.options = options;
    return connect_ports(setup);
}

const Ports kUsual{25, 465, 587, 443};

}  // namespace

TEST_CASE("a channel connects to the port of its url") {
    CHECK(ports_with({{"url", "https://gateway.example.org/send"}}) == Ports{443});
    CHECK(ports_with({{"url", "http://127.0.0.1/send"}}) == Ports{80});
    CHECK(ports_with({{"url", "http://127.0.0.1:13013/cgi-bin/sendsms"}}) == Ports{13013});
    CHECK(ports_with({{"url", "https://gateway.example.org:8443"}}) == Ports{8443});
    CHECK(ports_with({{"url", "https://gateway.example.org:8443?to={to}"}}) == Ports{8443});
    CHECK(ports_with({{"url", "https://gateway.example.org/a:1"}}) == Ports{443});
    CHECK(ports_with({{"url", "https://gateway.example.org?a=b:1"}}) == Ports{443});
    CHECK(ports_with({{"url", "https://[2001:db8::1]:8443/"}}) == Ports{8443});
    CHECK(ports_with({{"url", "http://[::1]/"}}) == Ports{80});
}

TEST_CASE("the option port comes before the url") {
    CHECK(ports_with({{"port", "2525"}}) == Ports{2525});
    CHECK(ports_with({{"port", "2525"}, {"url", "https://gateway.example.org/"}}) == Ports{2525});
    CHECK(ports_with({{"url", "https://gateway.example.org/"}, {"port", "2525"}}) == Ports{2525});
}

TEST_CASE("what names no port leaves the usual ones") {
    CHECK(ports_with({}) == kUsual);
    for (const char* url : {"", "gateway.example.org", "https://host:0/", "https://host:65536/",
                            "https://host:/", "https://host:12x/", "https://host:-1/",
                            "ftp://host/", "://", "https://user:secret@host:9/"}) {
        CAPTURE(url);
        CHECK(ports_with({{"url", url}}) == kUsual);
    }
    CHECK(ports_with({{"port", "0"}}) == kUsual);
    CHECK(ports_with({{"port", "25x"}}) == kUsual);
}
