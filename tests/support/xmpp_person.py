#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A person's chat program for one test: xmpp_person.py PORT CA JID PASSWORD VERB...

  read                  waits for one chat message and prints it as JSON
  say TO TEXT [THREAD]  sends one, and ends when the server has it
"""
import asyncio
import json
import sys

import slixmpp

PORT, CA, JID, PASSWORD, VERB, *WORDS = sys.argv[1:]


class Person(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(JID, PASSWORD)
        self.ca_certs = CA
        self.register_plugin("xep_0199")
        self.done = asyncio.get_event_loop().create_future()
        self.add_event_handler("session_start", self.start)
        self.add_event_handler("message", self.read)
        self.add_event_handler("failed_all_auth", lambda _: self.done.set_result("no login"))

    async def start(self, _):
        if VERB == "read":
            self.send_presence()  # what was stored comes now
            return
        to, text, thread = WORDS
        message = self.make_message(mto=to, mbody=text, mtype="chat")
        if thread:
            message["thread"] = thread
        message.send()
        await self["xep_0199"].ping(self.boundjid.domain)  # the server has read all before it
        self.done.set_result(None)

    def read(self, message):
        if VERB != "read" or message["type"] != "chat" or self.done.done():
            return
        print(json.dumps({"from": str(message["from"]), "body": message["body"],
                          "thread": message["thread"], "id": message["id"]}))
        self.done.set_result(None)


async def main():
    person = Person()
    plain = not await offers_tls()
    person.connect(("127.0.0.1", int(PORT)), disable_starttls=plain, force_starttls=not plain)
    failure = await asyncio.wait_for(person.done, 30)
    await person.disconnect()
    return failure


async def offers_tls():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(PORT))
    domain = JID.split("@")[1]
    writer.write(("<stream:stream xmlns='jabber:client' version='1.0' to='%s' "
                  "xmlns:stream='http://etherx.jabber.org/streams'>" % domain).encode())
    features = await reader.readuntil(b"</stream:features>")
    writer.close()
    return b"xmpp-tls" in features


sys.exit(asyncio.get_event_loop().run_until_complete(main()))
