print(repr(input()))
try:
    input()
except EOFError as error:
    print('EOFError')
