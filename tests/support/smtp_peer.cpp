// SPDX-License-Identifier: MIT
#include "tests/support/smtp_peer.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "adapters/system/unique_fd.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

namespace latchkey {

namespace {

ReceivedMail mail_of(const std::string& base) {
    const auto report = nlohmann::json::parse(content_of(base + ".json"));
    ReceivedMail mail;
    mail.mail_from = report.at("mail_from");
    mail.recipients = report.at("recipients");
    mail.user = report.at("user");
    mail.tls = report.at("tls");
    mail.multipart = report.at("multipart");
    mail.longest_line = report.at("longest_line");
    mail.defects = report.at("defects");
    for (const auto& header : report.at("headers"))
        mail.headers.emplace_back(header.at(0), header.at(1));
    mail.body = content_of(base + ".body");
    return mail;
}

}  // namespace

Certificates make_certificates(const std::string& directory, const std::string& prefix,
                               const std::string& server_name) {
    const std::string base = directory + "/" + prefix;
    Certificates made{base + "-ca.pem", base + "-server.pem", base + "-server.key"};
    const std::vector<std::string> new_key{"-newkey", "ec", "-pkeyopt",
                                           "ec_paramgen_curve:prime256v1", "-nodes"};
    auto with_key = [&](std::vector<std::string> command, const std::vector<std::string>& more) {
        command.insert(command.end(), new_key.begin(), new_key.end());
        command.insert(command.end(), more.begin(), more.end());
        must_run(command);
    };
    std::ofstream{base + ".ext"} << "subjectAltName=DNS:" << server_name << '\n';
    with_key({"openssl", "req", "-x509"}, {"-keyout", base + "-ca.key", "-out", made.ca, "-days",
                                           "30", "-subj", "/CN=" + prefix + " test authority"});
    with_key({"openssl", "req"},
             {"-keyout", made.key, "-out", base + ".csr", "-subj", "/CN=" + server_name});
    must_run({"openssl", "x509", "-req", "-in", base + ".csr", "-CA", made.ca, "-CAkey",
              base + "-ca.key", "-CAcreateserial", "-days", "30", "-extfile", base + ".ext", "-out",
              made.certificate});
    ::chmod(made.ca.c_str(), 0644);
    return made;
}

std::string ReceivedMail::header(const std::string& name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers)
        if (key == name) values.push_back(value);
    if (values.size() != 1)
        throw std::runtime_error{std::to_string(values.size()) + " headers " + name};
    return values.front();
}

namespace {

std::optional<LoopbackName> name_in_hosts() {
    std::ifstream hosts{"/etc/hosts"};
    for (std::string line; std::getline(hosts, line);) {
        std::istringstream words{line.substr(0, line.find('#'))};
        std::string address;
        words >> address;
        if (!address.starts_with("127.") && address != "::1") continue;
        for (std::string name; words >> name;)
            if (!name.starts_with("localhost")) return LoopbackName{name, address};
    }
    return std::nullopt;
}

// A bare root may have no such name, or no /etc/hosts at all. Then this process
// and its children see a copy of /etc with one; the machine itself does not change.
void add_name_to_hosts_of_this_process() {
    static const TemporaryDirectory copy;
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        throw std::runtime_error{
            "/etc/hosts names no loopback address but localhost; add \"127.0.1.1 a-name\""};
    must_run({"cp", "-a", "/etc/.", copy.path()});
    std::ofstream{copy.path() + "/hosts", std::ios::app}
        << "127.0.0.1 localhost\n127.0.1.1 loopback.test\n";
    ::chmod(copy.path().c_str(), 0755);
    if (::mount(copy.path().c_str(), "/etc", nullptr, MS_BIND, nullptr) != 0)
        throw std::runtime_error{"/etc cannot be covered"};
}

}  // namespace

LoopbackName loopback_name() {
    if (auto found = name_in_hosts()) return *found;
    add_name_to_hosts_of_this_process();
    return name_in_hosts().value();
}

SmtpPeer::SmtpPeer(const std::string& mode, const Certificates& certificates,
                   const std::string& address) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"pipe2"};
    const UniqueFd read_end{ends[0]};
    UniqueFd write_end{ends[1]};
    std::vector<std::string> words{
        "/usr/bin/python3",       LATCHKEY_TEST_SMTP_PEER, mode, directory_.path(), address,
        certificates.certificate, certificates.key};
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDOUT_FILENO);
    const int failure = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error{"python3 cannot be started"};
    write_end.reset();
    char c = 0;
    while (::read(read_end.get(), &c, 1) == 1 && c != '\n') port_ += c;
    if (port_.empty()) throw std::runtime_error{"the mail server did not start (aiosmtpd?)"};
}

SmtpPeer::~SmtpPeer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::vector<ReceivedMail> SmtpPeer::received(std::size_t known) const {
    std::vector<ReceivedMail> mails;
    for (std::size_t n = known + 1;
         std::filesystem::exists(directory_.file(std::to_string(n) + ".json")); ++n)
        mails.push_back(mail_of(directory_.file(std::to_string(n))));
    return mails;
}

}  // namespace latchkey
