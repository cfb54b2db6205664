// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "plugin_test/examination.hpp"

namespace latchkey::plugin_test {

// How the findings are told.
class Report {
public:
    virtual ~Report() = default;
    virtual void tell(const Examined& examined) = 0;
    virtual void end(const Tally& tally) = 0;
};

// Lines as of the Test Anything Protocol, each as soon as it is known; ends "N passed, N failed".
[[nodiscard]] std::unique_ptr<Report> text_report(std::ostream& out);
// One JSON object at the end. `file` is the plugin's.
[[nodiscard]] std::unique_ptr<Report> json_report(std::ostream& out, const std::string& file);

}  // namespace latchkey::plugin_test
