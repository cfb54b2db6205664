#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the seeds of tests/fuzz/corpus: for each target a few inputs that are right, so
that the fuzzer begins behind the first check. Run it again after a format has changed."""
import pathlib
import struct

CORPUS = pathlib.Path(__file__).parent / "corpus"
END = b"\xff"  # of a part (tests/fuzz/input.hpp)


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">H", len(data)) + data


def pairs(*items):
    return struct.pack(">H", len(items)) + b"".join(text(a) + text(b) for a, b in items)


def u8(value):
    return struct.pack(">B", value)


def u16(value):
    return struct.pack(">H", value)


def u32(value):
    return struct.pack(">I", value)


def u64(value):
    return struct.pack(">Q", value)


VERSION = u32(1)
SCREEN = u8(0) + u8(7) + text("BCDFGHJK") + text("") + text("") + u32(0) + \
    pairs(("email", "a...e at e....org"), ("totp", ""), ("saved", "")) + u8(0) + text("") + u8(0)
HUMAN_CHECK = u8(8) + u8(0) + text("") * 3 + u32(0) + pairs() + u8(0) + text("KTX47") + u8(1)
CALL = u8(0) + text("ada@example.org") + text("Your code") + text("Your code: 1234 5678\n") + \
    text("0123456789abcdef") + text("") + text("") + u64(0) + u64(0) + u32(1)
REPLY = u8(1) + u32(0) + text("250 2.0.0") + u64(60000000)

PACKETS = {
    "login_hello": (1, VERSION + text("ada") + text("sshd") + text("192.0.2.7") + text("ssh") +
                    u8(0) + text("BCDFGHJK") + text("/run/faillock")),
    "answer": (2, text("1234 5678")), "left": (3, b""), "ask": (4, text("Code: ")),
    "ask_hidden": (5, text("New password: ")),
    "login_finish": (6, u8(1) + text("correct horse") + text("Your password has been changed.")),
    "recovery_hello": (20, VERSION + text("1001:ada") + u8(1) + u8(0) + u8(1) + text(b"k" * 32) +
                       u8(1) + u32(2) + text("ada") + text("host") + text("sshd") +
                       text("192.0.2.7") + u8(0) + text("")),
    "ask_screen": (21, SCREEN), "ask_human": (21, HUMAN_CHECK),
    "check_saved_code": (22, b""), "saved_code_judged": (23, u8(1) + u32(9)),
    "start_channel": (24, text("totp")), "channel_started": (25, u8(1)), "queued": (26, b""),
    "proof": (27, text("email:example.org")), "perform": (28, u8(0)), "acted": (29, u8(0)),
    "recovery_finish": (30, u8(1) + text("wrong_per_hour")), "deliver_hello": (40, VERSION),
    "outbox_key": (41, text("1001:ada")), "outbox_key_is": (42, text(b"k" * 32)),
    "deliver_finish": (43, u32(1) * 3),
    "channel_setup": (50, VERSION + text("email") + text("email") + u8(1) + u32(10) +
                      pairs(("server", "127.0.0.1"), ("port", "25")) + text("secret")),
    "channel_call": (51, CALL), "channel_reply": (52, REPLY),
    "admin_request": (60, VERSION + u8(1) + text("ada") + text("ada@example.org") + u64(0) + text("")),
    "admin_hello": (61, u8(0) + text("1001:ada") + text("") + text("ada") + text("host") +
                    text(b"k" * 32)),
    "import_rows": (63, u16(1) + u32(2) + text("ada") + text("email") + text("ada@example.org") +
                    text("") + u64(0) + u8(1) + u8(1)),
    "import_entries": (64, u16(1) + u32(2) + text("1001:ada") + text("ada") + text(b"k" * 32) +
                       text("hotp") + text("") + text(b"s" * 20) + u64(5) + u8(1) + u8(1) +
                       text("0123456789abcdef")),
    "user_request": (70, VERSION + u8(2) + u8(1) + text("totp") + text("") + text("") + u64(0) + text(b"s" * 20)),
    "change_hello": (71, VERSION + text("1001:ada") + u8(0) + u8(1) + text(b"k" * 32) + text("ada") + text("host") +
                     text("uid1001") + u8(1) + text("totp") + text("") + text("") + text(b"s" * 20)),
    "admin_reply": (62, u8(1) + u8(0) + text('{"user":"ada"}') + text("")),
}


def wire():
    seeds = {name: u8(kind) + fields for name, (kind, fields) in PACKETS.items()}
    seeds["requests"] = b"\0" + bytes([21, 22, 24, 26, 27, 28, 30, 41, 43, 62, 62, 1])
    seeds["outbox_message"] = END + text("ada@example.org") + text("Your code") + \
        text("Your code: 1234 5678\n") + text("0123456789abcdef0123456789abcdef")
    return seeds


def answers():
    lines = {
        "address": "Ada.Lovelace@Example.ORG", "code": "1234 5678", "resume": "bcdf-ghjk",
        "saved": "ABCD-EFGH-JKLM-NPQR", "ipv4": "192.0.2.7", "ipv6": "2001:db8:1:2::1",
        "mapped": "::ffff:192.0.2.7", "mask": "a...e at e....org",
        "yescrypt": "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
        "sha512": "$6$rounds=5000$salt$" + "a" * 86, "quotes": 'why="x" subject=\\x41',
    }
    return {name: line.encode() + END + b"/dev/tty1" for name, line in lines.items()}


def screens():
    seeds = {}
    for kind in range(8):
        fields = u8(kind) + u8(kind + 1) + text("BCDFGHJK" if kind == 0 else "") + \
            text("totp" if kind == 5 else "email") + text("a...e at e....org") + u32(10) + \
            pairs(("email", "a...e at e....org"), ("other", ""), ("totp", ""), ("saved", "")) + u8(1)
        seeds[f"kind_{kind}"] = END + END + b"\0" + b"host.example.org" + END + fields
    seeds["texts"] = b"E-mail me" + END + b"Ask Grace, room 12." + END + b"\0" + b"tower" + END + SCREEN
    return seeds


def settings():
    shipped = (CORPUS.parents[2] / "config/latchkey.toml").read_bytes()
    plain = b'''whom_to_ask = "Ask Grace in room 12."
code_digits = 6
privileged_groups = ["ops"]
privileged_users = ["root"]
[gates]
console = 2
[limits]
sends_per_hour = 4
[acts]
resets_per_day = 1
[method.matrix]
label = "Send it to my Matrix room"
kind = "delivery"
channels = ["matrix", "email"]
code_lifetime = 5
[channel.matrix]
plugin = "matrix"
profile = "network"
deadline = 20
secret_file = "/etc/latchkey/secrets/matrix"
room = "!room:example.org"
retries = 3
fast = true
[channel.email]
server = "mail.example.org"
port = 587
tls = "starttls"
from = "help@example.org"
user = "latchkey"
secret_file = "/etc/latchkey/secrets/mail"
'''
    return {"shipped": shipped, "every_table": plain, "off": b"[method.totp]\nchannels = []\n",
            "dotted": b"method.email.label = 'Mail'\nchannel.totp.profile = \"none\"\n",
            "odd": b"a = [1, 2.5, 1979-05-27, {b = '''x'''}]\n[[c]]\n\"d e\".f = 0x1F\n"}


def store():
    rows = bytes([0]) + b"".join(
        bytes([table]) + bytes([0, 1, 7, 200] * 4) for table in range(8))
    anything = bytes([0, 5]) + bytes([0, 1, 3]) + b"email" + END + bytes([4]) + b"sealed" + END + \
        bytes([2]) + u64(2**63 - 1) + bytes([2]) + u64(2**63)
    turned = bytes([1]) + struct.pack(">H", 24) + b"\1" + struct.pack(">H", 4200) + b"\x7f"
    return {"rows": rows, "anything": anything, "turned": turned, "untouched": bytes([1]),
            "audit": bytes([0]) + bytes([7, 0, 7, 9, 1, 1, 1, 4]) + b"\0" * 32 + END}


def plugin():
    def run(kind, verb, outcome, note):
        return bytes([1, kind, verb]) + u64(59999999) + bytes([1, outcome]) + u32(30) + u64(60000000) + \
            b"a" + b"250 2.0.0 queued" + END + note + END + b"port" + END + END + \
            b"ada1@example.org" + END + b"s3cret" + END + b"123456" + END + b"25" + END + b"Your code: 1234 5678"
    seeds = {f"outcome_{i}": run(1, 0, i, b"mailed to ada1@example.org") for i in range(7)}
    seeds["verified"] = run(0, 1, 1, b"answer 123456")
    seeds["host_accepts"] = bytes([0]) + u64(5) + u8(52) + REPLY
    seeds["host_says_wrong"] = bytes([0]) + u64(5) + u8(52) + u8(5) + u32(0) + text("no") + u64(0)
    seeds["host_says_more"] = bytes([0]) + u64(5) + u8(52) + u8(3) + u32(2**32 - 1) + text("\x1b[2J") + u64(0)
    return seeds


def mail():
    def message(to, subject, given=0, options=b"", body=b"Your code: 1234 5678\n",
                page=b""):
        return to + END + subject + END + b"0123.abc" + END + b"secret" + END + bytes([given]) + \
            options + u32(1800000000) + b"12345678" + END + page + END + body
    return {
        "no_page": message(b"ada@example.org", b"Code", 128, b"false" + END),
        "own_page": message(b"ada@example.org", b"<b>", page=b"<p title='{subject}'>{text}</p>",
                            body=b"<script>1234 5678\n--=_latchkey--\n.\n\xc3\xa9\n"),
        "plain": message(b"ada@example.org", b"Your code"),
        "utf8": message(b"ada@example.org", "Ihr Schl\u00fcssel".encode(), body="Gr\u00fc\u00dfe = 1\n".encode()),
        "options": message(b"ada@example.org", b"Code", 127, END.join(
            [b"mail.example.org", b"587", b"starttls", b"/etc/ca.pem", b"user",
             b"Help Desk <help@example.org>", b"host.example.org", b""])),
        "ipv6": message(b"ada@example.org", b"Code", 5, b"[::1]" + END + b"none" + END),
        "long": message(b"ada@example.org", b"x" * 400, body=b"word " * 60),
    }


def smtp():
    good = b"220 mail ESMTP\r\n250-mail\r\n250-SIZE 1000\r\n250 8BITMIME\r\n250 2.1.0 Ok\r\n" \
        b"250 2.1.5 Ok\r\n354 go on\r\n250 2.0.0 queued\r\n221 bye\r\n"
    return {"good": good, "greylisted": good.replace(b"250 2.1.5 Ok", b"450 4.2.0 Greylisted"),
            "no_such_user": good.replace(b"250 2.1.5 Ok", b"550 5.1.1 <ada> unknown"),
            "wants_login": good.replace(b"250 2.1.0 Ok", b"530 5.7.0 Authenticate first"),
            "refuses_us": b"554 5.7.1 no\r\n", "cut_short": good[:60], "silent": b"",
            "words": b"220 \x1b[2J Password:\r\n500 1.2.3 \x1b]0;x\x07\r\n"}


def root_files():
    ledger = b"1\t1799999000\t1001\t1001:ada\tchange_password\tdue\tab%25\n" \
        b"1\t1799999001\t1001\t1001:ada\tchange_password\tacting\tab%25\n" \
        b"1\t1799999002\t1001\t1001:ada\tchange_password\tdone\tab%25\n" \
        b"2\t1799999003\t1002\t1002:grace\tclear_lockout\tdue\t\n"
    hashed = b"$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"
    passwd = b"root:x:0:0:root:/root:/bin/bash\nada:x:1001:1001::/home/ada:/bin/bash\n"
    shadow = b"root:*:19000:0:99999:7:::\nada:" + hashed + b":20000:0:99999:7::21000:\n"
    audit = b"".join(b"%d\t1799999000\trecovery\tada\tsshd\t192.0.2.7\t1/2\temail,saved\trefused\twhy%%25\t" % n +
                     b"0a" * 32 + b"\n" for n in (1, 2, 4))
    tally = b"".join(struct.pack("=52sHHQ", b"192.0.2.7", 0, 1, 1799999990 + i) for i in range(3))
    return {
        "ledger": b"\0" + ledger, "accounts": b"\1ada" + END + passwd + END + shadow,
        "nis": b"\1ada" + END + b"+::::::\n" + passwd + END + b"+:\n" + shadow,
        "rules": b"\2UID_MIN 1000\nUID_MAX\t0xEA60 # most\n" + END + b"# shells\n/bin/sh\n/bin/bash # bash\n",
        "faillock": b"\3dir = /run/faillock\ndeny=3\nunlock_time = never # on\neven_deny_root\n"
                    b"root_unlock_time=60\nadmin_group wheel\nfail_interval = 900\n",
        "tally": b"\4\3\1" + tally, "tally_for_ever": b"\4\3\0" + tally,
        "announcements": b"\7" + b"1001:ada\n1800000001 a new password was set\n99999999999 one more\n",
        "audit": b"\6" + b"2:" + b"0a" * 32 + END + audit,
        "saved": b"\0051001:ada\n" + b"0a" * 32 + b"\nused\n", "saved_of_another": b"\0051001:eve\n" + b"0a" * 32 + b"\n",
        "passes": b"\0071001:ada\n2\n1\t1799999000\t1800003000\tonce\tticket%254711\t" + b"0a" * 32 +
                  b"\n2\t1799999000\t1799999900\tmany\tx\t" + b"0b" * 32 + b"\n",
    }


def gateway():
    def seed(place, template, answer, url=b"https://sms.example.org/send", pattern=b"status*OK"):
        return bytes([place]) + template + END + b"+4917012345678" + END + b"4711 0815 \"<&'" + END + \
            pattern + END + url + END + answer
    vonage = b'{"message-count":"1","messages":[{"status":"0"},{"status":"7"}]}'
    return {
        "url": seed(0, b"https://sms.example.org/{to}?text={text}", vonage),
        "header": seed(1, b"X-To: {to}", b"0: Accepted for delivery", b"http://127.0.0.1:13013/a?b"),
        "form": seed(2, b"to={to}&text={text}", b"47110815"),
        "json": seed(3, b'["{to}",{"a":"b{text}"},5]', b'{"code":21211,"message":"no"}'),
        "xml": seed(4, b"<sms to='{to}'><t>{text}</t></sms>", b"[" * 40 + b"]" * 40),
    }


def import_():
    csv = b'user,method,address\r\nada,email,ada@example.org\r\n"ben","sms","+49 170 1234567"\r\n' \
        b"cyd,totp,GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ\n"
    google = b'GEZDGNBVGY3TQOJQGEZDGNBVGY\n" RATE_LIMIT 3 30 1700000000\n" WINDOW_SIZE 17\n' \
        b'" DISALLOW_REUSE 56666666\n" TOTP_AUTH\n12345678\n87654321\n'
    oath = b"# users\nHOTP/T30 ada - 3132333435363738393031323334353637383930\n" \
        b"HOTP\tben\t-\t3132333435363738393031323334353637383930\t5\t254676\t2026-11-24T03:45:11L\n" \
        b"HOTP/E/6 cyd - 3132333435363738393031323334353637383930 7\n"
    return {
        "csv": b"\0" + csv, "quotes": b'\0a,b,"c""d"\n"a,b",c,d"e\n"a\nb,c,"d"e\n,,\na,b\n',
        "marked": b"\0\xef\xbb\xbfUSER,Method,address\na,email,b\x1b\n",
        "google": b"\1" + google, "google_counter": b"\1" + google.replace(b"TOTP_AUTH", b"HOTP_COUNTER 5"),
        "google_other": b'\1A\n" STEP_SIZE 60\n" OTP_DISABLED\n" TIME_SKEW 3\nabc\n',
        "oath": b"\2" + oath,
        "oath_refused": b"\2HOTP/T60 a - 00\nHOTP/E/8 a - 00\nHOTP a 1234 00\nHOTP a - 0g\nHOTP a - 00 x\nHOTP a\n",
    }


def flow():
    return {"console": bytes([0, 0, 1, 0, 4, 1, 0, 0, 0, 0, 1, 1] + [1] * 60),
            "remote": bytes([1, 0, 1, 1, 4, 2, 1, 0, 0, 0, 1, 1, 1] + [1, 14, 1, 1, 1] * 20),
            "resumed": bytes([1, 1, 1, 1, 4, 1, 0, 0, 0, 1, 1, 0] + [1, 0, 1, 1] * 30),
            "many": bytes(range(1, 256))}


def main():
    for make in (wire, answers, screens, settings, store, plugin, mail, smtp, gateway, root_files, flow, import_):
        directory = CORPUS / make.__name__.rstrip("_")
        directory.mkdir(parents=True, exist_ok=True)
        for name, data in make().items():
            (directory / name).write_bytes(data)


main()
