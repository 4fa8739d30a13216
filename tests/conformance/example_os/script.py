import os

def main():
    return {"name": os.name, "cpu_count": os.cpu_count()}
