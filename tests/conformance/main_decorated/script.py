import functools

def twice(function):
    @functools.wraps(function)
    def wrapper(*args):
        return [function(*args), function(*args)]
    return wrapper

@twice
def main(n):
    return n
