// SPDX-License-Identifier: MIT
#include "plugin_test/report.hpp"

#include <ostream>

#include <nlohmann/json.hpp>

#include "core/printable.hpp"

namespace latchkey::plugin_test {

namespace {

using nlohmann::ordered_json;
using Kind = Verdict::Kind;

class TextReport final : public Report {
public:
    explicit TextReport(std::ostream& out) : out_{out} {}

    void tell(const Examined& examined) override {
        const Verdict& verdict = examined.verdict;
        out_ << (verdict.kind == Kind::Failed ? "not ok " : "ok ") << examined.number << " - "
             << examined.name;
        if (verdict.kind == Kind::Failed) out_ << ": " << verdict.seen << "; " << verdict.mend;
        if (verdict.kind == Kind::Skipped) out_ << " # SKIP " << verdict.seen;
        out_ << std::endl;  // seen while the next is looked at
    }
    void end(const Tally& tally) override {
        if (tally.cut_short) out_ << "# not looked at further: put this right first\n";
        if (tally.skipped > 0) out_ << "# " << tally.skipped << " skipped\n";
        out_ << tally.passed << " passed, " << tally.failed << " failed" << std::endl;
    }

private:
    std::ostream& out_;
};

class JsonReport final : public Report {
public:
    JsonReport(std::ostream& out, const std::string& file) : out_{out} {
        root_["file"] = escaped(file);
        root_["abi"] = LATCHKEY_ABI;
        root_["checks"] = ordered_json::array();
    }

    void tell(const Examined& examined) override {
        constexpr const char* kResults[] = {"passed", "failed", "skipped"};
        ordered_json check{{"number", examined.number},
                           {"name", examined.name},
                           {"result", kResults[static_cast<std::size_t>(examined.verdict.kind)]}};
        if (!examined.verdict.seen.empty()) check["seen"] = examined.verdict.seen;
        if (!examined.verdict.mend.empty()) check["mend"] = examined.verdict.mend;
        root_["checks"].push_back(std::move(check));
    }
    void end(const Tally& tally) override {
        root_["passed"] = tally.passed;
        root_["failed"] = tally.failed;
        root_["skipped"] = tally.skipped;
        root_["cut_short"] = tally.cut_short;
        out_ << root_.dump(2, ' ', true, ordered_json::error_handler_t::replace) << std::endl;
    }

private:
    std::ostream& out_;
    ordered_json root_;
};

}  // namespace

std::unique_ptr<Report> text_report(std::ostream& out) {
    return std::make_unique<TextReport>(out);
}

std::unique_ptr<Report> json_report(std::ostream& out, const std::string& file) {
    return std::make_unique<JsonReport>(out, file);
}

}  // namespace latchkey::plugin_test
