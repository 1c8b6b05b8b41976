"""A client of an Autobahn server by aiohttp: URL --agent NAME --deflate off|takeover"""

import asyncio

from aiohttp import ClientError, ClientSession, WSMsgType

import flags

READ = flags.client("aiohttp", supported=("off", "takeover"))
COMPRESS = 15 if READ.deflate == "takeover" else 0


def opened(session, path):
    return session.ws_connect(READ.url + path, compress=COMPRESS, max_msg_size=flags.MAX_MESSAGE)


async def first(session, path):
    async with opened(session, path) as socket:
        return await socket.receive_str()


async def echo(session, path):
    try:
        async with asyncio.timeout(120), opened(session, path) as socket:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await socket.send_str(message.data)
                elif message.type == WSMsgType.BINARY:
                    await socket.send_bytes(message.data)
    except (ClientError, TimeoutError, OSError):
        pass  # The peer's; aiohttp has told it.


async def main():
    async with ClientSession() as session:
        count = int(await first(session, "/getCaseCount"))
        for number in range(1, count + 1):
            await echo(session, f"/runCase?case={number}&agent={READ.agent}")
        await echo(session, f"/updateReports?agent={READ.agent}")


asyncio.run(main())
