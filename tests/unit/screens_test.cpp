// SPDX-License-Identifier: MIT
#include "core/screens.hpp"

#include <iostream>
#include <string>
#include <vector>

#include "core/login_texts.hpp"
#include "core/masks.hpp"
#include "core/screen_texts.hpp"
#include "tests/support/catch.hpp"

namespace latchkey {

namespace {

constexpr int kKinds = static_cast<int>(ScreenKind::VetoHeard) + 1;
constexpr int kRemarks = static_cast<int>(Remark::RecoveryDenied) + 1;
const std::string kLongestMask = "a...e at e....academy";

Settings usual_settings() {
    Settings settings;
    settings.methods["email"].label = "E-mail my alternate address";
    settings.methods["totp"] = {"Enter a code from my authenticator app",
                                MethodKind::Verification,
                                {"totp"},
                                std::chrono::minutes{10}};
    settings.methods["push"] = {"Approve a notification on my phone",
                                MethodKind::Approval,
                                {"push"},
                                std::chrono::minutes{10}};
    return settings;
}

// A method that has such a screen.
std::string method_of(ScreenKind kind) {
    if (kind == ScreenKind::Approval) return "push";
    const bool is_app = kind == ScreenKind::OtpCode || kind == ScreenKind::NewAuthenticator;
    return is_app ? "totp" : "email";
}

// As large as the settings reader lets anything be.
Settings largest_settings() {
    Settings settings = usual_settings();
    settings.methods["email"].label = std::string(kMaxDeliveryLabelBytes, 'E');
    for (const char* name : {"b", "c", "d", "e", "f"})
        settings.methods[name].label = std::string(kMaxDeliveryLabelBytes, 'M');
    settings.methods["totp"].label = std::string(kMaxLabelBytes, 'T');
    for (std::size_t i = 0; i < kMaxWhomToAskBytes; ++i)
        settings.whom_to_ask += i % 9 == 8 ? ' ' : 'w';
    return settings;
}

Screen screen_of(ScreenKind kind, Remark remark = Remark::None) {
    Screen screen;
    screen.kind = kind;
    screen.remark = remark;
    screen.method = method_of(kind);
    if (kind == ScreenKind::Approval) {
        screen.number = "42";
        screen.seconds = 100;
    }
    screen.minutes = 10;
    screen.items = {{"email", "a...e at e....org"}, {"totp", ""}, {"saved", ""}};
    if (kind == ScreenKind::HumanCheck) screen.signs = "WWWWW";
    return screen;
}

Screen largest_screen(ScreenKind kind, Remark remark) {
    Screen screen = screen_of(kind, remark);
    screen.masked_destination = kLongestMask;
    screen.resume_code = "BCDFGHJK";
    screen.minutes = 60;
    screen.items.clear();
    for (const char* name : {"email", "b", "c", "d", "e"})
        screen.items.push_back({name, kLongestMask});
    return screen;
}

// Every delivery method is in trouble; a page is shorter then.
void mark(Screen& screen, const Settings& settings) {
    if (screen.kind != ScreenKind::Menu && screen.kind != ScreenKind::AddressOrSavedCode) return;
    for (const auto& [name, method] : settings.methods)
        if (method.kind == MethodKind::Delivery) screen.not_working.push_back(name);
    if (screen.items.size() > kMarkedMenuPageSize) screen.items.resize(kMarkedMenuPageSize);
}

void check_form(const std::string& text) {
    INFO(text);
    CHECK(text.size() <= kMaxScreenBytes);
    CHECK(text.size() >= 2);
    CHECK(text.substr(text.size() - 2) == ": ");
    std::size_t column = 0;
    for (const char c : text) {
        column = c == '\n' ? 0 : column + 1;
        CHECK(column <= kMaxScreenColumns);
        CHECK((c == '\n' || (c >= ' ' && c <= '~')));
    }
    CHECK(column > 2);  // the question stands on the last line, not its blank alone
}

std::string text_of(const Screen& screen, const Settings& settings = usual_settings()) {
    auto text = render(screen, settings, "tower");
    return text ? *text : "refused: " + text.error().detail;
}

}  // namespace

TEST_CASE("every screen with every remark fits with the longest arguments") {
    int rendered = 0;
    std::size_t longest = 0;
    for (const bool large : {false, true}) {
        const Settings settings = large ? largest_settings() : usual_settings();
        for (int kind = 0; kind < kKinds; ++kind) {
            for (int remark = 0; remark < kRemarks; ++remark) {
                const auto k = static_cast<ScreenKind>(kind);
                const auto r = static_cast<Remark>(remark);
                for (const bool has_more : {false, true}) {
                    Screen screen = large ? largest_screen(k, r) : screen_of(k, r);
                    screen.has_more = has_more;
                    if (has_more) mark(screen, settings);
                    const auto text = render(screen, settings, std::string(64, 'h'));
                    INFO(kind << ' ' << remark);
                    REQUIRE(text.has_value());
                    check_form(*text);
                    CHECK(text->find("assword") == std::string::npos);
                    longest = std::max(longest, text->size());
                    ++rendered;
                }
            }
        }
    }
    CHECK(rendered == 2 * 2 * kKinds * kRemarks);
    std::cout << "screens rendered: " << rendered << ", longest " << longest << " bytes of "
              << kMaxScreenBytes << '\n';
}

TEST_CASE("every remark is a line of its own, at most 47 bytes, and told apart from the others") {
    std::vector<std::string> seen;
    for (int remark = 1; remark < kRemarks; ++remark) {
        const std::string line = screen_texts::remark(static_cast<Remark>(remark));
        CHECK(line.size() > 2);
        CHECK(line.size() <= 48);
        CHECK(line.back() == '\n');
        CHECK(std::find(seen.begin(), seen.end(), line) == seen.end());
        CHECK(
            text_of(screen_of(ScreenKind::SavedCode, static_cast<Remark>(remark))).rfind(line, 0) ==
            0);
        seen.push_back(line);
    }
    CHECK(screen_texts::remark(Remark::None).empty());
}

TEST_CASE("a menu lists the choices in the words of the configuration") {
    CHECK(text_of(screen_of(ScreenKind::Menu)) ==
          "How should we verify that it is you?\n"
          "  1  E-mail my alternate address, a...e at e....org\n"
          "  2  Enter a code from my authenticator app\n"
          "  3  Enter one of my recovery codes or a temporary pass\n"
          "  4  I have none of these\n"
          "Choose 1-4 (Enter to go back): ");
}

TEST_CASE("a menu with another page leads there") {
    Screen screen = screen_of(ScreenKind::Menu);
    screen.has_more = true;
    const std::string text = text_of(screen);
    CHECK(text.find("  4  More choices\n") != std::string::npos);
    CHECK(text.find("none of these") == std::string::npos);
}

TEST_CASE("a method that does not work is marked, and the others are not") {
    Screen screen = screen_of(ScreenKind::Menu);
    screen.not_working = {"email"};
    CHECK(text_of(screen) ==
          "How should we verify that it is you?\n"
          "  1  E-mail my alternate address, a...e at e....org (not working)\n"
          "  2  Enter a code from my authenticator app\n"
          "  3  Enter one of my recovery codes or a temporary pass\n"
          "  4  I have none of these\n"
          "Choose 1-4 (Enter to go back): ");
}

TEST_CASE("over ssh one line says that sending does not work, and names no method") {
    Settings settings = usual_settings();
    settings.methods["matrix"].label = "Write to me on Matrix";
    settings.methods["matrix"].medium = Medium::Other;
    Screen screen = screen_of(ScreenKind::AddressOrSavedCode);
    screen.not_working = {"matrix"};
    const std::string text = text_of(screen, settings);
    CHECK(text ==
          "A way of sending codes is not working just now.\n"
          "Type your complete address, a temporary pass,\nor one of your recovery codes: ");
    screen.not_working = {"email", "matrix"};
    CHECK(text_of(screen, settings) == text);
}

TEST_CASE("a mark stands on delivery methods alone, and where everybody sees it") {
    const auto refused = [](ScreenKind kind, const std::string& method) {
        Screen screen = screen_of(kind);
        screen.not_working = {method};
        return !render(screen, usual_settings(), "tower").has_value();
    };
    for (const char* method : {"totp", "saved", "sms", "", "Type your PIN"}) {
        CHECK(refused(ScreenKind::Menu, method));
        CHECK(refused(ScreenKind::AddressOrSavedCode, method));
    }
    for (int kind = 0; kind < kKinds; ++kind) {
        const auto k = static_cast<ScreenKind>(kind);
        const bool shows = k == ScreenKind::Menu || k == ScreenKind::AddressOrSavedCode;
        CHECK(refused(k, "email") == !shows);
    }
}

TEST_CASE("a resume code is shown in two groups between remark and question") {
    Screen screen = screen_of(ScreenKind::Menu, Remark::OneMoreProof);
    screen.resume_code = "BCDFGHJK";
    CHECK(text_of(screen).rfind("That was right. One more proof is needed.\n"
                                "Your resume code, if you are cut off: BCDF-GHJK\n"
                                "How should we verify that it is you?\n",
                                0) == 0);
}

TEST_CASE("a device that is being enrolled is shown its number, and no code is asked for") {
    Screen screen = screen_of(ScreenKind::Approval);
    screen.kind = ScreenKind::NewAddress;
    screen.masked_destination = "a...e";
    screen.seconds = 69;
    CHECK(text_of(screen) ==
          "To be sure that it is yours, a request is on its way to a...e.\n"
          "Tap or type 42 there, then press Enter (1:09 left; n changes nothing): ");
    screen.masked_destination = kLongestMask;
    for (int remark = 0; remark < kRemarks; ++remark) {
        screen.remark = static_cast<Remark>(remark);
        check_form(text_of(screen));
    }
    const auto refused = [&screen](auto change) {
        Screen other = screen;
        change(other);
        return !render(other, usual_settings(), "tower").has_value();
    };
    CHECK(refused([](Screen& other) { other.number.clear(); }));
    CHECK(refused([](Screen& other) { other.number = "password"; }));
    CHECK(refused([](Screen& other) { other.seconds = 0; }));
    CHECK(refused([](Screen& other) { other.seconds = 601; }));
    CHECK(refused([](Screen& other) { other.method = "email"; }));
    CHECK(refused([](Screen& other) { other.masked_destination = "ada-phone"; }));
}

TEST_CASE("the other screens say what is asked") {
    Screen address = screen_of(ScreenKind::FullAddress);
    address.masked_destination = "a...e at e....org";
    CHECK(text_of(address) ==
          "To protect your account, type the complete e-mail address a...e at e....org: ");
    address.masked_destination.clear();
    CHECK(text_of(address) == "To protect your account, type the complete e-mail address: ");
    CHECK(text_of(screen_of(ScreenKind::Code)) ==
          "If that is right, an e-mail with a code is on its way.\nIt is valid for 10 minutes.\n"
          "No message? r sends it again, m chooses another method.\nCode: ");
    Screen remote = screen_of(ScreenKind::RemoteCode);
    remote.minutes = 1;
    CHECK(text_of(remote) ==
          "If that is right, a code is on its way. It is valid for 1 minute.\n"
          "Code (one letter sends it again, Enter goes back): ");
    CHECK(text_of(screen_of(ScreenKind::AddressOrSavedCode)) ==
          "Type your complete e-mail address, a temporary pass,\nor one of your recovery codes: ");
    CHECK(text_of(screen_of(ScreenKind::OtpCode)).find("authenticator app") != std::string::npos);
    Settings settings = usual_settings();
    settings.methods["totp"].otp = OtpKind::Counter;
    CHECK(render(screen_of(ScreenKind::OtpCode), settings, "host").value() ==
          "Type the code that your token shows when you press its button.\n"
          "If it is refused, type the next two codes, one after the other.\n"
          "m chooses another method.\nCode: ");
    CHECK(text_of(screen_of(ScreenKind::SavedCode)) ==
          "Type one of your recovery codes, or a temporary pass: ABCD-EFGH-JKLM-NPQR.\n"
          "m chooses another method.\nPass or recovery code: ");
}

TEST_CASE("a code that goes to a recovery contact is told so, in every remark's company") {
    Settings settings = usual_settings();
    settings.methods["email"].recovery_contact = true;
    Screen screen = screen_of(ScreenKind::Code);
    screen.minutes = 1450;
    CHECK(text_of(screen, settings) ==
          "If that is right, your contact gets an e-mail with a code,\n"
          "or has one already. A code is valid for 24 hours.\n"
          "You may leave, and choose this way again when you have it.\n"
          "No message? r sends it again, m chooses another method.\nCode: ");
    for (int remark = 0; remark < kRemarks; ++remark) {
        screen = largest_screen(ScreenKind::Code, static_cast<Remark>(remark));
        check_form(text_of(screen, settings));
    }
}

TEST_CASE("a recovery contact comes behind one's own ways, saved codes too") {
    Settings settings = usual_settings();
    settings.methods["contact"] = settings.methods["email"];
    settings.methods["contact"].recovery_contact = true;
    CHECK(methods_in_menu_order(settings).back() == "contact");
}

TEST_CASE("a telephone is named by its last digits, in the words of its medium") {
    Settings settings = usual_settings();
    settings.methods["sms"] = {"Text my mobile phone", MethodKind::Delivery, {}, {}, Medium::Text};
    settings.methods["voice"] = {
        "Call my mobile phone", MethodKind::Delivery, {}, {}, Medium::Call};
    settings.methods["office"] = {
        "Call my office phone", MethodKind::Delivery, {}, {}, Medium::Call};
    CHECK(methods_in_menu_order(settings) ==
          std::vector<std::string>{"email", "sms", "voice", "office", "push", "totp", "saved"});
    Screen screen = screen_of(ScreenKind::Menu);
    screen.items = {{"sms", "that ends in 23"}, {"voice", "that ends in 23"}};
    CHECK(text_of(screen, settings) ==
          "How should we verify that it is you?\n"
          "  1  Text my mobile phone that ends in 23\n"
          "  2  Call my mobile phone that ends in 23\n"
          "  3  I have none of these\n"
          "Choose 1-3 (Enter to go back): ");
    screen = screen_of(ScreenKind::FullAddress);
    screen.method = "sms";
    screen.masked_destination = "that ends in 23";
    CHECK(text_of(screen, settings) ==
          "To protect your account, type the complete phone number that ends in 23: ");
    screen = screen_of(ScreenKind::Code);
    screen.method = "sms";
    CHECK(text_of(screen, settings)
              .starts_with("If that is right, a text message with a code is on its way.\n"));
    screen.method = "voice";
    CHECK(text_of(screen, settings)
              .starts_with("If that is right, a call with a code is on its way.\n"));
    CHECK(text_of(screen_of(ScreenKind::AddressOrSavedCode), settings) ==
          "Type your complete e-mail address or phone number (call +49... for a call), a\n"
          "temporary pass,\nor one of your recovery codes: ");
}

TEST_CASE("the remote question depends on the configuration alone") {
    Screen screen = screen_of(ScreenKind::AddressOrSavedCode);
    const std::string text = text_of(screen);
    screen.items.clear();
    screen.method.clear();
    screen.minutes = 0;
    CHECK(text_of(screen) == text);
    CHECK(text_of(screen, Settings{}) == "Type a temporary pass, or one of your recovery codes: ");
    Settings settings = usual_settings();
    settings.methods["matrix"].label = "Write to me on Matrix";
    settings.methods["matrix"].medium = Medium::Other;
    CHECK(text_of(screen, settings) ==
          "Type your complete address, a temporary pass,\nor one of your recovery codes: ");
}

TEST_CASE("the remote question names what the host's methods can reach") {
    const auto asked = [](std::initializer_list<Medium> media) {
        Settings settings;
        settings.methods.clear();
        for (const Medium medium : media)
            settings.methods["m" + std::to_string(settings.methods.size())] = {
                "Send it to me", MethodKind::Delivery, {"gateway"}, {}, medium};
        std::string text = text_of(screen_of(ScreenKind::AddressOrSavedCode), settings);
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text.substr(0, text.find(", a temporary pass, or one of your recovery codes"));
    };
    CHECK(asked({Medium::Email}) == "Type your complete e-mail address");
    CHECK(asked({Medium::Text}) == "Type your complete phone number");
    CHECK(asked({Medium::Email, Medium::Text}) ==
          "Type your complete e-mail address or phone number");
    CHECK(asked({Medium::Call}) == "Type your complete phone number (call +49... for a call)");
    CHECK(asked({Medium::Other}) == "Type your complete address");
    CHECK(asked({Medium::Other, Medium::Email}) == "Type your complete address");
    CHECK(asked({Medium::Other, Medium::Call}) ==
          "Type your complete address (call +49... for a call)");
}

TEST_CASE("an address of another medium is asked for, and written to, without a name for it") {
    Settings settings = usual_settings();
    settings.methods["matrix"] = {
        "Write to me on Matrix", MethodKind::Delivery, {}, {}, Medium::Other};
    Screen screen = screen_of(ScreenKind::FullAddress);
    screen.method = "matrix";
    screen.masked_destination = "a...g";
    CHECK(text_of(screen, settings) ==
          "To protect your account, type the complete address a...g: ");
    screen = screen_of(ScreenKind::Code);
    screen.method = "matrix";
    CHECK(text_of(screen, settings)
              .starts_with("If that is right, a message with a code is on its way.\n"));
}

TEST_CASE("whom to ask is told in the administrator's words, else by the host's name") {
    Settings settings = usual_settings();
    const Screen screen = screen_of(ScreenKind::WhomToAsk);
    CHECK(*render(screen, settings, "tower") ==
          "Ask the administrator of tower.\nPress Enter to go back: ");
    CHECK(*render(screen, settings, "pass\x1b[2Jword") ==
          "Ask the administrator of this host.\nPress Enter to go back: ");
    CHECK(*render(screen, settings, "password-server") ==
          "Ask the administrator of this host.\nPress Enter to go back: ");
    settings.whom_to_ask = "Call the desk, 4711.";
    CHECK(*render(screen, settings, "tower") == "Call the desk, 4711.\nPress Enter to go back: ");
    settings.whom_to_ask = "Type your PassWord";
    CHECK_FALSE(render(screen, settings, "tower").has_value());
}

TEST_CASE("an argument of the wrong shape is refused, whatever the kind") {
    for (int kind = 0; kind < kKinds; ++kind) {
        Screen screen = screen_of(static_cast<ScreenKind>(kind));
        screen.masked_destination = "Type your PIN";
        CHECK_FALSE(render(screen, usual_settings(), "tower").has_value());
        screen = screen_of(static_cast<ScreenKind>(kind));
        screen.resume_code = "ABCDEFGH";
        CHECK_FALSE(render(screen, usual_settings(), "tower").has_value());
        screen = screen_of(static_cast<ScreenKind>(kind));
        screen.items[0].masked_destination = "eve at e....org";
        CHECK_FALSE(render(screen, usual_settings(), "tower").has_value());
    }
}

TEST_CASE("a method must be configured and of the kind that the screen asks for") {
    const auto refused = [](ScreenKind kind, const std::string& method) {
        Screen screen = screen_of(kind);
        screen.method = method;
        return !render(screen, usual_settings(), "tower").has_value();
    };
    for (const char* method : {"", "totp", "saved", "sms", "Email"}) {
        CHECK(refused(ScreenKind::Code, method));
        CHECK(refused(ScreenKind::FullAddress, method));
    }
    for (const char* method : {"", "email", "saved", "push"})
        CHECK(refused(ScreenKind::OtpCode, method));
}

TEST_CASE("a menu needs known methods, at most a page of them, and masks only where they belong") {
    const auto refused = [](const std::vector<MenuItem>& items) {
        Screen screen = screen_of(ScreenKind::Menu);
        screen.items = items;
        return !render(screen, usual_settings(), "tower").has_value();
    };
    CHECK(refused({}));
    CHECK(refused({{"sms", ""}}));
    CHECK(refused({{"email", ""}, {"", ""}}));
    CHECK(refused({{"saved", kLongestMask}}));
    CHECK(refused({{"totp", kLongestMask}}));
    CHECK(refused(std::vector<MenuItem>(kMenuPageSize + 1, MenuItem{"saved", ""})));
    CHECK_FALSE(refused(std::vector<MenuItem>(kMenuPageSize, MenuItem{"saved", ""})));
    Screen marked = screen_of(ScreenKind::Menu);
    marked.items.assign(kMarkedMenuPageSize + 1, MenuItem{"saved", ""});
    marked.not_working = {"email"};
    CHECK_FALSE(render(marked, usual_settings(), "tower").has_value());
}

TEST_CASE("a label that may not be shown makes no menu") {
    for (const std::string& label :
         {std::string{}, std::string{"Password: "}, std::string{"a\nb"}, std::string{"\x1b[2J"},
          std::string(kMaxDeliveryLabelBytes + 1, 'x')}) {
        Settings settings = usual_settings();
        settings.methods["email"].label = label;
        CHECK_FALSE(render(screen_of(ScreenKind::Menu), settings, "tower").has_value());
    }
}

TEST_CASE("minutes are between 1 and those of a contact's code") {
    for (const auto kind : {ScreenKind::Code, ScreenKind::RemoteCode}) {
        for (const std::uint32_t minutes : {0U, 1451U, 4294967295U}) {
            Screen screen = screen_of(kind);
            screen.minutes = minutes;
            CHECK_FALSE(render(screen, usual_settings(), "tower").has_value());
        }
    }
}

TEST_CASE("methods are listed deliveries first, e-mail before the others, saved codes last") {
    Settings settings = usual_settings();
    settings.methods["a-push"] = settings.methods["totp"];
    settings.methods["zulip"].label = "z";
    settings.methods["aim"].label = "a";
    CHECK(methods_in_menu_order(settings) ==
          std::vector<std::string>{"email", "aim", "zulip", "push", "a-push", "totp", "saved"});
    CHECK(methods_in_menu_order(Settings{}) == std::vector<std::string>{"saved"});
    CHECK(comes_before(settings, "email", "aim"));
    CHECK_FALSE(comes_before(settings, "saved", "totp"));
}

TEST_CASE("lines are broken at spaces, long words within, and nothing is lost") {
    using screen_texts::wrapped;
    CHECK(wrapped("aaa bbb ccc", 7) == "aaa bbb\nccc");
    CHECK(wrapped("aaa bbb ccc", 11) == "aaa bbb ccc");
    CHECK(wrapped("aaaabbbbcc", 4) == "aaaa\nbbbb\ncc");
    CHECK(wrapped("one\ntwo three: ", 10) == "one\ntwo\nthree: ");
    CHECK(wrapped("aaa bbbb: ", 9) == "aaa\nbbbb: ");
    CHECK(wrapped("", 10).empty());
}

TEST_CASE("the module's own questions have the form of every screen") {
    check_form(reason_question());
    CHECK(reason_question() ==
          "Get back into your account\nWhy are you having trouble signing in?\n"
          "  1  I forgot my password\n  2  I know my password, but still can't sign in\n"
          "Choose 1 or 2, or type your resume code (Enter to go back): ");
    CHECK(login_texts::kPasswordPrompt == "Password: ");
    CHECK(login_texts::kHint == "Forgot your password, or locked out? Press Enter.");
}

TEST_CASE("an approval shows its number and how long it lasts") {
    Screen screen = screen_of(ScreenKind::Approval);
    screen.number = "17";
    screen.seconds = 65;
    CHECK(text_of(screen) ==
          "A request is on its way to your phone. m chooses another method.\n"
          "Tap or type 17 there, then press Enter (1:05 left): ");
}

TEST_CASE("a number of an approval is two digits, on its own screen and nowhere else") {
    for (const char* number : {"", "1", "07", "123", "a1", "1\n", "4 "}) {
        Screen screen = screen_of(ScreenKind::Approval);
        screen.number = number;
        CHECK_FALSE(render(screen, usual_settings(), "tower"));
    }
    for (const std::uint32_t seconds : {0U, 601U}) {
        Screen screen = screen_of(ScreenKind::Approval);
        screen.seconds = seconds;
        CHECK_FALSE(render(screen, usual_settings(), "tower"));
    }
    Screen code = screen_of(ScreenKind::Code);
    code.number = "42";
    CHECK_FALSE(render(code, usual_settings(), "tower"));
    Screen app = screen_of(ScreenKind::Approval);
    app.method = "totp";
    CHECK_FALSE(render(app, usual_settings(), "tower"));
}

}  // namespace latchkey
