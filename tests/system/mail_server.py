#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The SMTP server of mail_server.hpp: KIND PORT DIRECTORY [USER PASSWORD].

Each mail becomes one file DIRECTORY/new/NNN, renamed into place when complete;
DIRECTORY/listens exists once connections are taken.
"""

import asyncio
import itertools
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Letterbox:
    def __init__(self, directory, refusing):
        self.directory = directory
        self.refusing = refusing
        self.numbers = itertools.count(1)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusing:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = f"{next(self.numbers):03d}"
        partial = os.path.join(self.directory, name)
        head = f"X-Envelope-From: {envelope.mail_from}\r\n"
        head += "".join(f"X-Envelope-To: {to}\r\n" for to in envelope.rcpt_tos)
        with open(partial, "wb") as file:
            file.write(head.encode("utf-8", "surrogateescape") + envelope.content)
        os.rename(partial, os.path.join(self.directory, "new", name))
        return "250 taken"


def checker(user, password):
    def check(server, session, envelope, mechanism, data):
        right = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=right, handled=False)  # the server says 535 itself

    return check


class Mute(asyncio.Protocol):
    """Takes the connection and never says a word."""


def protocol_factory(kind, letterbox, context, login):
    options = {"hostname": "mail.example.test", "enable_SMTPUTF8": True}
    if kind == "starttls":
        options.update(tls_context=context, require_starttls=True)
    if login:
        options.update(
            authenticator=checker(*login),
            auth_required=True,
            auth_require_tls=kind == "starttls",
        )
    return lambda: Mute() if kind == "mute" else SMTP(letterbox, **options)


async def serve(kind, port, directory, login):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{directory}/certificate.pem", f"{directory}/key.pem")
    letterbox = Letterbox(directory, kind == "refusing")
    server = await asyncio.get_running_loop().create_server(
        protocol_factory(kind, letterbox, context, login),
        host="127.0.0.1",
        port=int(port),
        ssl=context if kind == "implicit-tls" else None,
    )
    with open(f"{directory}/listens", "w", encoding="ascii"):
        pass
    await server.serve_forever()


asyncio.run(serve(*sys.argv[1:4], sys.argv[4:]))
