import no_such_module

def main():
    pass
