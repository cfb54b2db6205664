// SPDX-License-Identifier: MIT
//
// demo [--play forgot|unlock|ssh]: started by scripts/demo in its sandbox.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "demo/keyboard.hpp"
#include "demo/plays.hpp"
#include "demo/scene.hpp"
#include "demo/show.hpp"

namespace latchkey::demo {
namespace {

constexpr const char* introduction = R"(
You are Ada. Your name here is: ada
You have forgotten your password, so at "Password: " just press Enter.
Your e-mail address is ada@example.org; what is sent to you appears in this window.
Ctrl-] leaves at any time.

)";

void print_saved_codes(const Scene& scene) {
    std::cout << "Your recovery codes, should you want one:\n";
    for (std::size_t i = 0; i < scene.saved_codes().size() && i < 3; ++i) {
        std::cout << "  " << scene.saved_codes()[i] << '\n';
    }
    std::cout << '\n' << std::flush;
}

// As large as the newcomer's own, and of its kind.
TerminalOptions like_this_terminal() {
    TerminalOptions options;
    const char* const kind = std::getenv("TERM");
    if (kind != nullptr) options.environment.front() = std::string("TERM=") + kind;
    winsize size{};
    if (::ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) {
        options.rows = size.ws_row;
        options.columns = size.ws_col;
    }
    return options;
}

// As getty does it: a login that ends without a session is followed by the next.
int live_through_it(Scene& scene) {
    std::cout << introduction;
    print_saved_codes(scene);
    scene.expect_sign_in();
    Keyboard keyboard;
    while (!keyboard.has_left() && !scene.was_signed_in()) {
        Terminal login = scene.machine().console({}, like_this_terminal());
        show(login, scene, keyboard);
    }
    if (!scene.was_signed_in()) return 1;
    const bool changed = !scene.machine().password_is(kAda, scene.old_password());
    std::cout << "\r\nYou were signed in as ada"
              << (changed ? ", and the password you had forgotten is no more." : ".") << "\r\n"
              << "The sandbox is gone with this line; README.md says what happened in it.\r\n";
    return 0;
}

int run(const std::vector<std::string>& arguments) {
    if (arguments.empty()) {
        Scene scene;
        return live_through_it(scene);
    }
    if (arguments.size() != 2 || arguments[0] != "--play" || !is_play(arguments[1])) {
        std::cerr << "usage: demo [--play forgot|unlock|ssh]\n";
        return 2;
    }
    Scene scene;
    try {
        return play(arguments[1], scene) ? 0 : 1;
    } catch (const std::exception& failure) {
        std::cerr << "\ndemo: " << failure.what() << "\n---- system log ----\n"
                  << scene.machine().log();
        return 1;
    }
}

}  // namespace
}  // namespace latchkey::demo

int main(int argc, char* argv[]) {
    try {
        return latchkey::demo::run({argv + 1, argv + argc});
    } catch (const std::exception& failure) {
        std::cerr << "demo: " << failure.what() << '\n';
        return 1;
    }
}
