"""main may be a coroutine: it is awaited."""

import asyncio
import time


async def fetch(name, seconds):
    await asyncio.sleep(seconds)
    print(f"{name} after {seconds} s")
    return name.upper()


async def main():
    began = time.monotonic()
    names = await asyncio.gather(fetch("slow", 0.3), fetch("quick", 0.1), fetch("steady", 0.2))
    return {"names": names, "seconds": round(time.monotonic() - began, 1)}
