// SPDX-License-Identifier: MIT
//
// latchkey-plugin-test(1) finds every fault that it looks for, and nothing else.
#include <future>
#include <set>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/plugin_kit/faults.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace latchkey;
using nlohmann::json;

const std::string tester = LATCHKEY_TEST_TESTER;
const std::string faulty_plugins = LATCHKEY_TEST_FAULTY_PLUGINS "/";
constexpr std::size_t at_a_time = 8;  // they wait most of the time

std::set<std::string> failed_checks(const json& report) {
    std::set<std::string> failed;
    for (const json& check : report["checks"])
        if (check["result"] == "failed") failed.insert(check["name"]);
    return failed;
}

struct Workbench {
    TemporaryDirectory directory;
    std::string config = directory.write("channel.toml",
                                         "[channel.push]\n"
                                         "service = \"push.example.org\"\n"
                                         "secret_file = \"secret\"\n",
                                         0644);
    std::string secret = directory.write("secret", "token-of-the-workbench\n", 0644);

    [[nodiscard]] Completed test(const std::string& file,
                                 const std::vector<std::string>& more = {}) const {
        std::vector<std::string> argv{tester, file};
        argv.insert(argv.end(), more.begin(), more.end());
        return run_command(argv);
    }
    [[nodiscard]] Completed test_configured(const std::string& fault) const {
        return test(faulty_plugins + fault + ".so", {"--config", config, "--json"});
    }
};

}  // namespace

TEST_CASE("each faulty plugin fails the one check that its fault belongs to", "[plugin kit]") {
    const Workbench bench;
    const std::vector<Fault> faults = all_faults();
    REQUIRE(faults.size() >= 20);
    for (std::size_t begin = 0; begin < faults.size(); begin += at_a_time) {
        std::vector<std::future<Completed>> tested;
        for (std::size_t i = begin; i < std::min(begin + at_a_time, faults.size()); ++i)
            tested.push_back(std::async(std::launch::async, [&bench, &fault = faults[i]] {
                return bench.test_configured(fault.name);
            }));
        for (std::size_t i = 0; i < tested.size(); ++i) {
            const Completed completed = tested[i].get();
            const Fault& fault = faults[begin + i];
            INFO(fault.name << "\n" << completed.out << completed.err);
            CHECK(completed.status == 1);
            CHECK(failed_checks(json::parse(completed.out)) == std::set<std::string>{fault.check});
        }
    }
}

TEST_CASE("the same plugin without a fault passes every check", "[plugin kit]") {
    const Workbench bench;
    const std::string name = GENERATE("none", "none_of_an_approval");
    const Completed completed = bench.test_configured(name);
    INFO(completed.out << completed.err);
    CHECK(completed.status == 0);
    const json report = json::parse(completed.out);
    CHECK(report["failed"] == 0);
    CHECK(report["skipped"] == 0);
    CHECK(report["passed"] == report["checks"].size());
}

TEST_CASE("the tester tells each check in a line and the numbers at the end", "[plugin kit]") {
    const Workbench bench;
    const Completed completed = bench.test(faulty_plugins + "is_of_another_abi.so");
    CHECK(completed.status == 1);
    CHECK(completed.err.empty());
    CHECK(completed.out.find("ok 1 - has a name that a configuration can name\n") == 0);
    CHECK(completed.out.find("\nnot ok 5 - has a table that the host takes: ABI, size, kind, "
                             "function: plugin is_of_another_abi: was built for ABI 2, this host "
                             "has ABI 1; build it against") != std::string::npos);
    CHECK(
        completed.out.ends_with("\n# not looked at further: put this right first\n"
                                "4 passed, 1 failed\n"));
}

TEST_CASE("what cannot be tested is told in one sentence with status 2", "[plugin kit]") {
    const Workbench bench;
    const std::string good = faulty_plugins + "none.so";
    struct Row {
        std::vector<std::string> arguments;
        std::string sentence;
    };
    const std::string two = bench.directory.write("two.toml", "[channel.a]\n[channel.b]\n", 0644);
    const std::string other =
        bench.directory.write("other.toml", "[channel.a]\nplugin = \"email\"\n", 0644);
    const std::string text = bench.directory.write("text.so", "no shared object\n", 0644);
    const std::string method = bench.directory.write("method.toml", "[method.a]\nx = 1\n", 0644);
    for (const Row& row : std::vector<Row>{
             {{}, "FILE.so is required"},
             {{"/nowhere/none.so"}, "/nowhere/none.so: No such file or directory; name the plugin"},
             {{text}, "is no shared object, or was cut short"},
             {{good, "--config", "/nowhere/c.toml"}, "/nowhere/c.toml: cannot be read"},
             {{good, "--config", two}, "must hold one table [channel.NAME]; it holds 2"},
             {{good, "--config", other}, "is \"email\", but the file to test is \"none\""},
             {{good, "--config", method}, "method.a.x: is not read here"},
             {{good, "--live", "ada@example.org"}, "--live needs the real settings"},
             {{good, "--loud"}, "--loud"},
         }) {
        std::vector<std::string> argv{tester};
        argv.insert(argv.end(), row.arguments.begin(), row.arguments.end());
        const Completed completed = run_command(argv);
        INFO(completed.out << completed.err);
        CHECK(completed.status == 2);
        CHECK(completed.out.empty());
        CHECK(completed.err.find("latchkey-plugin-test: ") == 0);
        CHECK(completed.err.find(row.sentence) != std::string::npos);
        CHECK(std::count(completed.err.begin(), completed.err.end(), '\n') == 1);
    }
}
