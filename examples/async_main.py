"""`main` may be a coroutine."""

import asyncio


async def square(number):
    await asyncio.sleep(0.01)
    return number * number


async def main():
    return await asyncio.gather(*(square(number) for number in range(5)))
