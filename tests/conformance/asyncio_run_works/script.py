import asyncio

async def work():
    queue = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        group.create_task(queue.put("put"))
        got = await asyncio.wait_for(queue.get(), 5)
    return got

def main():
    return asyncio.run(work())
