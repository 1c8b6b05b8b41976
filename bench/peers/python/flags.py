"""The flags that every peer understands."""

import argparse
import sys

MAX_MESSAGE = 64 << 20


def server(supported=("off", "no-takeover", "takeover")):
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=9001)
    return _parsed(parser, supported)


def client(agent, supported=("off", "no-takeover", "takeover")):
    parser = argparse.ArgumentParser()
    parser.add_argument("url", nargs="?", default="ws://127.0.0.1:9001")
    parser.add_argument("--agent", default=agent)
    read = _parsed(parser, supported)
    read.url = read.url.rstrip("/")
    return read


def _parsed(parser, supported):
    parser.add_argument("--deflate", choices=("off", "no-takeover", "takeover"), default="off")
    read = parser.parse_args()
    if read.deflate not in supported:
        print("unsupported: --deflate", read.deflate, file=sys.stderr)
        sys.exit(3)
    return read
