def main():
    print('computing')
    return {"answer": 2 + 2}
