def main(input):
    return sum(input['numbers'])
