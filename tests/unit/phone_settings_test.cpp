// SPDX-License-Identifier: MIT
//
// The keys of the channels to telephones: what works is read, and each mistake is named.
#include "tests/support/catch.hpp"
#include "tests/unit/settings_files.hpp"

namespace {

using namespace latchkey;

const std::string kSecret = "secret_file = \"/etc/latchkey/secrets/sms\"\n";
const std::string kAccount = "account = \"AC00000000000000000000000000000001\"\n";

std::string channel(const std::string& plugin, const std::string& keys) {
    return "[channel.phone]\nplugin = \"" + plugin + "\"\n" + keys;
}

const std::string kHttp =
    "url = \"https://sms.example.org/send\"\nbody = \"to={to}&text={text}\"\n";
const std::string kTwilio = kAccount + "from = \"+15005550006\"\n" + kSecret;
const std::string kVonage = "api_key = \"abcd1234\"\nfrom = \"latchkey\"\n" + kSecret;
const std::string kKannel =
    "url = \"http://127.0.0.1:13013/cgi-bin/sendsms\"\nuser = \"latchkey\"\n" + kSecret;
const std::string kSip =
    "profile = \"program\"\ndeadline = 60\nserver = \"pbx.example.org\"\naccount = \"alice\"\n";
const std::string kUdp = "transport = \"udp\"\n";

}  // namespace

TEST_CASE("the channels to telephones are read as they are documented") {
    const SettingsFiles files;
    for (const std::string& text :
         {channel("sms-http", kHttp), channel("sms-twilio", kTwilio),
          channel("sms-twilio", kAccount + kSecret +
                                    "api_key = \"SK00000000000000000000000000000002\"\n"
                                    "messaging_service = \"MG00000000000000000000000000000003\"\n"),
          channel("voice-twilio", kTwilio + "key_press_url = \"https://handler.example.org/a\"\n"),
          channel("sms-vonage", kVonage), channel("sms-kannel", kKannel),
          channel("sms-kannel", kKannel + "from = \"12345\"\nsmsc = \"one\"\n"),
          channel("sms-http", kHttp +
                                  "user = \"desk\"\nmethod = \"POST\"\n"
                                  "header_1 = \"X-Key: {secret}\"\nsuccess_status = 202\n"
                                  "content_type = \"application/json\"\n"
                                  "success_pattern = \"OK*id\"\n" +
                                  kSecret),
          channel("voice-sip", kSip + kUdp), channel("voice-sip", kSip + kUdp + kSecret),
          channel("voice-sip", kSip + "ca_file = \"/etc/ssl/certs/pbx.pem\"\nport = 5061\n"
                                      "from = \"+493012345\"\nprefix = \"00\"\n"
                                      "voice = \"de+f3\"\ngreeting = \"Ihr Code ist:\"\n"),
          channel("sms-http", "url = \"http://[::1]:8080/?to={to}&text={text}\"\n")}) {
        CAPTURE(text);
        CHECK(files.refusal_of(text) == "");
    }
}

TEST_CASE("a mistake in a channel to telephones is named with its key and a mend") {
    const SettingsFiles files;
    struct Row {
        std::string text;
        std::string key;
    };
    const auto row = GENERATE(values<Row>({
        {channel("voice-sip", kSip), "ca_file"},
        {channel("voice-sip", kSip + kUdp + "voice = \"../de\"\n"), "voice"},
        {channel("voice-sip", kSip + kUdp + "prefix = \"(0)\"\n"), "prefix"},
        {channel("voice-sip", kSip + kUdp + "from = \"a;b\"\n"), "from"},
        {channel("voice-sip", kSip + "transport = \"sctp\"\n"), "transport"},
        {channel("voice-sip", "profile = \"program\"\ndeadline = 60\naccount = \"a\"\n" + kUdp),
         "server"},
        {channel("voice-sip", "deadline = 60\nserver = \"pbx\"\naccount = \"a\"\n" + kUdp),
         "profile"},
        {channel("voice-sip", "profile = \"program\"\nserver = \"pbx\"\naccount = \"a\"\n" + kUdp),
         "deadline"},
        {channel("sms-http", "body = \"to={to}&text={text}\"\n"), "url"},
        {channel("sms-http", kHttp + "method = \"PUT\"\n"), "method"},
        {channel("sms-http", kHttp + "header_1 = \"none\"\n"), "header_1"},
        {channel("sms-http", kHttp + "header_10 = \"A: b\"\n"), "header_10"},
        {channel("sms-http", kHttp + "success_status = \"2xx\"\n"), "success_status"},
        {channel("sms-http", kHttp + "success_status = 302\n"), "success_status"},
        {channel("sms-http", kHttp + "ca_file = \"ca.pem\"\n"), "ca_file"},
        {channel("sms-http", kHttp + "user = \"desk\"\n"), "secret_file"},
        {channel("sms-http", kHttp + "header_1 = \"X-Key: {secret}\"\n"), "secret_file"},
        {channel("sms-http", kHttp + "profile = \"none\"\n"), "profile"},
        {channel("sms-http", kHttp + "port = 443\n"), "port"},
        {channel("sms-twilio", "from = \"latchkey\"\n" + kSecret), "account"},
        {channel("sms-twilio", kAccount + kSecret), "from"},
        {channel("sms-twilio",
                 kTwilio + "messaging_service = \"MG00000000000000000000000000000003\"\n"),
         "from"},
        {channel("sms-twilio", kTwilio + "key_press_url = \"https://a.example\"\n"),
         "key_press_url"},
        {channel("sms-twilio", kAccount + "from = \"latchkey\"\n"), "secret_file"},
        {channel("voice-twilio", kAccount + "from = \"latchkey\"\n" + kSecret), "from"},
        {channel("voice-twilio", kTwilio + "key_press_url = \"http://127.0.0.1/\"\n"),
         "key_press_url"},
        {channel("sms-vonage", "from = \"latchkey\"\n" + kSecret), "api_key"},
        {channel("sms-vonage", kVonage + "from = \"a name that is too long\"\n"), ""},
        {channel("sms-kannel", "user = \"latchkey\"\n" + kSecret), "url"},
        {channel("sms-kannel", "url = \"http://127.0.0.1:13013/x?a=b\"\nuser = \"u\"\n" + kSecret),
         "url"},
    }));
    CAPTURE(row.text);
    const std::string sentence = files.refusal_of(row.text);
    CAPTURE(sentence);
    CHECK_FALSE(sentence.empty());
    if (!row.key.empty())
        CHECK(sentence.find("channel.phone." + row.key + ": ") != std::string::npos);
    CHECK(sentence.find("; ") != std::string::npos);
}

TEST_CASE("a gateway's address is https, or http on this host, and nothing else") {
    const SettingsFiles files;
    const std::string url = GENERATE(
        "http://sms.example.org/", "http://192.0.2.1/", "ftp://127.0.0.1/", "sms.example.org",
        "https://", "https://user@sms.example.org/", "https://{to_digits}.example.org/",
        "https://sms.example.org:port/", "https://sms.example.org:/", "https://a b/",
        "https://sms.example.org/#x", "http://localhost.example.org/");
    CAPTURE(url);
    const std::string sentence =
        files.refusal_of(channel("sms-http", "url = \"" + url + "\"\nbody = \"{to}{text}\"\n"));
    CHECK(sentence.find("channel.phone.url: is not possible") != std::string::npos);
}

TEST_CASE("a channel to a telephone carries to telephones alone") {
    const SettingsFiles files;
    const std::string to_telephones =
        GENERATE(channel("sms-kannel", kKannel), channel("voice-sip", kSip + kUdp));
    const auto method = [&](const std::string& medium) {
        return "[method.handy]\nlabel = \"Reach me\"\nchannels = [\"phone\"]\n" + medium +
               to_telephones;
    };
    for (const char* medium : {"", "medium = \"other\"\n", "medium = \"email\"\n"})
        CHECK(files.refusal_of(method(medium)).find("carries other addresses") !=
              std::string::npos);
    for (const char* medium : {"medium = \"text\"\n", "medium = \"call\"\n"}) {
        files.write_main(method(medium));
        CHECK(files.read().has_value());
    }
}

TEST_CASE("no channel to a telephone checks the code of an app") {
    const SettingsFiles files;
    const std::string sentence = files.refusal_of(
        "[method.phone]\nlabel = \"Text me\"\nkind = \"verification\"\nchannels = [\"phone\"]\n" +
        channel("sms-kannel", kKannel));
    CHECK(
        sentence.find("method.phone.channels: names a channel whose plugin does something else") !=
        std::string::npos);
}

TEST_CASE("a channel that a method of telephones names has a budget, without being told") {
    const SettingsFiles files;
    const auto budget = [&files](const std::string& keys, const std::string& medium) {
        files.write_main("[channel.phone]\nplugin = \"exec-like\"\n" + keys +
                         "[method.x]\nlabel = \"X\"\nmedium = \"" + medium +
                         "\"\nchannels = [\"phone\"]\n");
        const ChannelBudget found = files.read().value().channels.at("phone").budget;
        return std::pair{found.per_hour, found.per_day};
    };
    for (const char* medium : {"text", "call"}) {
        CHECK(budget("", medium) == std::pair{60U, 200U});
        CHECK(budget("per_hour = 5\n", medium) == std::pair{5U, 200U});
        CHECK(budget("per_day = 30\n", medium) == std::pair{30U, 30U});
        CHECK(budget("per_hour = 500\nper_day = 500\n", medium) == std::pair{500U, 500U});
    }
    for (const char* medium : {"email", "other"}) {
        CHECK(budget("", medium) == std::pair{0U, 0U});
        CHECK(budget("per_hour = 500\n", medium) == std::pair{500U, 0U});
    }
}

TEST_CASE("a budget that is none, or contradicts itself, is refused") {
    const SettingsFiles files;
    const std::string method = "[method.sms]\nchannels = [\"phone\"]\n";
    struct Row {
        std::string keys;
        std::string said;
    };
    const auto row = GENERATE(values<Row>({
        {"per_hour = 0\n", "per_hour: is out of bounds; write a number of messages from 1 to"},
        {"per_day = 0\n", "per_day: is out of bounds"},
        {"per_hour = -1\n", "per_hour: is out of bounds"},
        {"per_hour = 10001\nper_day = 100000\n", "per_hour: is out of bounds"},
        {"per_day = 100001\n", "per_day: is out of bounds"},
        {"per_day = \"many\"\n", "per_day: is not a whole number"},
        {"per_hour = 201\n", "per_hour: is more than per_day, which is 200"},
        {"per_hour = 11\nper_day = 10\n", "per_hour: is more than per_day, which is 10"},
    }));
    const std::string text = "[channel.phone]\nplugin = \"modem\"\n" + row.keys + method;
    CHECK(files.refusal_of(text).find("channel.phone." + row.said) != std::string::npos);
}

TEST_CASE("a method of telephones writes to the countries it names, or to that of the host") {
    const SettingsFiles files;
    using Countries = std::vector<std::string>;
    const auto countries = [&files](const std::string& first, const std::string& keys) {
        files.write_main(first + "[channel.modem]\nplugin = \"modem\"\n" +
                         "[method.sms]\nchannels = [\"modem\"]\n" + keys);
        return files.read().value().methods.at("sms").countries;
    };
    const std::string german = "phone_country = \"+49\"\n";
    CHECK(countries("", "").empty());
    CHECK(countries(german, "") == Countries{"+49"});
    CHECK(countries(german, "countries = [\"+43\", \"+1212\"]\n") == Countries{"+43", "+1212"});
    CHECK(countries(german, "countries = [\"any\"]\n").empty());
    // No other method has any.
    files.write_main(german);
    CHECK(files.read().value().methods.at("email").countries.empty());
}

TEST_CASE("countries that are none are refused, and those of a method without telephones") {
    const SettingsFiles files;
    const std::string sms =
        "[channel.modem]\nplugin = \"modem\"\n[method.sms]\nchannels = [\"modem\"]\n";
    const auto value =
        GENERATE(as<std::string>{}, "[]", "\"+49\"", "[\"49\"]", "[\"+\"]", "[\"+049\"]",
                 "[\"any\", \"+49\"]", "[\"+12345678\"]", "[\"+4 9\"]", "[49]");
    CAPTURE(value);
    CHECK(files.refusal_of(sms + "countries = " + value + '\n')
              .find("method.sms.countries: is no list of calling codes") != std::string::npos);
    CHECK(files.refusal_of("[method.email]\ncountries = [\"+49\"]\n")
              .find("method.email.countries: is for methods whose medium is") != std::string::npos);
}
