#!/usr/bin/python3
"""Holds a port on which nobody listens: every connect is refused until it ends."""

import asyncio
import socket

import serving


async def start():
    start.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    start.socket.bind(("127.0.0.1", 0))
    serving.announce(start.socket)


asyncio.run(serving.until_terminated(serving.Tally(), start))
