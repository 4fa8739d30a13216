calls = []

def main():
    calls.append(1)
    import script
    return [len(calls), script.calls is calls]
