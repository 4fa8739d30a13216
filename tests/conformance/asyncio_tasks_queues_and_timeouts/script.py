import asyncio


async def producer(queue):
    for n in range(3):
        await asyncio.sleep(0.001)
        await queue.put(n)
    await queue.put(None)


async def main():
    queue, got = asyncio.Queue(maxsize=1), []
    async with asyncio.TaskGroup() as group:
        group.create_task(producer(queue))
        while (item := await queue.get()) is not None:
            got.append(item)
    try:
        async with asyncio.timeout(0.005):
            await asyncio.sleep(10)
    except TimeoutError:
        got.append("timeout")
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0.001, "x"))
            raise KeyError("in the group")
    except* KeyError as errors:
        got.append([str(e) for e in errors.exceptions])
    return got + [await asyncio.gather(*(asyncio.sleep(0.003 - i / 1000, i) for i in range(3)))]
