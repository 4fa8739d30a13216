import warnings

def main():
    warnings.warn('careful')
    return 1
