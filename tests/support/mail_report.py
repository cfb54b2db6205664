#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What Python's own e-mail package reads in a mail: mail_report.py BASE < MAIL

Written to BASE.json (headers in order and decoded, the parts' types, defects, form),
BASE.body (the decoded bytes of the plain text) and BASE.html (those of the page, if there
is one).
"""
import email
import email.header
import email.policy
import json
import re
import sys


def decoded(value):
    parts = email.header.decode_header(value)
    try:
        return str(email.header.make_header(parts))
    except UnicodeDecodeError:  # says UTF-8 and is not
        return "".join(p if isinstance(p, str) else p.decode("utf-8", "replace") for p, _ in parts)


def write(base, content, **envelope):
    parsed = email.message_from_bytes(content, policy=email.policy.compat32)
    leaves = [part for part in parsed.walk() if not part.is_multipart()]
    report = dict(
        envelope,
        multipart=parsed.is_multipart(),
        types=[part.get_content_type() for part in leaves],
        encodings=[part.get("Content-Transfer-Encoding", "") for part in leaves],
        defects=[str(defect) for part in parsed.walk() for defect in part.defects],
        headers=[[name, decoded(value)] for name, value in parsed.items()],
        longest_line=max(len(line) for line in content.split(b"\r\n")),
        bare_line_ends=len(re.findall(rb"\r(?!\n)|(?<!\r)\n", content)),
        is_ascii=content.isascii(),
    )
    for ending, kind in ((".body", "text/plain"), (".html", "text/html")):
        for part in (part for part in leaves if part.get_content_type() == kind):
            with open(base + ending, "xb") as out:  # one of each kind
                out.write(part.get_payload(decode=True))
    with open(base + ".json", "w") as out:
        json.dump(report, out)


if __name__ == "__main__":
    write(sys.argv[1], sys.stdin.buffer.read())
