// SPDX-License-Identifier: MIT
//
// One code and several gateways to a telephone: who carries it at a real login, and who does
// not. The gateways are web servers on loopback, and Kannel with its own operator.
#include <algorithm>
#include <regex>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/http_peer.hpp"
#include "tests/support/kannel_peer.hpp"
#include "tests/support/phone_channel.hpp"
#include "tests/system/claimant.hpp"
#include "tests/system/processes.hpp"

namespace latchkey {
namespace {

constexpr const char* kKannelSecret = "/etc/latchkey/secrets/kannel";
constexpr const char* kVonageSecret = "/etc/latchkey/secrets/vonage";

std::string web_gateway(const std::string& name, const HttpPeer& peer, const std::string& more) {
    return "[channel." + name + "]\nplugin = \"sms-http\"\nurl = \"" + peer.url() +
           "/send\"\nbody = \"to={to}&text={text}\"\ndeadline = 3\n" + more;
}

std::string kannel_channel(const KannelPeer& kannel) {
    write_file(kKannelSecret, std::string{kPhoneSecret} + "\n", 0600);
    return "[channel.kannel]\nplugin = \"sms-kannel\"\nurl = \"" + kannel.url() +
           "\"\nuser = \"latchkey\"\nfrom = \"12345\"\nsecret_file = \"" + kKannelSecret + "\"\n";
}

std::string vonage_channel(const HttpPeer& peer) {
    write_file(kVonageSecret, "key-secret\n", 0600);
    return "[channel.vonage]\nplugin = \"sms-vonage\"\nurl = \"" + peer.url() +
           "\"\napi_key = \"abcd1234\"\nfrom = \"latchkey\"\nsecret_file = \"" + kVonageSecret +
           "\"\n";
}

// ada with a telephone, and two web gateways in front of whatever stands in `more`.
struct Gateways : Enrolled {
    HttpPeer first;
    HttpPeer second;

    explicit Gateways(const std::string& mode_of_first = "answers",
                      const std::string& options_of_first = {}, const std::string& more = {},
                      const std::string& channels = R"("first", "second")")
        : first{mode_of_first} {
        machine.configure("phone_country = \"+49\"\n" +
                              web_gateway("first", first, options_of_first) +
                              web_gateway("second", second, "") + more +
                              "[method.sms]\nchannels = [" + channels + "]\n",
                          "50-gateways");
        must_run({"latchkey", "enroll", "ada", "sms", "0170 1234567"});
    }
    // A login at the console up to the question for the code in the text message.
    [[nodiscard]] Terminal asks_for_a_code() {
        Terminal login = machine.console("ada");
        ask_for_recovery(login);
        choose(login, "Text my mobile phone that ends in 67");
        login.expect("type the complete phone number that ends in 67: ");
        login.send_line("0170 1234567");
        login.expect("a text message with a code is on its way.");
        return login;
    }
};

std::string code_in(const ReceivedRequest& request) {
    return texted_code(request.form().at("text").get<std::string>());
}

// Waits until the gateway was asked so many times.
void expect_requests(const HttpPeer& peer, std::size_t number) {
    if (!comes_true([&] { return peer.received().size() >= number; }))
        throw std::runtime_error(std::to_string(peer.received().size()) + " requests, not " +
                                 std::to_string(number));
}

}  // namespace

TEST_CASE("a code that two gateways refuse arrives by the third, once") {
    const KannelPeer kannel;
    const HttpPeer vonage;
    // 7: the number is barred.
    vonage.answer({.status = 200, .body = R"({"messages":[{"status":"7"}]})"});
    Gateways host{"answers", "", vonage_channel(vonage) + kannel_channel(kannel),
                  R"("first", "vonage", "kannel")"};
    host.first.answer({.status = 401});
    Terminal login = host.asks_for_a_code();
    const auto messages = kannel.messages();
    REQUIRE(messages.size() == 1);
    CHECK(messages.front().starts_with("12345 +491701234567 text "));
    const std::string code = texted_code(messages.front());
    CHECK(code_in(host.first.only_request()) == code);
    CHECK(texted_code(vonage.only_request().json().at("text").get<std::string>()) == code);
    for (const char* outcome : {"could not hand over a message outcome=misconfigured channel=first",
                                "could not hand over a message outcome=permanent channel=vonage",
                                "handed over a message outcome=accepted channel=kannel"})
        host.machine.expect_log(outcome);
    type_code(login, code);
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
    CHECK(host.machine.password_is("ada", new_password));
    CHECK(latchkey_comes_to_rest());
    const auto all = kannel.messages();  // with the notice
    CHECK(std::count_if(all.begin(), all.end(), [&](const std::string& message) {
              return message.find(code) != std::string::npos;
          }) == 1);
    CHECK(host.machine.log().find("1701234567") == std::string::npos);
}

TEST_CASE("the administrator's test message goes to the operator, and each step is told") {
    const KannelPeer kannel;
    const Gateways host{"answers", "", kannel_channel(kannel), R"("kannel")"};
    const Completed told = run_command({"latchkey", "test", "kannel", "--to", "+491701234567"});
    INFO(told.out << told.err);
    CHECK(told.status == 0);
    CHECK(std::regex_match(told.out,
                           std::regex{"STEP +RESULT +WHAT *\n"
                                      "settings +read +plugin sms-kannel, profile network *\n"
                                      "probe +works.*\n"
                                      "message +accepted.*\n"}));
    const auto messages = kannel.messages();
    REQUIRE(messages.size() == 1);
    CHECK(messages.front().starts_with("12345 +491701234567 text Test message of latchkey on "));
    CHECK(messages.front().ends_with(". There is nothing to do."));
}

TEST_CASE("a gateway that took a code and said nothing keeps it from the others") {
    Gateways host{"mute"};
    host.machine.configure("[limits]\nsends_per_minute = 1\n", "80-one-a-minute");
    Terminal login = host.asks_for_a_code();
    host.machine.expect_log("could not hand over a message outcome=temporary channel=first");
    // It may have sent: the send is used up, and only the same code comes again.
    login.expect("Code: ");
    login.send_line("r");
    login.expect("a newer code will come.");
    expect_requests(host.first, 2);
    const auto requests = host.first.received();
    CHECK(code_in(requests[0]) == code_in(requests[1]));
    CHECK(host.second.received().empty());
    CHECK(host.machine.log().find("channel=second") == std::string::npos);
    type_code(login, code_in(requests[0]));
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

TEST_CASE("a channel whose budget is used up leaves the next code to the next channel") {
    Gateways host{"answers", "per_hour = 1\n"};
    Terminal earlier = host.asks_for_a_code();
    expect_requests(host.first, 1);
    earlier.hang_up();
    Terminal login = host.asks_for_a_code();
    expect_requests(host.second, 1);
    host.machine.expect_log("the budget of a channel is used up channel=first limit=per_hour");
    const auto told = nlohmann::json::parse(run_command({"latchkey", "channels", "--json"}).out);
    const auto& rows = told.at("channels");
    const auto row = std::find_if(rows.begin(), rows.end(), [](const nlohmann::json& each) {
        return each.at("channel") == "first";
    });
    REQUIRE(row != rows.end());
    CHECK(row->at("hour") == nlohmann::json{{"limit", 1}, {"used", 1}, {"left", 0}});
    type_code(login, code_in(host.second.only_request()));
    choose_password(login, new_password);
    CHECK(host.machine.signed_in(login, "ada"));
}

}  // namespace latchkey
