// SPDX-License-Identifier: MIT
//
// Stands in for latchkey-monitor in the tests of the module: replays the lines of
// /run/latchkey-test/script and writes what it received to /run/latchkey-test/seen.
//
//   ask TEXT           a visible question ("\n" in TEXT is a line end)
//   hidden TEXT        a hidden one
//   text TEXT          what the end has to say besides
//   finish N PASSWORD  the end, N being the number of the Outcome
//   garbage            a message of no known type
//   long               a message that is too long
//   hang               reads until the module is gone
// The end of the script without `finish` is the sudden end of the monitor.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/system/seqpacket.hpp"
#include "core/printable.hpp"

namespace {

using namespace latchkey;

std::string with_line_ends(std::string text) {
    for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n"))
        text.replace(at, 2, "\n");
    return text;
}

class ScriptedMonitor {
public:
    explicit ScriptedMonitor(Seqpacket module)
        : module_(std::move(module)), seen_("/run/latchkey-test/seen") {}

    void play() {
        auto first = module_.receive({});
        if (!first) return;
        if (const auto signed_in = wire::decode<wire::SignInHello>(first->bytes)) {
            seen_ << "signed in user=" << escaped(signed_in->user)
                  << " service=" << signed_in->service << " tty=" << signed_in->tty
                  << " wish=" << static_cast<int>(signed_in->wish) << std::endl;
            return play_script();
        }
        auto hello = wire::decode<wire::LoginHello>(first->bytes);
        if (!hello) return;
        seen_ << "hello user=" << escaped(hello->user) << " service=" << hello->service
              << " rhost=" << hello->rhost << " reason=" << static_cast<int>(hello->reason)
              << " resume=" << escaped(hello->resume_code) << std::endl;
        seen_ << "session_leader=" << (::getsid(0) == ::getpid())
              << " environment=" << environment_size() << std::endl;
        play_script();
    }

private:
    void play_script() {
        std::ifstream script{"/run/latchkey-test/script"};
        for (std::string line; std::getline(script, line);)
            if (!step(line)) return;
    }

    static std::size_t environment_size() {
        std::size_t size = 0;
        while (environ[size] != nullptr) ++size;
        return size;
    }

    bool step(const std::string& line) {
        std::istringstream words{line};
        std::string verb;
        words >> verb >> std::ws;
        std::string rest;
        std::getline(words, rest);
        if (verb == "ask") return module_.send_message(wire::Ask{with_line_ends(rest)}) && hear();
        if (verb == "hidden")
            return module_.send_message(wire::AskHidden{with_line_ends(rest)}) && hear();
        if (verb == "text") text_ = with_line_ends(rest);
        if (verb == "text") return true;
        if (verb == "finish") return finish(rest);
        if (verb == "garbage")
            return module_.send(std::array{std::byte{250}, std::byte{1}}).has_value();
        if (verb == "long")
            return module_.send(std::vector<std::byte>(wire::kMaxPacket + 1)).has_value();
        if (verb == "hang") return module_.receive({}).has_value();
        return false;
    }

    bool finish(const std::string& rest) {
        std::istringstream words{rest};
        int outcome = 0;
        std::string password;
        words >> outcome >> password;
        return module_
            .send_message(wire::LoginFinish{static_cast<Outcome>(outcome), Secret{password}, text_})
            .has_value();
    }

    bool hear() {
        auto packet = module_.receive({});
        if (!packet) return false;
        if (auto answer = wire::decode<wire::Answer>(packet->bytes)) {
            seen_ << "answer " << escaped(answer->text.reveal()) << std::endl;
            return true;
        }
        seen_ << (wire::decode<wire::Left>(packet->bytes) ? "left" : "unexpected") << std::endl;
        return false;
    }

    Seqpacket module_;
    std::ofstream seen_;
    std::string text_;
};

}  // namespace

int main() {
    ScriptedMonitor{Seqpacket{UniqueFd{3}}}.play();
    return 0;
}
