import atexit
atexit.register(print, 'goodbye')
print('hello')
