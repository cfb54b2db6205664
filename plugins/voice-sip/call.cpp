// SPDX-License-Identifier: MIT
//
// By baresip, which is told what to do over standard input, and tells what became of it over
// standard output. Its settings hold nothing confidential; what is spoken is a file in memory.
#include "plugins/voice-sip/call.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "adapters/system/unique_fd.hpp"
#include "plugins/voice-sip/call_report.hpp"
#include "plugins/voice-sip/piped_program.hpp"
#include "plugins/voice-sip/private_files.hpp"

namespace latchkey::sip {

namespace {

using plugin::Outcome;
using plugin::Reply;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Less than most mailboxes wait.
constexpr seconds kLongestRing{25};
constexpr seconds kShortestRing{10};
// From picking up to hanging up, beside what is said; then until baresip has ended.
constexpr seconds kAroundSpeech{4};
constexpr seconds kGoodbye{2};

// Until somebody answers there is silence: servers that connect the sound before would have
// it end before it begins.
constexpr const char* kSilence = "/proc/self/fd/3";
constexpr const char* kSpeak = "/ausrc aufile,/proc/self/fd/4\n";

std::string settings_file(const SipSettings& settings) {
    std::string file =
        "module_path /usr/lib/baresip/modules\n"
        "module stdio.so\n"
        "module g711.so\n"
        "module aufile.so\n"
        "module srtp.so\n"
        "module_app menu.so\n"
        "statmode_default off\n"
        "call_max_calls 1\n"
        "audio_source aufile,";
    file.append(kSilence).append("\n");
    if (settings.transport == "tls") file += "sip_cafile " + settings.ca_file + '\n';
    return file;
}

// libre 1.1 reads ca_file and then looks at no certificate, but OpenSSL can be told to refuse.
// It compares no host name, which is why ca_file has no default: it should be of somebody
// who signed nothing but this server's certificate.
constexpr std::string_view kOpensslFile =
    "openssl_conf = settings\n[settings]\nssl_conf = of_tls\n[of_tls]\n"
    "system_default = of_all\n[of_all]\nMinProtocol = TLSv1.2\nVerifyMode = Peer\n";

// This host's address on the way to the server, so that the sound takes that way, too. Empty:
// the server is known to DNS by its services only.
std::string own_address(const SipSettings& settings) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const std::string port = settings.port.empty() ? "5060" : settings.port;
    if (::getaddrinfo(settings.server.c_str(), port.c_str(), &wanted, &found) != 0) return {};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses{found, &::freeaddrinfo};
    const UniqueFd socket{::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    auto* const address = reinterpret_cast<sockaddr*>(&own);
    std::array<char, NI_MAXHOST> text{};
    if (::connect(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
        ::getsockname(socket.get(), address, &size) != 0 ||
        ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        return {};
    return text.data();
}

// A running baresip with its account, or failed() with why there is none.
class Baresip {
public:
    Baresip(const SipSettings& settings, const Samples& speech) : report_{caller_of(settings)} {
        // Half a minute of ringing and some more.
        const UniqueFd silence = file_in_memory(write_wav(Samples(std::size_t{8000} * 60)));
        const UniqueFd spoken = file_in_memory(write_wav(speech));
        const bool tls = settings.transport == "tls";
        if (!silence || !spoken || directory_.path().empty() ||
            !directory_.write("config", settings_file(settings)) ||
            (tls && !directory_.write("openssl", kOpensslFile))) {
            failure_ = {Outcome::NotTaken, "no room for baresip's settings in /tmp"};
            return;
        }
        // -s shows the messages: libre follows a redirect without a word, and has no switch.
        plugin::Program program{.arguments = {kBaresip, "-s", "-f", directory_.path()},
                                .more = {silence.get(), spoken.get()}};
        if (const std::string own = own_address(settings); !own.empty())
            program.arguments.insert(program.arguments.end(), {"-n", own});
        if (tls) program.variables = {"OPENSSL_CONF=" + directory_.path() + "/openssl"};
        program_ = std::make_unique<PipedProgram>(std::move(program));
        if (!program_->started() || !program_->tell(account_command(settings)))
            failure_ = {Outcome::Misconfigured, "baresip cannot be started"};
    }

    [[nodiscard]] const std::optional<Reply>& failure() const { return failure_; }
    [[nodiscard]] const CallReport& report() const { return report_; }
    [[nodiscard]] bool tell(std::string_view line) { return program_->tell(line); }

    // Listens until `enough` of the report, the end of the call or of the program, or `until`.
    template <typename Enough>
    void listen(steady_clock::time_point until, Enough enough) {
        auto heard = PipedProgram::Heard::Something;
        while (!report_.is_over() && !enough(report_) && heard == PipedProgram::Heard::Something) {
            std::string piece;
            heard = program_->hear(piece, until);
            report_.take(piece);
            if (report_.is_ready()) directory_.remove();
        }
    }
    // Hangs up, if there is a call. One may have left since it was last listened to.
    void end() {
        const std::string said = program_->end(kGoodbye);
        if (!report_.is_spoken_to()) report_.take(said);
    }

private:
    PrivateDirectory directory_;
    CallReport report_;
    std::unique_ptr<PipedProgram> program_;
    std::optional<Reply> failure_;
};

}  // namespace

bool is_time_for_call(milliseconds left) {
    constexpr seconds kShortestSpeech{5};
    return left > kShortestRing + kAroundSpeech + kGoodbye + kShortestSpeech;
}

Reply no_time() {
    return {Outcome::NotTaken, "too little time is left for a call; write deadline = 60"};
}

Reply call(const SipSettings& settings, std::string_view number, const Samples& speech,
           milliseconds longest) {
    const auto start = steady_clock::now();
    const auto ring = std::min<milliseconds>(
        kLongestRing, longest - length_of(speech) - kAroundSpeech - kGoodbye);
    if (ring < kShortestRing) return no_time();
    Baresip baresip{settings, speech};
    if (baresip.failure()) return *baresip.failure();
    if (!baresip.tell(dial_command(settings, number)))
        return {Outcome::NotTaken, "baresip ended early"};
    baresip.listen(start + ring, [](const CallReport& report) { return report.is_answered(); });
    if (baresip.report().is_answered() && baresip.tell(kSpeak))
        baresip.listen(start + longest - kGoodbye, [](const CallReport&) { return false; });
    baresip.end();
    return baresip.report().reply();
}

}  // namespace latchkey::sip
