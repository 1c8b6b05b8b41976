"""A client of an Autobahn server by websockets: URL --agent NAME --deflate off|no-takeover|takeover"""

import asyncio

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

import flags

READ = flags.client("websockets")
FACTORIES = {
    "off": None,
    "no-takeover": [
        ClientPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
    ],
    "takeover": [ClientPerMessageDeflateFactory(client_max_window_bits=True)],
}


def opened(path):
    settings = {"extensions": FACTORIES[READ.deflate], "compression": None, "max_size": flags.MAX_MESSAGE}
    return connect(READ.url + path, **settings)


async def first(path):
    async with opened(path) as socket:
        return await socket.recv()


async def echo(path):
    try:
        async with asyncio.timeout(120), opened(path) as socket:
            async for message in socket:
                await socket.send(message)
    except (WebSocketException, TimeoutError, OSError):
        pass  # The peer's; websockets has told it.


async def main():
    count = int(await first("/getCaseCount"))
    for number in range(1, count + 1):
        await echo(f"/runCase?case={number}&agent={READ.agent}")
    await echo(f"/updateReports?agent={READ.agent}")


asyncio.run(main())
