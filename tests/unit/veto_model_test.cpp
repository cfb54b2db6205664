// SPDX-License-Identifier: MIT
//
// H11: whoever holds one address of an account against its owner, who holds two. Both know the
// password. Every interleaving of their moves over two days is played on the real code: eight
// days after the first the thief's address is gone, and the owner's never all are.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/masks.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/change_world.hpp"
#include "tests/support/evidence.hpp"

namespace latchkey {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const std::string kThief = "tom@thief.example";
const std::string kThiefsNext = "mallory@other.example";
const std::string kHome = "ada@home.example";
const std::string kWork = "ada@work.example";

enum class Move { RemoveHome, RemoveWork, Add, Veto, SayNotMe, Recover };
constexpr std::array kMoves{Move::RemoveHome, Move::RemoveWork, Move::Add,
                            Move::Veto,       Move::SayNotMe,   Move::Recover};
using Moves = std::vector<Move>;

class Contest {
public:
    Contest() {
        world_.vault.is_scattered = true;
        // What strangers may use up is another test's.
        LimitSettings& limits = world_.settings.limits;
        limits.sends_per_minute = limits.sends_per_ten_minutes = limits.sends_per_hour =
            limits.sends_per_day = 1000;
        for (const std::string& address : {kHome, kWork, kThief}) world_.enrol_address(address);
    }

    void thief(const Moves& moves) {
        for (const Move move : moves) {
            world_.clock.advance(minutes{1});
            make(move);
        }
    }
    // Ends what is not the owner's, then takes the thief's address away. The second time in a day
    // after another change of the thief's.
    void owner() {
        world_.clock.advance(minutes{1});
        for (const std::string& address : {kHome, kWork}) use_vetoes_of(address);
        world_.clock.advance(minutes{1});
        for (const std::string& address : {kHome, kWork})
            if (remove(kThief, address)) break;
        (void)take_new_vetoes();  // of what the owner has done
    }
    void day_passes() { world_.clock.advance(hours{24}); }

    [[nodiscard]] bool counts_now(const std::string& address) {
        const auto rows = world_.store.contacts("1001:ada").value();
        return std::any_of(rows.begin(), rows.end(), [&](const Contact& row) {
            const auto plain = world_.vault.unseal(
                world_.request.subkey, contact_binding("1001:ada", row), row.sealed_address);
            return plain && plain->reveal() == address && counts(row, world_.clock.now());
        });
    }
    [[nodiscard]] bool owner_gets_in() { return recover_by(kHome) || recover_by(kWork); }
    [[nodiscard]] bool recover_by(const std::string& address) {
        world_.clock.advance(minutes{1});
        const bool recovered =
            world_.connect(choice(address), code_to(address)) == Outcome::Recovered;
        (void)take_new_vetoes();
        return recovered;
    }

private:
    void make(Move move) {
        switch (move) {
            case Move::RemoveHome:
                (void)remove(kHome, kThief);
                break;
            case Move::RemoveWork:
                (void)remove(kWork, kThief);
                break;
            case Move::Add:
                (void)world_.enrol_by_owner(kThiefsNext, choice(kThief), code_to(kThief),
                                            code_to(kThiefsNext));
                break;
            case Move::Veto:
                use_vetoes_of(kThief);
                use_vetoes_of(kThiefsNext);
                return;
            case Move::SayNotMe:
                (void)world_.deny_by_owner();
                return;
            case Move::Recover:
                (void)world_.connect(choice(kThief), code_to(kThief));
                break;
        }
        // The owner denies all of it; the thief what there is to be denied.
        for (const auto& [address, code] : take_new_vetoes()) codes_[address].push_back(code);
    }
    bool remove(const std::string& address, const std::string& prover) {
        return world_.remove_by_owner(address, choice(prover), code_to(prover));
    }
    void use_vetoes_of(const std::string& address) {
        for (const std::string& code : std::exchange(codes_[address], {}))
            (void)world_.deny_by_owner(code);
    }
    // Of the notices that came since the last call.
    std::map<std::string, std::string> take_new_vetoes() {
        std::map<std::string, std::string> codes;
        const auto notices = world_.messages(OutboxPurpose::Notice);
        for (; read_ < notices.size(); ++read_) {
            const std::string_view text = notices[read_].text.reveal();
            const std::string_view label = "latchkey deny ";
            const auto at = text.find(label);
            if (at != text.npos) codes[notices[read_].to] = text.substr(at + label.size(), 11);
        }
        return codes;
    }
    // The line of the menu with that address; back if it is not offered.
    ScriptedConversation::Line choice(const std::string& address) {
        return [mask = masked_address(address)](const Screen& screen) {
            for (std::size_t i = 0; i < screen.items.size(); ++i)
                if (screen.items[i].masked_destination == mask) return std::to_string(i + 1);
            return std::string{};
        };
    }
    // What that mailbox got last.
    ScriptedConversation::Line code_to(const std::string& address) {
        return [this, address](const Screen&) {
            std::string code;
            for (const OutboxMessage& message : world_.messages(OutboxPurpose::Code))
                if (message.to == address) code = RecoveryWorld::code_in(message);
            return code;
        };
    }

    ChangeWorld world_;
    std::map<std::string, std::vector<std::string>> codes_;  // unused, by mailbox
    std::size_t read_ = 0;
};

std::vector<Moves> words_of_at_most_two() {
    std::vector<Moves> words{{}};
    for (const Move one : kMoves) {
        words.push_back({one});
        for (const Move other : kMoves) words.push_back({one, other});
    }
    return words;
}

// The thief moves before the owner and, if they must, behind them.
bool owner_wins(const Moves& first, const Moves& second, const Moves& last, bool thief_begins) {
    Contest contest;
    const auto day = [&](const Moves& moves) {
        if (thief_begins) contest.thief(moves);
        contest.owner();
        if (!thief_begins) contest.thief(moves);
        contest.day_passes();
    };
    day(first);
    day(second);
    // Whatever the thief still does is ended as soon as it is told.
    for (int i = 2; i < 8; ++i) {
        contest.thief(last);
        contest.owner();
        contest.day_passes();
    }
    if (contest.counts_now(kThief) || contest.counts_now(kThiefsNext)) return false;
    if (!contest.owner_gets_in()) return false;
    for (int i = 0; i < 40; ++i) contest.day_passes();
    return contest.owner_gets_in() && !contest.counts_now(kThief);
}

}  // namespace

TEST_CASE("the owner of two addresses wins against whoever holds one, in all orders of moves") {
    const auto words = words_of_at_most_two();
    std::uint64_t played = 0;
    for (const Moves& first : words)
        for (const Moves& second : words)
            for (const bool thief_begins : {true, false}) {
                ++played;
                if (owner_wins(first, second, {}, thief_begins)) continue;
                std::string moves;
                for (const Moves* word : {&first, &second}) {
                    for (const Move move : *word) moves += std::to_string(static_cast<int>(move));
                    moves += '|';
                }
                FAIL_CHECK("the thief keeps an address: " << moves << " begins=" << thief_begins);
            }
    evidence("H11 two addresses against one", std::to_string(played) + " orders of moves",
             "the owner wins within 8 days");
}

TEST_CASE("and if the thief goes on with the same every day") {
    for (const Moves& word : words_of_at_most_two())
        for (const bool thief_begins : {true, false}) {
            INFO(word.size() << " moves, the first "
                             << (word.empty() ? -1 : static_cast<int>(word.front()))
                             << ", the last " << (word.empty() ? -1 : static_cast<int>(word.back()))
                             << ", begins=" << thief_begins);
            CHECK(owner_wins(word, word, word, thief_begins));
        }
}

}  // namespace latchkey
