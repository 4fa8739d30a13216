import asyncio
await asyncio.sleep(0)
def main():
    return 1
