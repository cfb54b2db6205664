// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "core/printable.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hostile_values.hpp"
#include "tests/unit/settings_files.hpp"

namespace latchkey {

namespace {

// Letters and digits, which name a user or a plugin, or blanks, which say nothing.
bool is_harmless(const std::string& bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == ' ';
    });
}

std::string quoted(const std::string& bytes) {
    std::string text = "\"";
    for (const char c : bytes) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

}  // namespace

TEST_CASE("without any file the shipped settings hold") {
    const auto settings = read_settings("/nonexistent/latchkey.toml", "/nonexistent/latchkey.d");
    REQUIRE(settings.has_value());
    CHECK(as_text(*settings) == as_text(shipped_settings()));
    CHECK(settings->methods.at("email").channels == std::vector<std::string>{"email"});
    CHECK(settings->channels.at("email").options.at("server") == "127.0.0.1");
    CHECK(settings->methods.at("totp").kind == MethodKind::Verification);
    CHECK(settings->methods.at("totp").otp == OtpKind::Time);
    CHECK(settings->channels.at("totp").profile == Profile::None);
}

TEST_CASE("an empty file and a directory without files change nothing") {
    const SettingsFiles files;
    files.write_main("");
    CHECK(as_text(*files.read()) == as_text(shipped_settings()));
}

TEST_CASE("comment lines may be written in any language") {
    const SettingsFiles files;
    files.write_main(
        "# Pr\xc3\xbc"
        "fen \xe2\x80\xae \xff\n  \t# \xd0\xb0\ncode_digits = 7\n# \xc3\xa4");
    const auto settings = files.read();
    REQUIRE(settings.has_value());
    CHECK(settings->code_digits == 7);
}

TEST_CASE("every numeric key is read at both of its bounds and refused beyond them") {
    const SettingsFiles files;
    for (const NumberKey& key : number_keys()) {
        const auto written = [&](const std::string& value) {
            const std::string line = std::string{key.key} + " = " + value + '\n';
            return key.table.empty() ? line : '[' + std::string{key.table} + "]\n" + line;
        };
        INFO(key.name());
        for (const std::uint64_t value : {key.lowest, key.highest}) {
            files.write_main(written(std::to_string(value)));
            const auto settings = files.read();
            REQUIRE(settings.has_value());
            CHECK(key.get(*settings) == value);
        }
        CHECK(key.get(Settings{}) >= key.lowest);
        CHECK(key.get(Settings{}) <= key.highest);
        for (const std::string& value :
             {std::to_string(key.highest + 1), std::to_string(static_cast<long>(key.lowest) - 1),
              std::string{"\"5\""}, std::string{"5.0"}, std::string{"true"}, std::string{"[5]"}}) {
            INFO(value);
            const std::string sentence = files.refusal_of(written(value));
            CHECK(sentence.rfind(
                      files.main_file() + (key.table.empty() ? ":1: " : ":2: ") + key.name() + ": ",
                      0) == 0);
        }
    }
}

TEST_CASE("a delivery of one's own is a method and a channel") {
    const SettingsFiles files;
    files.write_main(
        "[channel.matrix]\nplugin = \"matrix\"\nhomeserver = \"matrix.example.org\"\nport = 8448\n"
        "secret_file = \"/etc/latchkey/secrets/matrix\"\ndeadline = 20\nverify = true\n"
        "[channel.bridge]\nplugin = \"my-bridge\"\n"
        "[method.matrix]\nlabel = \"Write to me on Matrix\"\nchannels = [\"matrix\", \"bridge\"]\n"
        "code_lifetime = 5\n");
    const auto settings = files.read();
    REQUIRE(settings.has_value());
    const ChannelSettings& channel = settings->channels.at("matrix");
    CHECK(channel.profile == Profile::Network);
    CHECK(channel.deadline.count() == 20);
    CHECK(channel.secret_file == "/etc/latchkey/secrets/matrix");
    CHECK(channel.options ==
          std::map<std::string, std::string>{
              {"homeserver", "matrix.example.org"}, {"port", "8448"}, {"verify", "true"}});
    const MethodSettings& method = settings->methods.at("matrix");
    CHECK(method.kind == MethodKind::Delivery);
    CHECK(method.code_lifetime.count() == 5);
    CHECK(method.channels == std::vector<std::string>{"matrix", "bridge"});
    CHECK(settings->methods.count("email") == 1);
    CHECK(method.medium == Medium::Other);
}

TEST_CASE("a recovery contact's code lives a day longer, unless the host says otherwise") {
    const SettingsFiles files;
    const std::string gateway = "[channel.gateway]\nplugin = \"my-gateway\"\n";
    files.write_main(gateway +
                     "[method.contact]\nchannels = [\"email\"]\n"
                     "[method.contact-sms]\nextra_hours = 0\nchannels = [\"gateway\"]\n"
                     "[method.friend]\nlabel = \"Ask a friend\"\nrecovery_contact = true\n"
                     "extra_hours = 12\nchannels = [\"gateway\"]\n");
    const auto settings = files.read();
    REQUIRE(settings.has_value());
    const MethodSettings& contact = settings->methods.at("contact");
    CHECK(contact.label == "E-mail my recovery contact");
    CHECK(contact.medium == Medium::Email);
    CHECK(contact.recovery_contact);
    CHECK(contact.extra_lifetime.count() == 24);
    CHECK(settings->methods.at("contact-sms").medium == Medium::Text);
    CHECK(settings->methods.at("contact-sms").extra_lifetime.count() == 0);
    CHECK(settings->methods.at("friend").extra_lifetime.count() == 12);
    CHECK_FALSE(settings->methods.at("email").recovery_contact);
    CHECK(settings->methods.at("email").extra_lifetime.count() == 0);
    for (const char* wrong : {"[method.email]\nextra_hours = 1\n",
                              "[method.contact]\nchannels = [\"email\"]\nextra_hours = 25\n",
                              "[method.email]\nrecovery_contact = \"ben\"\n",
                              "[method.totp]\nrecovery_contact = true\n",
                              "[channel.c]\nplugin = \"my\"\n[method.voice]\nchannels = "
                              "[\"c\"]\nrecovery_contact = true\n"})
        CHECK(files.refusal_of(wrong) != "");
}

TEST_CASE("telephones have their labels and media by the names of their methods") {
    const SettingsFiles files;
    files.write_main(
        "phone_country = \"+49\"\nown_mail_domains = [\"example.org\"]\n"
        "administrator_mail = [\"ops@Example.org\"]\n"
        "[channel.gateway]\nplugin = \"my-gateway\"\n"
        "[method.sms]\nchannels = [\"gateway\"]\n[method.voice]\nchannels = [\"gateway\"]\n"
        "[method.office]\nchannels = [\"gateway\"]\n"
        "[method.pager]\nlabel = \"Page me\"\nmedium = \"text\"\nchannels = [\"gateway\"]\n");
    const auto settings = files.read();
    REQUIRE(settings.has_value());
    CHECK(settings->phone_country == "+49");
    CHECK(settings->own_mail_domains == std::vector<std::string>{"example.org"});
    CHECK(settings->administrator_mail == std::vector<std::string>{"ops@example.org"});
    const auto is = [&](const char* name, Medium medium, const char* label) {
        const MethodSettings& method = settings->methods.at(name);
        return method.medium == medium && method.label == label;
    };
    CHECK(is("sms", Medium::Text, "Text my mobile phone"));
    CHECK(is("voice", Medium::Call, "Call my mobile phone"));
    CHECK(is("office", Medium::Call, "Call my office phone"));
    CHECK(is("pager", Medium::Text, "Page me"));
    CHECK(is("email", Medium::Email, "E-mail my alternate address"));
}

TEST_CASE("a channel with a spool directory or a program may have one more group") {
    const SettingsFiles files;
    files.write_main(
        "[channel.sms]\nplugin = \"x\"\nprofile = \"spool\"\ngroup = \"smsd\"\n"
        "directory = \"/var/spool/sms\"\n"
        "[channel.script]\nplugin = \"y\"\nprofile = \"program\"\n");
    const auto settings = files.read();
    REQUIRE(settings.has_value());
    CHECK(settings->channels.at("sms").profile == Profile::Spool);
    CHECK(settings->channels.at("sms").group == "smsd");
    CHECK(settings->channels.at("sms").options.count("group") == 0);
    CHECK(settings->channels.at("script").profile == Profile::Program);
    CHECK(settings->channels.at("script").group.empty());
    for (const char* profile : {"spool", "program"}) {
        files.write_drop_in("10-a.toml",
                            "[channel.totp]\ndirectory = \"/var/spool/sms\"\n"
                            "plugin = \"y\"\nprofile = \"" +
                                std::string{profile} + "\"\n");
        CHECK_FALSE(files.read().has_value());  // what checks answers is confined to nothing
    }
}

TEST_CASE("drop-ins replace key by key in the order of their names") {
    const SettingsFiles files;
    files.write_main("code_digits = 6\nwhom_to_ask = \"Ask Ada.\"\n[limits]\nsends_per_hour = 7\n");
    files.write_drop_in("20-b.toml", "code_digits = 10\n[channel.email]\nport = 2525\n");
    files.write_drop_in("10-a.toml", "code_digits = 7\n[limits]\nsends_per_day = 20\n");
    files.write_drop_in("30-c.conf", "nonsense");
    files.write_drop_in(".40-d.toml", "nonsense");
    const auto settings = files.read();
    REQUIRE(settings.has_value());
    CHECK(settings->code_digits == 10);
    CHECK(settings->whom_to_ask == "Ask Ada.");
    CHECK(settings->limits.sends_per_hour == 7);
    CHECK(settings->limits.sends_per_day == 20);
    CHECK(settings->channels.at("email").options.at("port") == "2525");
    CHECK(settings->channels.at("email").options.at("server") == "127.0.0.1");
}

TEST_CASE("a drop-in is enough where there is no main file") {
    const SettingsFiles files;
    files.write_drop_in("10-a.toml", "otp_window = 0\n");
    CHECK(files.read()->otp_window == 0);
}

TEST_CASE("a refusal names the drop-in that is wrong") {
    const SettingsFiles files;
    files.write_main("code_digits = 8\n");
    files.write_drop_in("10-a.toml", "\n\ncode_digits = 99\n");
    const auto settings = files.read();
    REQUIRE_FALSE(settings.has_value());
    CHECK(settings.error().detail.rfind(files.drop_ins() + "/10-a.toml:3: code_digits: ", 0) == 0);
}

TEST_CASE("a contradiction between files names the place that made it") {
    const SettingsFiles files;
    files.write_main("[channel.email]\nserver = \"mail.example.org\"\ntls = \"starttls\"\n");
    REQUIRE(files.read().has_value());
    files.write_drop_in("10-a.toml", "[channel.email]\ntls = \"none\"\n");
    CHECK(files.read().error().detail.rfind(files.drop_ins() + "/10-a.toml:2: channel.email.tls: ",
                                            0) == 0);
}

TEST_CASE("a channel whose plugin is replaced has none of the options before") {
    const SettingsFiles files;
    files.write_main("[channel.email]\nport = 2525\n");
    files.write_drop_in(
        "10-a.toml", "[channel.email]\ndirectory = \"/var/spool/messages\"\nplugin = \"file\"\n");
    const auto settings = files.read();
    REQUIRE(settings.has_value());
    CHECK(settings->channels.at("email").options ==
          std::map<std::string, std::string>{{"directory", "/var/spool/messages"}});
}

TEST_CASE("an empty list of channels switches a method off") {
    const SettingsFiles files;
    files.write_main("[method.totp]\nchannels = []\n");
    const auto settings = files.read();
    REQUIRE(settings.has_value());
    CHECK(settings->methods.count("totp") == 0);
    CHECK(settings->methods.count("email") == 1);
    files.write_drop_in("10-a.toml", "[method.totp]\nchannels = [\"totp\"]\n");
    CHECK(files.read()->methods.count("totp") == 1);
}

TEST_CASE("privileged groups come on top of the built-in ones, the last list counts") {
    const SettingsFiles files;
    files.write_main("privileged_groups = [\"ops\", \"sudo\"]\nprivileged_users = [\"ada\"]\n");
    auto expected = Settings{}.privileged_groups;
    expected.emplace_back("ops");
    CHECK(files.read()->privileged_groups == expected);
    CHECK(files.read()->privileged_users == std::vector<std::string>{"ada"});
    files.write_drop_in("10-a.toml", "privileged_groups = []\n");
    CHECK(files.read()->privileged_groups == Settings{}.privileged_groups);
}

TEST_CASE("the human check is asked after failures, always, or never") {
    SettingsFiles files;
    const auto when = [&files](const std::string& text) {
        files.write_main(text);
        const auto settings = files.read();
        REQUIRE(settings.has_value());
        return settings->human_check.when;
    };
    CHECK(when("") == HumanCheckWhen::AfterFailures);
    CHECK(when("[human_check]\n") == HumanCheckWhen::AfterFailures);
    CHECK(when("[human_check]\nwhen = \"after_failures\"\n") == HumanCheckWhen::AfterFailures);
    CHECK(when("[human_check]\nwhen = \"always\"\n") == HumanCheckWhen::Always);
    CHECK(when("[human_check]\nwhen = \"off\"\n") == HumanCheckWhen::Off);
}

TEST_CASE("a sign-in tells nobody to register unless the policy says so") {
    SettingsFiles files;
    const auto info = [&files](const std::string& text) {
        files.write_main(text);
        const auto settings = files.read();
        REQUIRE(settings.has_value());
        return settings->security_info;
    };
    const std::string table = "[security_info]\n";
    CHECK(info("").registration == Registration::Off);
    CHECK(info(table + "registration = \"off\"\n").registration == Registration::Off);
    CHECK(info(table + "registration = \"remind\"\n").registration == Registration::Remind);
    CHECK(info(table + "registration = \"require\"\n").registration == Registration::Require);
    CHECK(info("").reconfirm_after == std::chrono::days{180});
    CHECK(info(table + "reconfirm_days = 0\n").reconfirm_after == std::chrono::days{0});
}

TEST_CASE("other sessions end after a reset unless they are told to stay") {
    SettingsFiles files;
    const auto end_sessions = [&files](const std::string& text) {
        files.write_main(text);
        const auto settings = files.read();
        REQUIRE(settings.has_value());
        return settings->end_sessions;
    };
    CHECK(end_sessions(""));
    CHECK(end_sessions("[after_recovery]\n"));
    CHECK(end_sessions("[after_recovery]\nend_sessions = true\n"));
    CHECK_FALSE(end_sessions("[after_recovery]\nend_sessions = false\n"));
}

TEST_CASE("e-mail without encryption is possible to this host only") {
    const SettingsFiles files;
    for (const char* server : {"127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"}) {
        INFO(server);
        CHECK(files.refusal_of(std::string{"[channel.email]\nserver = \""} + server + "\"\n")
                  .empty());
    }
    for (const char* server : {"mail.example.org", "127.0.0.1.example.org", "128.0.0.1", "0.0.0.0",
                               "localhost.example.org", "::2", "127.1", "1.0.0.127"}) {
        INFO(server);
        const std::string line = std::string{"[channel.email]\nserver = \""} + server + "\"\n";
        CHECK(files.refusal_of(line).find("channel.email.tls: ") != std::string::npos);
        CHECK(files.refusal_of(line + "tls = \"starttls\"\n").empty());
        CHECK(files.refusal_of(line + "tls = \"implicit\"\n").empty());
    }
}

TEST_CASE(
    "a file that others may change is refused, and so is one in a directory they may change") {
    const SettingsFiles files;
    files.write_main("");
    files.write_drop_in("10-a.toml", "");
    REQUIRE(files.read().has_value());
    const std::string drop_in = files.drop_ins() + "/10-a.toml";
    for (const std::string& path : {files.main_file(), drop_in, files.drop_ins()}) {
        struct stat before {};
        REQUIRE(::stat(path.c_str(), &before) == 0);
        for (const mode_t more : {S_IWGRP, S_IWOTH}) {
            REQUIRE(::chmod(path.c_str(), before.st_mode | more) == 0);
            const auto settings = files.read();
            REQUIRE_FALSE(settings.has_value());
            CHECK(settings.error().detail ==
                  path + ": may be changed by others than its owner; run chmod go-w on it");
        }
        REQUIRE(::chmod(path.c_str(), before.st_mode & 07777) == 0);
    }
    REQUIRE(files.read().has_value());
}

TEST_CASE("a file of another owner is refused") {
    if (::geteuid() != 0) {
        WARN("not tried: only root can give a file away");
        return;
    }
    const SettingsFiles files;
    files.write_main("");
    REQUIRE(::chown(files.main_file().c_str(), 65534, 0) == 0);
    CHECK(files.read().error().detail ==
          files.main_file() + ": does not belong to root; run chown root:root on it");
}

TEST_CASE("what is no regular file, or too large, is refused and does not block") {
    const SettingsFiles files;
    std::filesystem::create_directory(files.main_file());
    CHECK(files.read().error().detail.find("is not a regular file") != std::string::npos);
    std::filesystem::remove(files.main_file());
    REQUIRE(::mkfifo(files.main_file().c_str(), 0600) == 0);
    CHECK(files.read().error().detail.find("is not a regular file") != std::string::npos);
    std::filesystem::remove(files.main_file());
    std::filesystem::create_symlink("/dev/zero", files.main_file());
    CHECK_FALSE(files.read().has_value());
    std::filesystem::remove(files.main_file());
    CHECK(files.refusal_of(std::string(300 * 1024, '#')).find("larger than 256 KiB") !=
          std::string::npos);
    files.write_main("");
    for (int n = 0; n < 65; ++n) files.write_drop_in(std::to_string(n) + ".toml", "");
    CHECK(files.read().error().detail.find("more than 64 files") != std::string::npos);
}

TEST_CASE("no hostile value is accepted where a shape is asked for, or repeated in a refusal") {
    const SettingsFiles files;
    for (const auto& [name, bytes] : hostile_values()) {
        INFO(name);
        const std::string value = quoted(bytes);
        for (const std::string& line :
             {"privileged_users = [" + value + "]\n", "code_digits = " + value + '\n',
              "[method.email]\nkind = " + value + '\n',
              "[method.email]\nchannels = [" + value + "]\n",
              "[channel.email]\nplugin = " + value + '\n',
              "[channel.email]\nprofile = " + value + '\n',
              "[channel.email]\nport = " + value + '\n', "[channel.email]\nfrom = " + value + '\n',
              "[channel.email]\nsecret_file = " + value + '\n', '[' + value + "]\nkey = 1\n",
              "[channel." + value + "]\nplugin = \"email\"\n", value + " = 1\n", bytes}) {
            const std::string sentence = files.refusal_of(line);
            INFO(line.substr(0, 100));
            if (sentence.empty())
                CHECK(is_harmless(bytes));
            else
                CHECK(sentence.rfind(files.main_file(), 0) == 0);
            CHECK(is_printable(sentence));
            CHECK(sentence.size() < 600);
        }
        for (const char* key : {"whom_to_ask", "method.email.label", "channel.email.user"}) {
            const std::string sentence = files.refusal_of(std::string{key} + " = " + value + '\n');
            CHECK(is_printable(sentence));
            CHECK(sentence.size() < 600);
        }
    }
}

TEST_CASE("a method whose plugin is hotp has codes that count, and mixes them with no others") {
    const SettingsFiles files;
    const std::string token =
        "[channel.hotp]\nplugin = \"hotp\"\nprofile = \"none\"\n"
        "[method.hotp]\nlabel = \"Enter a code from my token\"\nkind = \"verification\"\n";
    files.write_main(token + "channels = [\"hotp\"]\n");
    const auto settings = files.read();
    REQUIRE(settings);
    CHECK(settings->methods.at("hotp").otp == OtpKind::Counter);
    CHECK(settings->methods.at("totp").otp == OtpKind::Time);
    CHECK(files.refusal_of(token + "channels = [\"hotp\", \"totp\"]\n")
              .find("method.hotp.channels: mixes the codes of tokens with those of apps") !=
          std::string::npos);
    CHECK(files
              .refusal_of("[channel.hotp]\nplugin = \"hotp\"\nprofile = \"none\"\n"
                          "[method.email]\nchannels = [\"hotp\"]\n")
              .find("whose plugin does something else") != std::string::npos);
}

}  // namespace latchkey
