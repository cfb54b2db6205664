// SPDX-License-Identifier: MIT
//
// Who is of the help desk, and what its members may ask.
#include "monitor/help_desk.hpp"

#include <fstream>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;
using wire::AdminVerb;

namespace {

struct GroupFile {
    TemporaryDirectory directory;
    std::string path = directory.file("group");

    explicit GroupFile(const std::string& text) { std::ofstream{path} << text; }

    [[nodiscard]] bool has(const std::string& name, gid_t gid = 1001) const {
        Account account;
        account.name = name;
        account.uid = 1001;
        account.gid = gid;
        return is_helper(account, path);
    }
};

wire::AdminRequest asking(AdminVerb verb, const std::string& user = "bob") {
    wire::AdminRequest request;
    request.verb = verb;
    request.user = user;
    return request;
}

}  // namespace

TEST_CASE("a helper is a member of the group, by name or by the primary group") {
    const GroupFile file{"root:x:0:\nlatchkey-helpdesk:x:998:hal,helen\nhelen:x:1001:\n"};
    CHECK(file.has("helen"));
    CHECK(file.has("hal"));
    CHECK(file.has("eve", 998));
    for (const char* name : {"eve", "hele", "helen2", "HELEN", "", "hal,helen"})
        CHECK_FALSE(file.has(name));
}

TEST_CASE("nobody is a helper where the group is not to be told for sure") {
    for (const char* text :
         {"", "latchkey-helpdesk:x:998:\n", "latchkey-helpdesk2:x:998:helen\n",
          "other:x:998:latchkey-helpdesk,helen\n", "latchkey-helpdesk:x:0:helen\n",
          "latchkey-helpdesk:x:998:helen\nlatchkey-helpdesk:x:999:\n",
          "latchkey-helpdesk:x:998:helen\nlatchkey-helpdesk:x:998:helen\n"}) {
        CAPTURE(text);
        CHECK_FALSE(GroupFile{text}.has("helen"));
    }
    Account helen;
    helen.name = "helen";
    CHECK_FALSE(is_helper(helen, "/nonexistent/group"));
}

TEST_CASE("a helper's pass is for once, and lives a day at most") {
    wire::AdminRequest pass = asking(AdminVerb::PassIssue);
    pass.lifetime = kLongestPassOfHelper;
    CHECK(why_not_such_a_pass(pass).empty());
    pass.lifetime = kLongestPassOfHelper + 1;
    CHECK(why_not_such_a_pass(pass).find("24 hours at most") != std::string::npos);
    pass.lifetime = 3600;
    pass.many = true;
    CHECK(why_not_such_a_pass(pass).find("--many") != std::string::npos);
    CHECK(why_not_such_a_pass(asking(AdminVerb::Unlock)).empty());
}

TEST_CASE("helpers have six verbs, about one account each") {
    for (const AdminVerb verb :
         {AdminVerb::Status, AdminVerb::Unlock, AdminVerb::Reset, AdminVerb::PassIssue,
          AdminVerb::PassList, AdminVerb::PassRevoke}) {
        CHECK(may_help_with(asking(verb)));
        CHECK_FALSE(may_help_with(asking(verb, "")));
        wire::AdminRequest in_full = asking(verb);
        in_full.show = true;
        CHECK_FALSE(may_help_with(in_full));
    }
    for (const AdminVerb verb :
         {AdminVerb::EnrolContact, AdminVerb::EnrolAuthenticator, AdminVerb::NewCodes,
          AdminVerb::Audit, AdminVerb::AuditVerify, AdminVerb::Budgets, AdminVerb::Import,
          AdminVerb::Remove, AdminVerb::Purge})
        CHECK_FALSE(may_help_with(asking(verb)));
    CHECK_FALSE(is_act_of_helper(AdminVerb::Status));
    CHECK_FALSE(is_act_of_helper(AdminVerb::PassList));
    for (const AdminVerb verb :
         {AdminVerb::Unlock, AdminVerb::Reset, AdminVerb::PassIssue, AdminVerb::PassRevoke})
        CHECK(is_act_of_helper(verb));
}
