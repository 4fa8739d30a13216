#: The first import is the one that takes time.
ONCE = True


def kernel():
    import sklearn.linear_model

    return sklearn.__version__
