// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "cli/pam_stack.hpp"
#include "tests/support/catch.hpp"

using namespace latchkey::cli;

namespace {

using Files = std::map<std::string, std::string>;

PamStack read(const Files& files, const std::string& service, std::string_view group = "auth") {
    return read_pam_stack(
        [&files](const std::string& name) -> std::optional<std::string> {
            const auto found = files.find(name);
            return found == files.end() ? std::nullopt : std::optional{found->second};
        },
        service, group);
}

std::vector<std::string> modules(const PamStack& stack) {
    std::vector<std::string> names;
    for (const PamLine& line : stack.lines) names.push_back(line.name());
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a stock login stack is read through its @include, in the order in which it runs") {
    const Files files{
        {"login",
         "# comment\n\nauth       optional   pam_faildelay.so  delay=3000000\n"
         "auth       requisite  pam_nologin.so\n"
         "session [success=ok ignore=ignore module_unknown=ignore default=bad] pam_selinux.so "
         "close\n"
         "@include common-auth\nauth       optional   pam_group.so\n@include common-account\n"},
        {"common-auth",
         "auth\t[success=1 default=ignore]\tpam_unix.so nullok\nauth\trequisite\tpam_deny.so\n"
         "auth\trequired\tpam_permit.so\nauth\toptional\tpam_cap.so \n"},
        {"common-account", "account required pam_permit.so\n"}};
    const PamStack stack = read(files, "login");
    CHECK(modules(stack) == Names{"pam_faildelay.so", "pam_nologin.so", "pam_unix.so",
                                  "pam_deny.so", "pam_permit.so", "pam_cap.so", "pam_group.so"});
    CHECK(stack.faults.empty());
    CHECK(stack.lines[2].file == "common-auth");
    CHECK(stack.lines[2].line == 1);
    CHECK(stack.lines[2].has_argument("nullok"));
    CHECK(stack.lines[0].argument_value("delay") == "3000000");
    CHECK(modules(read(files, "login", "account")) == Names{"pam_permit.so"});
    CHECK(modules(read(files, "login", "session")) == Names{"pam_selinux.so"});
}

TEST_CASE("fprintd, u2f, sss and krb5 stacks as pam-auth-update writes them are read") {
    const Files files{
        {"common-auth",
         "auth\t[success=4 default=ignore]\tpam_fprintd.so max-tries=1 timeout=10 # debug\n"
         "auth\t[success=3 default=ignore]\tpam_krb5.so minimum_uid=1000\n"
         "auth\t[success=2 default=ignore]\tpam_unix.so nullok try_first_pass\n"
         "auth\t[success=1 default=ignore]\tpam_sss.so use_first_pass\n"
         "auth\trequisite\t\t\tpam_deny.so\n"
         "auth\trequired\t\t\tpam_permit.so\n"
         "auth\trequired\t/usr/lib/x86_64-linux-gnu/security/pam_u2f.so cue [cue_prompt=Touch "
         "it.]\n"}};
    const PamStack stack = read(files, "common-auth");
    REQUIRE(stack.lines.size() == 7);
    CHECK(longest_jump(stack.lines[0]) == 4);
    CHECK(stack.lines[0].arguments == Names{"max-tries=1", "timeout=10"});
    CHECK(action_on(stack.lines[1], "success") == "3");
    CHECK(action_on(stack.lines[1], "auth_err") == "ignore");
    CHECK(stack.lines[6].name() == "pam_u2f.so");
    CHECK(stack.lines[6].argument_value("cue_prompt") == "Touch it.");
}

TEST_CASE(
    "a hand-edited file with continued lines, capitals and odd blanks is read as libpam does") {
    const Files files{{"common-auth",
                       "AUTH  [success=2 \\\n   default=ignore] \\\n  pam_unix.so \\\n nullok\n"
                       "-auth optional pam_gnome_keyring.so\r\n"
                       "   auth required pam_permit.so# no blank before\n"
                       "auth\tsubstack\tsystem-auth\nauth include nested\n"},
                      {"system-auth", "auth required pam_env.so\n"},
                      {"nested", "auth required pam_warn.so\naccount required pam_unix.so\n"}};
    const PamStack stack = read(files, "common-auth");
    CHECK(modules(stack) == Names{"pam_unix.so", "pam_gnome_keyring.so", "pam_permit.so",
                                  "pam_env.so", "pam_warn.so"});
    CHECK(action_on(stack.lines[0], "success") == "2");
    CHECK(stack.lines[0].line == 1);
    CHECK(stack.lines[1].may_be_missing);
    CHECK_FALSE(stack.lines[0].may_be_missing);
}

TEST_CASE("what libpam would refuse is named with its file and line, and the rest is read") {
    const Files files{{"sshd",
                       "auth required\nnonsense required pam_unix.so\n@include gone\n"
                       "@include\nauth required pam_unix.so\n"}};
    const PamStack stack = read(files, "sshd");
    CHECK(modules(stack) == Names{"pam_unix.so"});
    CHECK(stack.faults == Names{"sshd:1: no module", "sshd:2: no management group",
                                "gone: no such file", "sshd:4: @include without a name"});
}

TEST_CASE("files that include each other end at libpam's own depth") {
    const Files files{{"a", "@include b\nauth required pam_unix.so\n"}, {"b", "@include a\n"}};
    const PamStack stack = read(files, "a");
    CHECK(stack.faults == Names{"b: included too deeply"});
    CHECK(stack.lines.size() == 17);
}

TEST_CASE("files that include each other twice are read a bounded number of times") {
    int reads = 0;
    const PamFileReader twice = [&reads](const std::string&) {
        ++reads;
        return std::optional<std::string>{"@include b\n@include b\nauth required pam_unix.so\n"};
    };
    const PamStack stack = read_pam_stack(twice, "a", "auth");
    CHECK(reads <= 1000);
    CHECK(std::count(stack.faults.begin(), stack.faults.end(), "b: too many includes") == 1);
}

TEST_CASE("a control says what libpam does with each result") {
    const auto control = [](const std::string& text) {
        PamLine line;
        line.control = text;
        return line;
    };
    CHECK(action_on(control("required"), "auth_err") == "bad");
    CHECK(action_on(control("requisite"), "auth_err") == "die");
    CHECK(action_on(control("sufficient"), "success") == "done");
    CHECK(action_on(control("sufficient"), "module_unknown") == "ignore");
    CHECK(action_on(control("optional"), "success") == "ok");
    CHECK(action_on(control("[success=ok]"), "auth_err") == "bad");
    CHECK(action_on(control("[default=3 success=done]"), "success") == "done");
    // Blanks around "=", none between two words, a code named twice, a default in front.
    CHECK(action_on(control("[auth_err = 2 default=die]"), "auth_err") == "2");
    CHECK(action_on(control("[ignore=okauth_err=2default=die]"), "auth_err") == "2");
    CHECK(action_on(control("[auth_err=die auth_err=2 default=die]"), "auth_err") == "2");
    CHECK(action_on(control("[default=2 default=die]"), "auth_err") == "2");
    CHECK(action_on(control("default=2"), "auth_err") == "2");
    // One word that libpam does not know, and every result is bad.
    for (const char* refused :
         {"binding", "[]", "[success=end default=ignore]", "[default=ignore auth_err]",
          "[default=ignore auth_err=0]", "[default=ignore what=ok]", "[default=ignore ok]"})
        CHECK(action_on(control(refused), "auth_err") == "bad");
    CHECK(longest_jump(control("[success=1 default=3]")) == 3);
    CHECK(longest_jump(control("sufficient")) == 0);
}

TEST_CASE("hostile bytes in a pam.d file end in faults and not in a crash") {
    for (const std::string& text :
         {std::string("[[[[[[[[\n"), std::string("auth [success=99999999999999999999 \n"),
          std::string(70000, 'a'), std::string("\0\0\0\n", 4), std::string("auth required \\"),
          std::string("-\n"), std::string("auth [\\]\\]] x\n")}) {
        const PamStack stack = read({{"x", text}}, "x");
        CHECK(stack.lines.size() + stack.faults.size() <= 1);
    }
}
