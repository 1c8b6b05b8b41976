"""Tries an echo server: client.py URL OFFER EXPECTED [ROOT.pem]. A line per check; fails if one fails."""

import asyncio
import random
import ssl
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate

OFFERS = {
    "off": None,
    "on": {"client_max_window_bits": True},
    "no-takeover": {"client_no_context_takeover": True, "server_no_context_takeover": True},
    "window-9": {"client_max_window_bits": 9, "server_max_window_bits": 9},
    "window-10-no-takeover": {
        "client_max_window_bits": 10,
        "server_max_window_bits": 10,
        "client_no_context_takeover": True,
        "server_no_context_takeover": True,
    },
}

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Peer:
    def __init__(self, url, offer, expected, root=None):
        self.url = url
        self.expected = expected
        parameters = OFFERS[offer]
        self.options = {"compression": None, "max_size": 32 << 20, "proxy": None}
        if parameters is not None:
            self.options["extensions"] = [ClientPerMessageDeflateFactory(**parameters)]
        if root:
            self.options["ssl"] = ssl.create_default_context(cafile=root)

    def connect(self, path="/echo"):
        return connect(self.url + path, **self.options)


async def echoed(connection, message):
    await connection.send(message)
    answer = await connection.recv()
    assert answer == message, f"{len(message)} sent, {len(answer)} other ones received"


@check
async def deflate_is_agreed_as_expected(peer):
    async with peer.connect() as connection:
        deflated = any(isinstance(each, PerMessageDeflate) for each in connection.protocol.extensions)
        agreed = "deflated" if deflated else "plain"
        assert agreed == peer.expected, f"agreed: {agreed}"


@check
async def text_and_binary_come_back(peer):
    async with peer.connect() as connection:
        for message in ["", "hello", "grüße ☃ 🌍", b"", bytes(range(256)), "a", b"\0"]:
            await echoed(connection, message)


@check
async def many_messages_share_a_context(peer):
    async with peer.connect() as connection:
        words = ["window", "context", "takeover", "message", "frame", "close"]
        source = random.Random(7692)
        for _ in range(200):
            await echoed(connection, " ".join(source.choices(words, k=source.randrange(1, 60))))


@check
async def a_mebibyte_comes_back(peer):
    source = random.Random(6455)
    async with peer.connect() as connection:
        await echoed(connection, source.randbytes(1 << 20))
        await echoed(connection, "fünf Wörter " * 80_000)
        await echoed(connection, "short again")


@check
async def fragments_make_one_message(peer):
    async with peer.connect() as connection:
        await connection.send(["he", "", "llo ☃ " * 500, "end"])
        answer = await connection.recv()
        assert answer == "he" + "llo ☃ " * 500 + "end"
        await connection.send([b"\x00\x01", b"\x02" * 70_000])
        assert await connection.recv() == b"\x00\x01" + b"\x02" * 70_000


@check
async def a_ping_is_answered(peer):
    async with peer.connect() as connection:
        latency = await (await connection.ping(b"x" * 125))
        assert latency >= 0


@check
async def messages_in_flight_come_back_in_order(peer):
    async with peer.connect() as connection:
        for number in range(300):
            await connection.send(str(number))
        for number in range(300):
            assert await connection.recv() == str(number)


@check
async def our_close_is_echoed(peer):
    async with peer.connect() as connection:
        await connection.close(4321, "that is all")
        received = connection.protocol.close_rcvd
        assert received is not None and received.code == 4321, f"received: {received}"


@check
async def the_servers_close_is_seen(peer):
    async with peer.connect("/close?code=4001&reason=bye") as connection:
        try:
            await connection.recv()
        except ConnectionClosed as closed:
            assert (closed.rcvd.code, closed.rcvd.reason) == (4001, "bye"), closed
        else:
            raise AssertionError("a message instead of a close")


async def main(peer):
    failed = 0
    for function in CHECKS:
        try:
            await asyncio.wait_for(function(peer), 60)
            print("PASS", function.__name__)
        except Exception as error:
            failed += 1
            print("FAIL", function.__name__, repr(error))
    return failed


sys.exit(1 if asyncio.run(main(Peer(*sys.argv[1:]))) else 0)
