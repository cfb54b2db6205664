// SPDX-License-Identifier: MIT
#include "tests/support/http_peer.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace latchkey {

namespace {

std::string decoded(const std::string& text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%') {
            result += static_cast<char>(std::stoi(text.substr(at + 1, 2), nullptr, 16));
            at += 2;
        } else {
            result += text[at] == '+' ? ' ' : text[at];
        }
    }
    return result;
}

nlohmann::json fields_of(std::string text) {
    nlohmann::json fields = nlohmann::json::object();
    while (!text.empty()) {
        const std::string field = text.substr(0, text.find('&'));
        const std::size_t equals = field.find('=');
        const std::string name = decoded(field.substr(0, equals));
        if (fields.contains(name)) throw std::runtime_error{"twice in a form: " + name};
        fields[name] = equals == std::string::npos ? "" : decoded(field.substr(equals + 1));
        text.erase(0, field.size() + 1);
    }
    return fields;
}

ReceivedRequest request_of(const std::string& file) {
    const auto report = nlohmann::json::parse(content_of(file));
    ReceivedRequest request;
    request.method = report.at("method");
    request.target = report.at("target");
    request.body = report.at("body");
    for (const auto& header : report.at("headers"))
        request.headers.emplace_back(header.at(0), header.at(1));
    return request;
}

}  // namespace

std::string ReceivedRequest::header(const std::string& name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers)
        if (key == name) values.push_back(value);
    if (values.size() != 1)
        throw std::runtime_error{std::to_string(values.size()) + " headers " + name};
    return values.front();
}

nlohmann::json ReceivedRequest::form() const {
    return fields_of(body);
}

nlohmann::json ReceivedRequest::query() const {
    const std::size_t mark = target.find('?');
    return fields_of(mark == std::string::npos ? "" : target.substr(mark + 1));
}

HttpPeer::HttpPeer(const std::string& mode, const Certificates& certificates,
                   const std::string& address)
    : tls_{!certificates.certificate.empty()},
      process_{{"/usr/bin/python3", LATCHKEY_TEST_HTTP_PEER, mode, directory_.path(), address,
                certificates.certificate, certificates.key}} {
    answer({});
}

void HttpPeer::answer(const HttpReply& reply) const {
    const nlohmann::json answer{{"status", reply.status},
                                {"headers", reply.headers},
                                {"body", reply.body},
                                {"echo", reply.echo}};
    directory_.write("answer.json", answer.dump());
}

std::string HttpPeer::url(const std::string& name) const {
    return (tls_ ? "https://" : "http://") + name + ":" + process_.first_line();
}

std::vector<ReceivedRequest> HttpPeer::received() const {
    std::vector<ReceivedRequest> requests;
    for (std::size_t n = 1; std::filesystem::exists(directory_.file(std::to_string(n) + ".json"));
         ++n)
        requests.push_back(request_of(directory_.file(std::to_string(n) + ".json")));
    return requests;
}

ReceivedRequest HttpPeer::only_request() const {
    const auto requests = received();
    if (requests.size() != 1)
        throw std::runtime_error{std::to_string(requests.size()) + " requests instead of one"};
    return requests.front();
}

std::optional<std::size_t> HttpPeer::flooded() const {
    std::size_t written = 0;
    std::ifstream file{directory_.file("written")};
    return file >> written ? std::optional{written} : std::nullopt;
}

}  // namespace latchkey
