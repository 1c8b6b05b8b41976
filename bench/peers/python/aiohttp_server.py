"""An echo server by aiohttp: --port N --deflate off|no-takeover|takeover

It agrees to the context takeover that the client asks for, so that the two last mean the same here.
"""

import asyncio

import uvloop
from aiohttp import WSMsgType, web

import flags

READ = flags.server()


async def echo(request):
    socket = web.WebSocketResponse(compress=READ.deflate != "off", max_msg_size=flags.MAX_MESSAGE)
    await socket.prepare(request)
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    return socket


async def main():
    application = web.Application()
    application.router.add_get("/{path:.*}", echo)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", READ.port, backlog=4096).start()
    await asyncio.Event().wait()


uvloop.run(main())
