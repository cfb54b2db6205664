// SPDX-License-Identifier: MIT
//
// A delivery that is started, or called for where it cannot be.
#include "monitor/start_delivery.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "adapters/system/unique_fd.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace latchkey;

namespace {

// What latchkey-outbox.path would see: how often a file here was closed behind writing.
class Watch {
public:
    explicit Watch(const std::string& directory) : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
        REQUIRE(::inotify_add_watch(fd_.get(), directory.c_str(), IN_CLOSE_WRITE) >= 0);
    }
    int calls() const {
        int count = 0;
        alignas(inotify_event) std::array<char, 4096> events{};
        for (ssize_t got = 0; (got = ::read(fd_.get(), events.data(), events.size())) > 0;)
            for (ssize_t at = 0; at < got; ++count)
                at += static_cast<ssize_t>(
                    sizeof(inotify_event) +
                    reinterpret_cast<const inotify_event*>(events.data() + at)->len);
        return count;
    }

private:
    UniqueFd fd_;
};

}  // namespace

TEST_CASE("a delivery that could be started is called for by nobody else") {
    const TemporaryDirectory directory;
    const Watch watch{directory.path()};
    RecordedEvents log;
    start_delivery(log, {"/bin/true", directory.file("call")});
    CHECK(watch.calls() == 0);
    CHECK(::access(directory.file("call").c_str(), F_OK) != 0);
    CHECK_FALSE(log.has("cannot start delivery"));
}

TEST_CASE("a delivery that could not be started is called for once, each time") {
    const TemporaryDirectory directory;
    const Watch watch{directory.path()};
    for (const int time : {1, 2}) {  // the file is new, then it is there
        CAPTURE(time);
        RecordedEvents log;
        start_delivery(log, {directory.file("missing"), directory.file("call")});
        CHECK(watch.calls() == 1);
        CHECK(log.has("cannot start delivery"));
        CHECK_FALSE(log.has("cannot call for a delivery"));
    }
    struct stat call {};
    REQUIRE(::stat(directory.file("call").c_str(), &call) == 0);
    CHECK((call.st_mode & 07777) == 0600);
    CHECK(call.st_size == 0);
}

TEST_CASE("a call that cannot be made is a warning, and follows no link") {
    const TemporaryDirectory directory;
    RecordedEvents log;
    start_delivery(log, {directory.file("missing"), directory.file("none/call")});
    CHECK(log.has("cannot call for a delivery"));

    const std::string target = directory.file("target");
    REQUIRE(::symlink(target.c_str(), directory.file("call").c_str()) == 0);
    start_delivery(log, {directory.file("missing"), directory.file("call")});
    CHECK(::access(target.c_str(), F_OK) != 0);
}
