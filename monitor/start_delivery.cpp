// SPDX-License-Identifier: MIT
#include "monitor/start_delivery.hpp"

#include <fcntl.h>
#include <string.h>

#include <cerrno>

#include "adapters/system/unique_fd.hpp"
#include "core/printable.hpp"
#include "monitor/process.hpp"

namespace latchkey {

namespace {

// To close what was open for writing is what the path unit waits for (PathChanged=).
void call_for_delivery(const std::string& file, EventLog& log) {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    const UniqueFd touched{::open(file.c_str(), kFlags, 0600)};
    if (!touched)
        log.record(Severity::Warning, "cannot call for a delivery why=" +
                                          in_quotes(file + ": " + strerrordesc_np(errno)));
}

}  // namespace

void start_delivery(EventLog& log, const DeliveryStart& how) {
    const auto started = start_detached({how.program, {"--deliver"}, {}});
    if (started) return;
    log.record(Severity::Warning, "cannot start delivery why=" + in_quotes(started.error().detail));
    call_for_delivery(how.call_file, log);
}

}  // namespace latchkey
