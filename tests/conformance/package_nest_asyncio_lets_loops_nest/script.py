import asyncio

import nest_asyncio

nest_asyncio.apply()


async def inner():
    await asyncio.sleep(0)
    return 1


async def outer():
    return asyncio.get_event_loop().run_until_complete(inner()) + asyncio.run(inner())


print(asyncio.run(outer()))
