// SPDX-License-Identifier: MIT
//
// Wrong configurations, one a row: each is refused in one sentence that names
// file, line and key, and says how to mend it.
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "core/printable.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/settings_files.hpp"

namespace latchkey {

namespace {

struct BadFile {
    std::string text;
    std::size_t line;
    std::string key;  // empty where the line is not TOML
};

// Checks every row, and that no two of them are the same.
void check_all(const std::vector<BadFile>& rows) {
    const SettingsFiles files;
    std::set<std::string> texts;
    for (const BadFile& row : rows) {
        INFO(row.text);
        CHECK(texts.insert(row.text).second);
        std::string start = files.main_file();
        start += ':' + std::to_string(row.line) + ": ";
        if (!row.key.empty()) start += row.key + ": ";
        const std::string sentence = files.refusal_of(row.text);
        INFO(sentence);
        CHECK(sentence.rfind(start, 0) == 0);
        CHECK(sentence.size() > start.size() + 10);
        CHECK(sentence.find("; ") != std::string::npos);  // what is wrong; the mend
        CHECK(is_printable(sentence));
    }
    std::cout << "bad files refused: " << rows.size() << '\n';
}

const std::vector<BadFile> kNoToml{
    {"code_digits", 1, ""},
    {"code_digits =", 1, ""},
    {"code_digits = 8 8", 1, ""},
    {"= 8", 1, ""},
    {"code_digits = 08", 1, ""},
    {"code_digits = 99999999999999999999", 1, ""},
    {"code_digits = 8\ncode_digits = 8", 2, ""},
    {"\n\nwhom_to_ask = \"open", 3, ""},
    {"whom_to_ask = 'a' 'b'", 1, ""},
    {"[limits", 1, ""},
    {"[limits]]", 1, ""},
    {"[]", 1, ""},
    {"[limits]\n[limits]", 2, ""},
    {"privileged_users = [\"a\"", 1, ""},
    {"whom_to_ask = \"\\q\"", 1, ""},
    {"whom_to_ask = \"\x01\"", 1, ""},
    {"whom_to_ask = \"\xff\"", 1, ""},
    {"<xml/>", 1, ""},
    {"{\"code_digits\": 8}", 1, ""},
    {"code_digits: 8", 1, ""},
    {"\xfe\xff", 1, ""},
    {"whom_to_ask = \"M\xc3\xbcller\"", 1, ""},
    {"[method.email]\nlabel = \"\xe2\x80\xae\"", 2, ""},
    {"code_digits = 8 # zw\xc3\xb6lf", 1, ""},
    {"\n\xc3\xa4 = 1", 2, ""},
    {"\xd0\xb0\n", 1, ""},
    {"\xef\xbb\xbf# a byte order mark\n", 1, ""},
};

const std::vector<BadFile> kUnknownKeys{
    {"code_digit = 8", 1, "code_digit"},
    {"Code_digits = 8", 1, "Code_digits"},
    {"code-digits = 8", 1, "code-digits"},
    {"\"\" = 8", 1, ""},
    {"\"code_digits \" = 8", 1, "code_digits "},
    {"\"limits.wrong_per_hour\" = 5", 1, "limits.wrong_per_hour"},
    {"\"a\\u001bb\" = 1", 1, "a\\x1bb"},
    {"password = \"x\"", 1, "password"},
    {"wrong_per_hour = 5", 1, "wrong_per_hour"},
    {"saved = 1", 1, "saved"},
    {"[limit]\nwrong_per_hour = 5", 2, "limit.wrong_per_hour"},
    {"[limit]", 1, "limit"},
    {"[limits]\nwrong_per_year = 5", 2, "limits.wrong_per_year"},
    {"[limits]\n[limits.wrong_per_hour]", 2, "limits.wrong_per_hour"},
    {"[limits.wrong_per_hour]\nvalue = 5", 2, "limits.wrong_per_hour.value"},
    {"[limits]\ncode_digits = 8", 2, "limits.code_digits"},
    {"[gates]\nconsole = 1\nssh = 2", 3, "gates.ssh"},
    {"[gates]\nlimits = 2", 2, "gates.limits"},
    {"[acts]\nresets = 1", 2, "acts.resets"},
    {"[settings]\ncode_digits = 8", 2, "settings.code_digits"},
    {"[a.b.c.d]\ne = 1", 2, "a.b.c.d.e"},
    {"[method.email]\nname = \"x\"", 2, "method.email.name"},
    {"[method.email]\nlifetime = 5", 2, "method.email.lifetime"},
    {"[method.email.label]\ntext = \"x\"", 2, "method.email.label.text"},
    {"[channel.email]\nhost = \"127.0.0.1\"", 2, "channel.email.host"},
    {"[channel.email]\npassword = \"secret\"", 2, "channel.email.password"},
    {"[channel.email]\nTLS = \"starttls\"", 2, "channel.email.TLS"},
    {"[channel.totp]\nserver = \"x\"", 2, "channel.totp.server"},
    {"[channel.f]\nplugin = \"file\"\ndirectory = \"/a\"\nmode = 1", 4, "channel.f.mode"},
    {"a.b = 1", 1, "a.b"},
};

const std::vector<BadFile> kWrongTypes{
    {"code_digits = \"8\"", 1, "code_digits"},
    {"code_digits = 8.0", 1, "code_digits"},
    {"code_digits = [8]", 1, "code_digits"},
    {"code_digits = {}", 1, "code_digits"},
    {"code_digits = 2026-11-24", 1, "code_digits"},
    {"recovery_lifetime = \"15 min\"", 1, "recovery_lifetime"},
    {"reply_grid = inf", 1, "reply_grid"},
    {"reply_grid = nan", 1, "reply_grid"},
    {"otp_window = true", 1, "otp_window"},
    {"whom_to_ask = 5", 1, "whom_to_ask"},
    {"administrator_mail = \"ops@example.org\"", 1, "administrator_mail"},
    {"administrator_mail = [\"ops\"]", 1, "administrator_mail"},
    {"administrator_mail = [\"ops@example.org\", \"a b@example.org\"]", 1, "administrator_mail"},
    {"\nadministrator_mail = [\"ops@example.org\"]\n[channel.gw]\nplugin = \"my-gateway\"\n"
     "[method.email]\nmedium = \"text\"\nchannels = [\"gw\"]",
     2, "administrator_mail"},
    {"whom_to_ask = [\"Ada\"]", 1, "whom_to_ask"},
    {"whom_to_ask = {}", 1, "whom_to_ask"},
    {"[human_check]\nwhen = true", 2, "human_check.when"},
    {"[human_check]\nafter = \"3\"", 2, "human_check.after"},
    {"human_check = \"off\"", 1, "human_check"},
    {"[after_recovery]\nend_sessions = \"no\"", 2, "after_recovery.end_sessions"},
    {"[after_recovery]\nend_sessions = 0", 2, "after_recovery.end_sessions"},
    {"[after_recovery]\nend_session = true", 2, "after_recovery.end_session"},
    {"after_recovery = true", 1, "after_recovery"},
    {"privileged_users = \"ada\"", 1, "privileged_users"},
    {"privileged_users = [1]", 1, "privileged_users"},
    {"privileged_users = [\"ada\", 1]", 1, "privileged_users"},
    {"privileged_users = [[\"ada\"]]", 1, "privileged_users"},
    {"privileged_groups = true", 1, "privileged_groups"},
    {"limits = 5", 1, "limits"},
    {"gates = \"many\"", 1, "gates"},
    {"acts = []", 1, "acts"},
    {"method = 1", 1, "method"},
    {"channel = \"email\"", 1, "channel"},
    {"method = {}", 1, "method"},
    {"channel = []", 1, "channel"},
    {"[[method]]\nlabel = \"x\"", 1, "method"},
    {"[[limits]]\nwrong_per_hour = 5", 1, "limits"},
    {"[[channel.email]]\nport = 25", 1, "channel.email"},
    {"[method]\nemail = \"x\"", 2, "method.email"},
    {"[channel]\nemail = 25", 2, "channel.email"},
    {"[method.email]\nlabel = 1", 2, "method.email.label"},
    {"[method.email]\nkind = 1", 2, "method.email.kind"},
    {"[method.email]\nchannels = \"email\"", 2, "method.email.channels"},
    {"[method.email]\nchannels = [1]", 2, "method.email.channels"},
    {"[method.email]\ncode_lifetime = \"10\"", 2, "method.email.code_lifetime"},
    {"[channel.email]\nplugin = 1", 2, "channel.email.plugin"},
    {"[channel.email]\nprofile = 1", 2, "channel.email.profile"},
    {"[channel.email]\nprofile = [\"none\"]", 2, "channel.email.profile"},
    {"[channel.email]\ndeadline = \"10\"", 2, "channel.email.deadline"},
    {"[channel.email]\ndeadline = 1.5", 2, "channel.email.deadline"},
    {"[channel.email]\nsecret_file = 1", 2, "channel.email.secret_file"},
    {"[channel.email]\nport = [25]", 2, "channel.email.port"},
    {"[channel.email]\nserver = 1.5", 2, "channel.email.server"},
    {"[channel.email]\nserver = {}", 2, "channel.email.server"},
    {"[channel.email.options]\nserver = \"x\"", 2, "channel.email.options.server"},
    {"[channel.email]\nserver = 07:32:00", 2, "channel.email.server"},
};

const std::vector<BadFile> kOutOfBounds{
    {"[gates]\nremote = 1", 2, "gates.remote"},
    {"[gates]\nremote = 0", 2, "gates.remote"},
    {"[gates]\nprivileged = 1", 2, "gates.privileged"},
    {"gates.console = 0", 1, "gates.console"},
    {"limits = { wrong_per_day = 0 }", 1, "limits.wrong_per_day"},
    {"[limits]\nwrong_per_day = -1", 2, "limits.wrong_per_day"},
    {"[limits]\nsends_per_day = 4294967297", 2, "limits.sends_per_day"},
    {"[limits]\nsends_per_day = 9223372036854775807", 2, "limits.sends_per_day"},
    {"[limits]\nsends_per_day = -9223372036854775808", 2, "limits.sends_per_day"},
    {"[acts]\nresets_per_day = 2", 2, "acts.resets_per_day"},
    {"[acts]\nhost_per_hour = 0", 2, "acts.host_per_hour"},
    {"min_password_length = 7", 1, "min_password_length"},
    {"code_digits = 0x0b", 1, "code_digits"},
    {"[method.email]\ncode_lifetime = 0", 2, "method.email.code_lifetime"},
    {"[method.email]\ncode_lifetime = 11", 2, "method.email.code_lifetime"},
    {"[channel.email]\ndeadline = 0", 2, "channel.email.deadline"},
    {"[channel.email]\ndeadline = 61", 2, "channel.email.deadline"},
    {"[channel.email]\ndeadline = -10", 2, "channel.email.deadline"},
    {"[channel.email]\nport = 0", 2, "channel.email.port"},
    {"[channel.email]\nport = 65536", 2, "channel.email.port"},
    {"[channel.email]\nport = \"smtp\"", 2, "channel.email.port"},
    {"whom_to_ask = \"" + std::string(201, 'w') + '"', 1, "whom_to_ask"},
    {"whom_to_ask = \"Type your Password here\"", 1, "whom_to_ask"},
    {"[security_info]\nregistration = \"never\"", 2, "security_info.registration"},
    {"[security_info]\nregistration = true", 2, "security_info.registration"},
    {"[security_info]\nreconfirm_days = 731", 2, "security_info.reconfirm_days"},
    {"[security_info]\nreconfirm_days = -1", 2, "security_info.reconfirm_days"},
    {"[human_check]\nwhen = \"never\"", 2, "human_check.when"},
    {"[human_check]\nwhen = \"Always\"", 2, "human_check.when"},
    {"[human_check]\nwhen = \"\"", 2, "human_check.when"},
    {"[human_check]\nafter = 0", 2, "human_check.after"},
    {"[human_check]\nafter = 11", 2, "human_check.after"},
    {"whom_to_ask = \"a\\nb\"", 1, "whom_to_ask"},
    {"whom_to_ask = \"a\\u001b[2Jb\"", 1, "whom_to_ask"},
    {"whom_to_ask = \"M\\u00fcller\"", 1, "whom_to_ask"},
    {"privileged_users = [\"\"]", 1, "privileged_users"},
    {"privileged_users = [\"a b\"]", 1, "privileged_users"},
    {"privileged_users = [\"-a\"]", 1, "privileged_users"},
    {"privileged_users = [\"../a\"]", 1, "privileged_users"},
    {"privileged_users = [\"a:b\"]", 1, "privileged_users"},
    {"privileged_users = [\"" + std::string(65, 'a') + "\"]", 1, "privileged_users"},
    {"privileged_groups = [\"sudo,adm\"]", 1, "privileged_groups"},
    {"privileged_groups = [\"a\\u0000\"]", 1, "privileged_groups"},
};

const std::vector<BadFile> kMethods{
    {"[method.saved]\nlabel = \"x\"", 2, "method.saved.label"},
    {"[method.saved]", 1, "method.saved"},
    {"[method.Email]\nlabel = \"x\"", 2, "method.Email.label"},
    {"[method.\"\"]\nlabel = \"x\"", 2, "method..label"},
    {"[method.1st]\nlabel = \"x\"", 2, "method.1st.label"},
    {"[method.\"a b\"]\nlabel = \"x\"", 2, "method.a b.label"},
    {"[method.\"../x\"]\nlabel = \"x\"", 2, "method.../x.label"},
    {"[method.abcdefghijklmnopq]\nlabel = \"x\"", 2, "method.abcdefghijklmnopq.label"},
    {"[method.sms]", 1, "method.sms.channels"},
    {"[method.sms]\nlabel = \"Text me\"", 2, "method.sms.channels"},
    {"[method.sms]\nchannels = [\"email\"]", 2, "method.sms.channels"},
    {"[method.sms]\nlabel = \"Text me\"\nchannels = [\"sms\"]", 3, "method.sms.channels"},
    {"[method.email]\nlabel = \"\"", 2, "method.email.label"},
    {"[method.email]\nlabel = \"Password: \"", 2, "method.email.label"},
    {"[method.email]\nlabel = \"a\\tb\"", 2, "method.email.label"},
    {"[method.email]\nlabel = \"\\u202e\"", 2, "method.email.label"},
    {"[method.email]\nlabel = \"" + std::string(29, 'x') + '"', 2, "method.email.label"},
    {"[method.totp]\nlabel = \"" + std::string(49, 'x') + '"', 2, "method.totp.label"},
    {"[method.email]\nkind = \"sms\"", 2, "method.email.kind"},
    {"[method.email]\nkind = \"approval\"", 2, "method.email.channels"},
    {"[method.email]\nkind = \"saved\"", 2, "method.email.kind"},
    {"[method.email]\nkind = \"Delivery\"", 2, "method.email.kind"},
    {"[method.email]\nkind = \"verification\"", 2, "method.email.channels"},
    {"[method.totp]\nkind = \"delivery\"\nlabel = \"x\"", 3, "method.totp.channels"},
    {"[method.email]\nchannels = [\"email\", \"email\"]", 2, "method.email.channels"},
    {"[method.email]\nchannels = [\"a\", \"b\", \"c\", \"d\", \"e\"]", 2, "method.email.channels"},
    {"[method.email]\nchannels = [\"nowhere\"]", 2, "method.email.channels"},
    {"[method.email]\nchannels = [\"../email\"]", 2, "method.email.channels"},
    {"[method.email]\nchannels = [\"totp\"]", 2, "method.email.channels"},
    {"[method.totp]\nchannels = [\"email\"]", 2, "method.totp.channels"},
    // Under another medium one mailbox or telephone would be a second possession.
    {"[method.work]\nlabel = \"x\"\nchannels = [\"email\"]", 3, "method.work.channels"},
    {"[method.work]\nlabel = \"x\"\nmedium = \"other\"\nchannels = [\"email\"]", 4,
     "method.work.channels"},
    {"[method.work]\nlabel = \"x\"\nmedium = \"call\"\nchannels = [\"email\"]", 4,
     "method.work.channels"},
    {"[method.email]\nmedium = \"other\"", 2, "method.email.channels"},
    {"[channel.post]\nplugin = \"sendmail\"\nprofile = \"program\"\n"
     "[method.work]\nlabel = \"x\"\nchannels = [\"post\"]",
     6, "method.work.channels"},
    {"[channel.modem]\nplugin = \"sms-spool\"\nprofile = \"spool\"\nformat = \"smstools3\"\n"
     "directory = \"/var/spool/sms/outgoing\"\n"
     "[method.handy]\nlabel = \"x\"\nchannels = [\"modem\"]",
     8, "method.handy.channels"},
    {"[channel.modem]\nplugin = \"sms-spool\"\nprofile = \"spool\"\nformat = \"smstools3\"\n"
     "directory = \"/var/spool/sms/outgoing\"\n"
     "[method.handy]\nlabel = \"x\"\nmedium = \"email\"\nchannels = [\"modem\"]",
     9, "method.handy.channels"},
    {"[channel.hotp]\nplugin = \"hotp\"\n[method.hotp]\nlabel = \"x\"\nkind = \"verification\"\n"
     "channels = [\"hotp\"]",
     6, "channel.hotp.profile"},
    // Whatever asks by mail or text is the mailbox or telephone that a code goes to as well.
    {"[channel.x]\nplugin = \"x\"\n[method.ask]\nlabel = \"x\"\nkind = \"approval\"\n"
     "medium = \"email\"\nchannels = [\"x\"]",
     6, "method.ask.medium"},
    {"[channel.x]\nplugin = \"x\"\n[method.voice]\nkind = \"approval\"\nchannels = [\"x\"]", 4,
     "method.voice.medium"},
};

const std::vector<BadFile> kChannels{
    {"[channel.totp]\nprofile = \"network\"", 2, "channel.totp.profile"},
    {"[channel.email]\nprofile = \"none\"", 2, "channel.email.profile"},
    {"[channel.email]\nprofile = \"sandbox\"", 2, "channel.email.profile"},
    {"[channel.email]\nprofile = \"program\"", 2, "channel.email.profile"},
    {"[channel.x]\nplugin = \"x\"\nprofile = \"spool\"", 3, "channel.x.directory"},
    {"[channel.x]\nplugin = \"sendmail\"\n", 2, "channel.x.profile"},
    {"[channel.x]\nplugin = \"sendmail\"\nprofile = \"none\"", 3, "channel.x.profile"},
    {"[channel.x]\nplugin = \"sendmail\"\nprofile = \"program\"\nfrom = \"me\"", 4,
     "channel.x.from"},
    {"[channel.x]\nplugin = \"exec\"\nprofile = \"program\"", 3, "channel.x.program"},
    {"[channel.x]\nplugin = \"exec\"\nprofile = \"program\"\nprogram = \"send\"", 4,
     "channel.x.program"},
    {"[channel.x]\nplugin = \"exec\"\nprogram = \"/bin/true\"", 3, "channel.x.profile"},
    {"[channel.x]\nplugin = \"exec\"\nprofile = \"program\"\nprogram = \"/bin/true\"\n"
     "arguments = \"x\"",
     5, "channel.x.arguments"},
    {"[channel.x]\nplugin = \"sms-spool\"\nprofile = \"program\"", 3, "channel.x.format"},
    {"[channel.x]\nplugin = \"sms-spool\"\nprofile = \"program\"\nformat = \"kannel\"", 4,
     "channel.x.format"},
    {"[channel.x]\nplugin = \"sms-spool\"\nprofile = \"program\"\nformat = \"smstools3\"", 3,
     "channel.x.profile"},
    {"[channel.x]\nplugin = \"sms-spool\"\nprofile = \"spool\"\ndirectory = \"/x\"\n"
     "format = \"gammu\"",
     3, "channel.x.profile"},
    {"[channel.x]\nplugin = \"exec\"\nprofile = \"program\"\nprogram = \"/bin/true\"\n"
     "[method.x]\nlabel = \"x\"\nkind = \"verification\"\nchannels = [\"x\"]",
     8, "method.x.channels"},
    {"[channel.x]\nplugin = \"x\"\ngroup = \"smsd\"", 3, "channel.x.group"},
    {"[channel.x]\nplugin = \"x\"\nprofile = \"program\"\ngroup = \"sudo\"", 4, "channel.x.group"},
    {"[channel.x]\nplugin = \"x\"\nprofile = \"program\"\ngroup = \"root\"", 4, "channel.x.group"},
    {"[channel.x]\nplugin = \"x\"\nprofile = \"program\"\ngroup = \"_latchkey\"", 4,
     "channel.x.group"},
    {"privileged_groups = [\"ops\"]\n[channel.x]\nplugin = \"x\"\nprofile = \"program\"\n"
     "group = \"ops\"",
     5, "channel.x.group"},
    {"[channel.x]\nplugin = \"x\"\nprofile = \"program\"\ngroup = \"0\\n\"", 4, "channel.x.group"},
    {"[channel.x]\nplugin = \"x\"\nprofile = \"program\"\ngroup = \"-x\"", 4, "channel.x.group"},
    {"[channel.x]\nplugin = \"x\"\nprofile = \"program\"\ngroup = 5", 4, "channel.x.group"},
    {"[channel.email]\nprofile = \"Network\"", 2, "channel.email.profile"},
    {"[channel.email]\nprofile = \"\"", 2, "channel.email.profile"},
    {"[channel.Email]\nport = 25", 2, "channel.Email.port"},
    {"[channel.\"e/mail\"]\nport = 25", 2, "channel.e/mail.port"},
    {"[channel.\"e\\nmail\"]\nport = 25", 2, "channel.e\\x0amail.port"},
    {"[channel.sms]", 1, "channel.sms.plugin"},
    {"[channel.sms]\ndeadline = 10", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"../sms\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"/tmp/sms\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"a/b\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"sms.so\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"..\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"-sms\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"SMS\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"s ms\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"s\\u0000ms\"", 2, "channel.sms.plugin"},
    {"[channel.sms]\nplugin = \"" + std::string(33, 's') + '"', 2, "channel.sms.plugin"},
    {"[channel.email]\nsecret_file = \"/etc/shadow\"", 2, "channel.email.secret_file"},
    {"[channel.email]\nsecret_file = \"email\"", 2, "channel.email.secret_file"},
    {"[channel.email]\nsecret_file = \"/etc/latchkey/secrets\"", 2, "channel.email.secret_file"},
    {"[channel.email]\nsecret_file = \"/etc/latchkey/secrets/\"", 2, "channel.email.secret_file"},
    {"[channel.email]\nsecret_file = \"/etc/latchkey/secrets/../key\"", 2,
     "channel.email.secret_file"},
    {"[channel.email]\nsecret_file = \"/etc/latchkey/secrets/..\"", 2, "channel.email.secret_file"},
    {"[channel.email]\nsecret_file = \"/etc/latchkey/secrets/a/b\"", 2,
     "channel.email.secret_file"},
    {"[channel.email]\nsecret_file = \"/etc/latchkey/secretsx\"", 2, "channel.email.secret_file"},
    {"[channel.email]\nsecret_file = \"/etc/latchkey/secrets/a\\nb\"", 2,
     "channel.email.secret_file"},
    {"[channel.email]\ntls = \"none\"\nserver = \"mail.example.org\"", 2, "channel.email.tls"},
    {"[channel.email]\ntls = \"ssl\"", 2, "channel.email.tls"},
    {"[channel.email]\ntls = false", 2, "channel.email.tls"},
    {"[channel.email]\nserver = \"\"", 2, "channel.email.server"},
    {"[channel.email]\nserver = \"-oProxyCommand=x\"", 2, "channel.email.server"},
    {"[channel.email]\nserver = \"a b\"", 2, "channel.email.server"},
    {"[channel.email]\nserver = \"smtp://mail.example.org\"", 2, "channel.email.server"},
    {"[channel.email]\nserver = \"127.0.0.1@mail.example.org\"", 2, "channel.email.server"},
    {"[channel.email]\nca_file = \"ca.pem\"", 2, "channel.email.ca_file"},
    {"[channel.email]\nca_file = \"/etc/../ca.pem\"", 2, "channel.email.ca_file"},
    {"[channel.email]\nuser = \"ada\"", 2, "channel.email.user"},
    {"[channel.email]\nuser = \"\"", 2, "channel.email.user"},
    {"[channel.email]\nuser = \"a\\r\\nb\"", 2, "channel.email.user"},
    {"[channel.email]\nfrom = \"ada\"", 2, "channel.email.from"},
    {"[channel.email]\nfrom = \"Ada <ada>\"", 2, "channel.email.from"},
    {"[channel.email]\nfrom = \"Ada <ada@example.org\"", 2, "channel.email.from"},
    {"[channel.email]\nfrom = \"Ada <ada@example.org> x\"", 2, "channel.email.from"},
    {"[channel.email]\nfrom = \"Ada <<ada@example.org>>\"", 2, "channel.email.from"},
    {"[channel.email]\nfrom = \"a@b.de <\"", 2, "channel.email.from"},
    {"[channel.email]\nfrom = \"<>\"", 2, "channel.email.from"},
    {"[channel.email]\nfrom = \"a@b.de\\nBcc: c@d.de\"", 2, "channel.email.from"},
    {"[channel.email]\nhello_name = \"a b\"", 2, "channel.email.hello_name"},
    {"[channel.email]\nsecret_file = \"/etc/latchkey/secrets/a\"\nuser = \"ada\"", 3,
     "channel.email.user"},
    {"[channel.email]\nhtml = \"yes\"", 2, "channel.email.html"},
    {"[channel.email]\nhtml_template = \"mail.html\"", 2, "channel.email.html_template"},
    {"[channel.m]\nplugin = \"sendmail\"\nprofile = \"program\"\nhtml = 1", 4, "channel.m.html"},
    {"[channel.email]\n\"se rver\" = \"x\"", 2, "channel.email.se rver"},
    {"[channel.f]\nplugin = \"file\"", 2, "channel.f.directory"},
    {"[channel.f]\nplugin = \"file\"\ndirectory = \"spool\"", 3, "channel.f.directory"},
    {"[channel.f]\nplugin = \"file\"\ndirectory = \"/var/spool/../../etc\"", 3,
     "channel.f.directory"},
    {"[channel.x]\nplugin = \"x\"\nnote = \"" + std::string(513, 'n') + '"', 3, "channel.x.note"},
    {"[channel.x]\nplugin = \"x\"\nnote = \"a\\u0007\"", 3, "channel.x.note"},
};

}  // namespace

TEST_CASE("what is not TOML is refused with its line") {
    check_all(kNoToml);
}

TEST_CASE("unknown keys are refused") {
    check_all(kUnknownKeys);
}

TEST_CASE("values of a wrong type are refused") {
    check_all(kWrongTypes);
}

TEST_CASE("values out of bounds are refused") {
    check_all(kOutOfBounds);
}

TEST_CASE("methods that cannot work are refused") {
    check_all(kMethods);
}

TEST_CASE("channels that cannot work are refused") {
    check_all(kChannels);
}

TEST_CASE("the table of bad files has at least 150 rows") {
    CHECK(kNoToml.size() + kUnknownKeys.size() + kWrongTypes.size() + kOutOfBounds.size() +
              kMethods.size() + kChannels.size() >=
          150);
}

TEST_CASE("too many methods, channels, entries, options or levels are refused") {
    const SettingsFiles files;
    std::string methods;
    std::string channels;
    for (char c = 'a'; c <= 'z'; ++c) {
        methods += std::string{"[method.m"} + c + "]\nlabel = \"x\"\nchannels = [\"email\"]\n";
        channels += std::string{"[channel.c"} + c + "]\nplugin = \"x\"\n";
    }
    CHECK(files.refusal_of(methods).find("one method too many") != std::string::npos);
    CHECK(files.refusal_of(channels).find("one channel too many") != std::string::npos);
    std::string users = "privileged_users = [";
    std::string options = "[channel.x]\nplugin = \"x\"\n";
    for (int n = 0; n < 65; ++n) {
        users += "\"u\",";
        options += 'o' + std::to_string(n) + " = 1\n";
    }
    CHECK(files.refusal_of(users + "]\n").find("more than 64 entries") != std::string::npos);
    CHECK(files.refusal_of(options).find("too much for one plugin") != std::string::npos);
    CHECK(files.refusal_of("[a.b.c.d.e.f.g.h.i.j]\nk = 1\n").find("nested too deeply") !=
          std::string::npos);
    std::string dots;
    for (int n = 0; n < 100'000; ++n) dots += "a.";
    for (const std::string& text : {dots + "a = 1\n", '[' + dots + "a]\nb = 1\n"})
        CHECK(files.refusal_of(text).find("nested too deeply") != std::string::npos);
    std::string brackets = "privileged_users = ";
    CHECK(files.refusal_of(brackets.append(100000, '[')).find("not valid TOML") !=
          std::string::npos);
}

TEST_CASE("a value is never repeated in a refusal") {
    const SettingsFiles files;
    for (const char* text :
         {"[channel.email]\npassword = \"hunter2\"", "[channel.email]\nsecret_file = \"hunter2\"",
          "code_digits = \"hunter2\"", "[channel.email]\ntls = \"hunter2\"",
          "[channel.email]\nfrom = \"hunter2\"", "[method.email]\nkind = \"hunter2\""}) {
        const std::string sentence = files.refusal_of(text);
        CHECK_FALSE(sentence.empty());
        CHECK(sentence.find("hunter2") == std::string::npos);
    }
}

}  // namespace latchkey
