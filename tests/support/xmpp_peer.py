#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A chat server on loopback that misbehaves, for one test: xmpp_peer.py MODE WHEN DIRECTORY

Prints its port on the first line and serves until it is killed, in the clear. WHEN is "at-once" or
"signed-in": then it lets whoever comes sign in, and misbehaves at the first thing it is asked.
Each connection that has come so far is counted in DIRECTORY/misbehaved, and what a mode that speaks
for ever got rid of is in DIRECTORY/written, in bytes.
"""
import asyncio
import os
import re
import socket
import sys

MODE, WHEN, DIRECTORY = sys.argv[1:4]
STREAM = (
    b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' from='chat.example' "
    b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
SASL = b"xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
BIND = b"xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
ENDLESS = {
    "endless-text": (b"<message><body>", b"x" * 65536),
    "endless-attribute": (b"<message a='", b"x" * 65536),
    "endless-depth": (b"<message>", b"<a>" * 20000),
    "endless-messages": (b"", b"<message from='eve@chat.example'><body>42</body></message>" * 1000),
}
SHORT = {
    "garbage": bytes(range(256)) * 8,
    "no-xml": b"<message><body></message></body>",
    "deep": b"<message>" + b"<a>" * 20000 + b"</a>" * 20000 + b"</message>",
    "entities": b"<!DOCTYPE a [<!ENTITY b 'bbbb'>]><message>&b;</message>",
    "other-protocol": b"HTTP/1.1 400 Bad Request\r\n\r\n",
}
misbehaved = 0


def put(name, number):
    partial = os.path.join(DIRECTORY, ".partial")
    with open(partial, "w", encoding="ascii") as file:
        print(number, file=file)
    os.rename(partial, os.path.join(DIRECTORY, name))


async def sign_in(reader, writer):
    await reader.readuntil(b">")  # of the XML declaration
    await reader.readuntil(b">")
    mechanisms = b"<mechanisms " + SASL + b"><mechanism>PLAIN</mechanism></mechanisms>"
    writer.write(STREAM + b"<stream:features>" + mechanisms + b"</stream:features>")
    await reader.readuntil(b"</auth>")
    writer.write(b"<success " + SASL + b"/>")
    await reader.readuntil(b"<stream:stream")
    await reader.readuntil(b">")
    writer.write(STREAM + b"<stream:features><bind " + BIND + b"/></stream:features>")
    request = await reader.readuntil(b"</iq>")
    name = re.search(rb"id=[\"']([^\"']*)", request).group(1)
    jid = b"<bind " + BIND + b"><jid>latchkey@chat.example/1</jid></bind>"
    writer.write(b"<iq type='result' id='" + name + b"'>" + jid + b"</iq>")
    await reader.readuntil(b"<iq")


async def flood(writer, first, for_ever):
    # Of what is on its way, no more than can be told from a client that reads on.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    written = 0
    try:
        writer.write(first)
        while not writer.is_closing():
            writer.write(for_ever)
            await writer.drain()
            written += len(for_ever)
    finally:
        put("written", written)


async def misbehave(reader, writer):
    global misbehaved
    misbehaved += 1
    put("misbehaved", misbehaved)
    if WHEN == "at-once":
        writer.write(STREAM)
    if MODE in ENDLESS:
        await flood(writer, *ENDLESS[MODE])
    if MODE in SHORT:
        writer.write(SHORT[MODE])
        await writer.drain()
    await reader.read()  # mute: listens until the other side gives up


async def serve(reader, writer):
    try:
        if WHEN == "signed-in":
            await sign_in(reader, writer)
        await misbehave(reader, writer)
    except (OSError, asyncio.IncompleteReadError):
        pass  # the other side has had enough
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
