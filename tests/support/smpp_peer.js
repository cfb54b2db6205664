// SPDX-License-Identifier: MIT
//
// An operator that speaks SMPP on loopback: smpp_peer.js MODULES FILE. Prints its port, lets
// everybody bind, and writes each message to FILE as a line of JSON before it takes it.
"use strict";
const { createRequire } = require("module");
const fs = require("fs");
const path = require("path");

const [modules, file] = process.argv.slice(2);
const smpp = createRequire(path.join(modules, "here.js"))("smpp");

const server = smpp.createServer((session) => {
  session.on("error", () => session.destroy());
  session.on("bind_transceiver", (pdu) => session.send(pdu.response()));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("submit_sm", (pdu) => {
    const message = {
      to: pdu.destination_addr,
      from: pdu.source_addr,
      data_coding: pdu.data_coding,
      text: pdu.short_message.message,
      validity: String(pdu.validity_period),
    };
    fs.appendFileSync(file, JSON.stringify(message) + "\n");
    session.send(pdu.response({ message_id: "1" }));
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
