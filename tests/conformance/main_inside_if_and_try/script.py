if True:
    try:
        def main():
            return "nested"
    except ImportError:
        pass
