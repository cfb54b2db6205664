// SPDX-License-Identifier: MIT
//
// The plugin sms-http in its sandbox: what a gateway gets, byte for byte, and what its answers
// become.
#include "tests/support/http_peer.hpp"
#include "tests/support/phone_channel.hpp"

namespace {

using namespace latchkey;
using wire::ChannelOutcome;
using Options = PhoneChannel::Options;

// A gateway on loopback and a channel to it that works.
struct Gateway {
    ChannelOutcome send(const wire::ChannelCall& call = message_to_phone()) {
        channel.use(options);
        return channel.send(call);
    }

    HttpPeer peer;
    Options options{{"url", peer.url() + "/send"}, {"body", "to={to}&text={text}"}};
    PhoneChannel channel{"sms-http"};
};

}  // namespace

TEST_CASE("a form reaches a gateway in golden form", "[sms-http]") {
    Gateway gateway;
    gateway.options["body"] = "to={to}&d={to_digits}&text={text}&code={code}&from=desk";
    REQUIRE(gateway.send() == ChannelOutcome::Accepted);
    const auto request = gateway.peer.only_request();
    CHECK(request.method == "POST");
    CHECK(request.target == "/send");
    CHECK(request.header("Content-Type") == "application/x-www-form-urlencoded");
    CHECK(request.body ==
          "to=%2B4917012345678&d=4917012345678&text=4711%200815%20is%20your%20recovery%20code%20for"
          "%20example.%20It%20is%20valid%20for%205%20minutes.&code=47110815&from=desk");
    std::vector<std::string> names;
    for (const auto& [name, value] : request.headers) names.push_back(name);
    CHECK(names == std::vector<std::string>{"Host", "User-Agent", "Accept", "Content-Type",
                                            "Content-Length"});
    check_silent(gateway.channel.reply.for_log);
}

TEST_CASE("a query reaches a gateway in golden form", "[sms-http]") {
    Gateway gateway;
    gateway.options = {{"method", "GET"},
                       {"url", gateway.peer.url() + "/s/{to_digits}?key={secret}&text={text}"}};
    auto call = message_to_phone();
    call.short_text = Secret{"100% & more = {to}?#\"<a>+"};
    REQUIRE(gateway.send(call) == ChannelOutcome::Accepted);
    const auto request = gateway.peer.only_request();
    CHECK(request.method == "GET");
    CHECK(request.target ==
          "/s/4917012345678?key=correct%20horse&text=100%25%20%26%20more%20%3D%20%7Bto%7D%3F%23%22"
          "%3Ca%3E%2B");
    CHECK(request.body.empty());
    check_silent(gateway.channel.reply.for_log);
}

TEST_CASE("JSON reaches a gateway in golden form", "[sms-http]") {
    Gateway gateway;
    gateway.options["content_type"] = "application/json";
    gateway.options["body"] = R"({"messages":[{"to":"{to}","body":"{text}"}],"ttl":"{minutes}"})";
    gateway.options["header_1"] = "Authorization: Bearer {secret}";
    gateway.options["header_9"] = "X-Priority: high";
    auto call = message_to_phone();
    call.short_text = Secret{R"(say "no" to \ and {code})"};
    REQUIRE(gateway.send(call) == ChannelOutcome::Accepted);
    const auto request = gateway.peer.only_request();
    CHECK(request.header("Content-Type") == "application/json");
    CHECK(request.header("Authorization") == "Bearer correct horse");
    CHECK(request.header("X-Priority") == "high");
    CHECK(request.body ==
          R"({"messages":[{"to":"+4917012345678","body":"say \"no\" to \\ and {code}"}],)"
          R"("ttl":"5"})");
}

TEST_CASE("XML reaches a gateway in golden form", "[sms-http]") {
    Gateway gateway;
    gateway.options["content_type"] = "text/xml; charset=utf-8";
    gateway.options["body"] = R"(<sms to="{to}"><text>{text}</text></sms>)";
    auto call = message_to_phone();
    call.short_text = Secret{"a</text><to>+490000000000</to>&\"'"};
    REQUIRE(gateway.send(call) == ChannelOutcome::Accepted);
    CHECK(gateway.peer.only_request().body ==
          R"(<sms to="+4917012345678"><text>a&lt;/text&gt;&lt;to&gt;+490000000000&lt;/to&gt;&amp;)"
          R"(&quot;&#39;</text></sms>)");
}

TEST_CASE("a channel with a user signs in by basic authentication", "[sms-http]") {
    Gateway gateway;
    gateway.options["user"] = "desk";
    REQUIRE(gateway.send() == ChannelOutcome::Accepted);
    CHECK(gateway.peer.only_request().header("Authorization") == "Basic ZGVzazpjb3JyZWN0IGhvcnNl");
    check_silent(gateway.channel.reply.for_log);
}

TEST_CASE("a gateway is told how long the message is worth delivering", "[sms-http]") {
    Gateway gateway;
    gateway.options["body"] = "to={to}&text={text}&s={seconds}&m={minutes}";
    REQUIRE(gateway.send() == ChannelOutcome::Accepted);
    const auto form = gateway.peer.only_request().form();
    const int seconds = std::stoi(form.at("s").get<std::string>());
    CHECK(seconds > 240);
    CHECK(seconds <= 300);
    CHECK(form.at("m") == "5");
}

TEST_CASE("a message is sent over verified TLS to a gateway that is reached by its name",
          "[sms-http]") {
    PhoneChannel channel{"sms-http"};
    const auto [name, address] = loopback_name();
    const auto right = make_certificates(channel.workshop.root(), "right", name);
    const auto strange = make_certificates(channel.workshop.root(), "strange", name);
    const auto misnamed = make_certificates(channel.workshop.root(), "misnamed", "other.example");
    const HttpPeer peer{"answers", right, address};
    Options options{
        {"url", peer.url(name)}, {"body", "to={to}&text={text}"}, {"ca_file", right.ca}};
    channel.use(options);
    CHECK(channel.send() == ChannelOutcome::Accepted);
    CHECK(peer.received().size() == 1);

    options["ca_file"] = strange.ca;
    channel.use(options);
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
    options.erase("ca_file");  // the host's own certificates do not know the test's authority
    channel.use(options);
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
    CHECK(peer.received().size() == 1);

    const HttpPeer misnamed_peer{"answers", misnamed, address};
    channel.use({{"url", misnamed_peer.url(name)},
                 {"body", "to={to}&text={text}"},
                 {"ca_file", misnamed.ca}});
    CHECK(channel.send() == ChannelOutcome::Misconfigured);
    CHECK(misnamed_peer.received().empty());
}

TEST_CASE("the answers of a gateway become outcomes", "[sms-http]") {
    Gateway gateway;
    struct Row {
        int status;
        ChannelOutcome outcome;
    };
    const auto row = GENERATE(values<Row>({{200, ChannelOutcome::Accepted},
                                           {202, ChannelOutcome::Accepted},
                                           {301, ChannelOutcome::Misconfigured},
                                           {304, ChannelOutcome::Misconfigured},
                                           {400, ChannelOutcome::Permanent},
                                           {401, ChannelOutcome::Misconfigured},
                                           {403, ChannelOutcome::Misconfigured},
                                           {404, ChannelOutcome::Permanent},
                                           {429, ChannelOutcome::NotTaken},
                                           {500, ChannelOutcome::Temporary},
                                           {503, ChannelOutcome::NotTaken},
                                           {999, ChannelOutcome::Temporary}}));
    CAPTURE(row.status);
    gateway.peer.answer({.status = row.status, .body = "anything"});
    CHECK(gateway.send() == row.outcome);
    CHECK(gateway.channel.reply.for_log.find("HTTP status " + std::to_string(row.status)) !=
          std::string::npos);
}

TEST_CASE("success is what the options say it is", "[sms-http]") {
    Gateway gateway;
    gateway.options["success_status"] = "200,202";
    gateway.options["success_pattern"] = "status*OK";
    gateway.options["permanent_pattern"] = "unknown subscriber";
    struct Row {
        HttpReply reply;
        ChannelOutcome outcome;
    };
    const auto row =
        GENERATE(values<Row>({{{200, "status: OK"}, ChannelOutcome::Accepted},
                              {{202, "a status = OK, id 5"}, ChannelOutcome::Accepted},
                              {{201, "status: OK"}, ChannelOutcome::Temporary},
                              {{200, "status: FAILED"}, ChannelOutcome::Temporary},
                              {{200, ""}, ChannelOutcome::Temporary},
                              {{200, "status: unknown subscriber"}, ChannelOutcome::Permanent},
                              {{200, "status: OK, unknown subscriber"}, ChannelOutcome::Permanent},
                              {{500, "unknown subscriber"}, ChannelOutcome::Permanent},
                              {{403, "status: OK"}, ChannelOutcome::Misconfigured}}));
    CAPTURE(row.reply.status, row.reply.body);
    gateway.peer.answer(row.reply);
    CHECK(gateway.send() == row.outcome);
}

TEST_CASE("nothing is sent to an address that is no phone number", "[sms-http]") {
    Gateway gateway;
    const std::string address =
        GENERATE("", "ada@example.org", "4917012345678", "+49 170 12345678", "+4917012345678&to=+1",
                 "+4917012345678\r\nX: y", "+4917012345678,+4917000000000");
    CHECK(gateway.send(message_to_phone(address)) == ChannelOutcome::Permanent);
    CHECK(gateway.peer.received().empty());
}

TEST_CASE("a notice goes out as text, and not where only a code could be sent", "[sms-http]") {
    Gateway gateway;
    auto notice = message_to_phone();
    notice.code = Secret{};
    notice.short_text = Secret{"Your password on example was changed."};
    CHECK(gateway.send(notice) == ChannelOutcome::Accepted);
    CHECK(gateway.peer.only_request().form().at("text") == "Your password on example was changed.");
    gateway.options["body"] = "to={to}&otp={code}";
    CHECK(gateway.send(notice) == ChannelOutcome::Permanent);
    CHECK(gateway.send() == ChannelOutcome::Accepted);
    CHECK(gateway.peer.received().size() == 2);
}

TEST_CASE("the plugin sms-http names the option that is wrong and asks nobody", "[sms-http]") {
    Gateway gateway;
    struct Row {
        Options options;  // on top of those that work
        std::string named;
    };
    const auto row = GENERATE(values<Row>(
        {{{{"method", "DELETE"}}, "option method "},
         {{{"url", ""}}, "option url "},
         {{{"url", "http://192.0.2.1/"}}, "option url "},
         {{{"url", "https://{to_digits}.example.org/"}}, "option url holds {to_digits} "},
         {{{"body", "to={to}&text={text}&x={number}"}},
          "option body holds the unknown placeholder"},
         {{{"content_type", "text/plain"}}, "option content_type "},
         {{{"content_type", "application/json"}, {"body", "{\"to\":{to_digits},\"t\":\"{text}\"}"}},
          "option body holds {to_digits} "},
         {{{"body", "text={text}"}}, "neither url, body nor a header holds {to}"},
         {{{"body", "to={to}"}}, "neither url, body nor a header holds {text}"},
         {{{"header_1", "no colon"}}, "option header_1 "},
         {{{"header_2", "Host: elsewhere.example"}}, "option header_2 "},
         {{{"header_3", "X-A: b\r\nX-C: d"}}, "option header_3 "},
         {{{"header_4", "X-A: {nothing}"}}, "option header holds the unknown placeholder"},
         {{{"user", "a:b"}}, "option user "},
         {{{"success_status", "200,"}}, "option success_status "},
         {{{"success_status", "302"}}, "option success_status "},
         {{{"success_status", "2xx"}}, "option success_status "},
         {{{"ca_file", "ca.pem"}}, "option ca_file "}}));
    CAPTURE(row.named);
    for (const auto& [key, value] : row.options) gateway.options[key] = value;
    CHECK(gateway.send() == ChannelOutcome::Misconfigured);
    CHECK(gateway.channel.reply.for_log.find(row.named) == 0);
    CHECK(gateway.peer.received().empty());
    check_silent(gateway.channel.reply.for_log);
}

TEST_CASE("a secret that cannot stand where the template wants it is not sent", "[sms-http]") {
    Gateway gateway;
    gateway.options["content_type"] = "application/json";
    gateway.options["body"] = R"({"to":"{to}","text":"{text}","key":"{secret}"})";
    gateway.channel.use(gateway.options, "\xff\xfe");
    CHECK(gateway.channel.send() == ChannelOutcome::Misconfigured);
    gateway.channel.use(gateway.options, "two\nlines");
    CHECK(gateway.channel.send() == ChannelOutcome::Misconfigured);
    gateway.channel.use(gateway.options, "");
    CHECK(gateway.channel.send() == ChannelOutcome::Misconfigured);
    CHECK(gateway.peer.received().empty());
}

TEST_CASE("of a gateway by template no health is known", "[sms-http]") {
    Gateway gateway;
    gateway.channel.use(gateway.options);
    CHECK(gateway.channel.probe() == ChannelOutcome::CannotTell);
    CHECK(gateway.peer.received().empty());
}
