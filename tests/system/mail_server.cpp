// SPDX-License-Identifier: MIT
#include "tests/system/mail_server.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/system/machine.hpp"

namespace latchkey {
namespace {

constexpr const char* directory = "/run/mail-server";
constexpr const char* trusted_certificates = "/etc/ssl/certs/ca-certificates.crt";

std::string below(const std::string& name) {
    return std::string(directory) + '/' + name;
}

const char* word_for(MailServer::Kind kind) {
    switch (kind) {
        case MailServer::Plain:
            return "plain";
        case MailServer::StartTls:
        case MailServer::WrongName:
            return "starttls";
        case MailServer::ImplicitTls:
            return "implicit-tls";
        case MailServer::Mute:
            return "mute";
        case MailServer::Refusing:
            return "refusing";
    }
    return "plain";
}

// A certificate for `name` that signs itself and that this machine trusts from now on.
void make_certificate(const std::string& name) {
    must_run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
              "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=" + name,
              "-addext", "subjectAltName=DNS:" + name, "-keyout", below("key.pem"), "-out",
              below("certificate.pem")});
    std::ofstream(trusted_certificates, std::ios::app) << '\n'
                                                       << file_text(below("certificate.pem"));
}

pid_t start_server(MailServer::Kind kind, bool needs_login) {
    std::vector<std::string> arguments{"/usr/bin/python3", LATCHKEY_MAIL_SERVER_SCRIPT,
                                       word_for(kind), std::to_string(MailServer::port), directory};
    if (needs_login) arguments.insert(arguments.end(), {MailServer::user, MailServer::password});
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    pid_t pid = -1;
    if (::posix_spawn(&pid, pointers[0], nullptr, nullptr, pointers.data(), environ) != 0) {
        throw std::runtime_error("the mail server could not be started");
    }
    return pid;
}

std::vector<std::string> mails() {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(below("new"))) {
        std::string path = entry.path().string();
        if (!is_of_setting_up(file_text(path))) paths.push_back(std::move(path));
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

MailServer::MailServer(Kind kind, bool needs_login) {
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(below("new"));
    const std::string hosts = file_text("/etc/hosts");
    if (hosts.find(host) == std::string::npos) {
        write_file("/etc/hosts", hosts + "127.0.0.1\t" + host + "\n");
    }
    make_certificate(kind == WrongName ? "other.example.test" : host);
    pid_ = start_server(kind, needs_login);
    if (!comes_true([] { return std::filesystem::exists(below("listens")); })) {
        throw std::runtime_error("the mail server does not listen");
    }
}

MailServer::~MailServer() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

std::size_t MailServer::count() const {
    return mails().size();
}

std::string MailServer::next_mail(std::chrono::milliseconds within) {
    std::string found;
    const auto has_come = [&] {
        for (const std::string& path : mails()) {
            if (returned_.insert(path).second) {
                found = path;
                return true;
            }
        }
        return false;
    };
    if (!comes_true(has_come, within)) throw std::runtime_error("no mail came");
    return file_text(found);
}

}  // namespace latchkey
