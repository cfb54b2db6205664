// SPDX-License-Identifier: MIT
#include "plugins/push-xmpp/archive.hpp"

#include <sys/random.h>

#include <array>
#include <stdexcept>

#include "plugins/common/escape.hpp"
#include "plugins/push-xmpp/jid.hpp"

namespace latchkey::xmpp {

namespace {

constexpr const char* kArchive = "urn:xmpp:mam:2";
constexpr const char* kForward = "urn:xmpp:forward:0";
constexpr const char* kPages = "http://jabber.org/protocol/rsm";
constexpr std::size_t kLongestPlace = 512;

struct Query {
    const std::string& person;
    std::string pages;  // what stands in <set>
};

// Names one query. Results that do not carry it came from somebody else.
std::string fresh_name() {
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != std::ssize(bytes))
        throw std::runtime_error{"no random bytes"};
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string name;
    for (const unsigned char byte : bytes) {
        name += kHex[byte >> 4];
        name += kHex[byte & 0xf];
    }
    return name;
}

std::string field(const std::string& name, const std::string& value) {
    return "<field var='" + name + "'><value>" + value + "</value></field>";
}

// The <fin/> of the answer, which lives as long as `answer`; null if it is none. The results
// are in session.messages() then.
xmpp_stanza_t* asked(Session& session, const Query& query, const std::string& name,
                     Stanza& answer) {
    session.forget_messages();
    answer = session.ask(
        "set", std::string{"<query xmlns='"} + kArchive + "' queryid='" + name +
                   "'><x xmlns='jabber:x:data' type='submit'>" + field("FORM_TYPE", kArchive) +
                   field("with", plugin::xml_escaped(query.person).value()) + "</x><set xmlns='" +
                   kPages + "'>" + query.pages + "</set></query>");
    if (attribute_of(answer.get(), "type") != "result") return nullptr;
    return child_of(answer.get(), "fin", kArchive);
}

// The message within a result of that query, or null. Only our own server hands results out:
// as from the account itself.
xmpp_stanza_t* message_in(xmpp_stanza_t* stanza, const std::string& us, const std::string& name) {
    const std::string from = attribute_of(stanza, "from");
    if (!from.empty() && from != us) return nullptr;
    xmpp_stanza_t* result = child_of(stanza, "result", kArchive);
    if (attribute_of(result, "queryid") != name) return nullptr;
    xmpp_stanza_t* forwarded = child_of(result, "forwarded", kForward);
    return forwarded == nullptr ? nullptr : xmpp_stanza_get_child_by_name(forwarded, "message");
}

bool is_from_to(xmpp_stanza_t* message, const std::string& person, const std::string& us) {
    const std::string type = attribute_of(message, "type");
    return (type.empty() || type == "chat" || type == "normal") &&
           without_resource(attribute_of(message, "from")) == person &&
           without_resource(attribute_of(message, "to")) == us;
}

}  // namespace

std::optional<std::string> end_of_archive(Session& session, const std::string& person) {
    Stanza answer;
    xmpp_stanza_t* fin = asked(session, {person, "<max>1</max><before/>"}, fresh_name(), answer);
    if (fin == nullptr) return std::nullopt;
    std::string place = text_in(child_of(fin, "set", kPages), "last");
    if (place.size() > kLongestPlace) return std::nullopt;
    return place;
}

std::optional<std::vector<ArchivedMessage>> messages_behind(Session& session,
                                                            const std::string& place,
                                                            const std::string& person,
                                                            const std::string& us) {
    const auto escaped = plugin::xml_escaped(place);
    if (!escaped) return std::nullopt;
    const std::string after = place.empty() ? "" : "<after>" + *escaped + "</after>";
    const std::string name = fresh_name();
    Stanza answer;
    if (asked(session, {person, "<max>50</max>" + after}, name, answer) == nullptr)
        return std::nullopt;
    std::vector<ArchivedMessage> found;
    for (const Stanza& stanza : session.messages()) {
        xmpp_stanza_t* message = message_in(stanza.get(), us, name);
        if (message != nullptr && is_from_to(message, person, us))
            found.push_back({text_in(message, "body"), text_in(message, "thread")});
    }
    return found;
}

}  // namespace latchkey::xmpp
