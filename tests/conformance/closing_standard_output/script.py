import os
import sys

print("before", flush=True)
os.close(1)
try:
    os.write(1, b"never")
except OSError as error:
    print(error.strerror, file=sys.stderr)
try:
    os.fstat(1)
except OSError as error:
    print(error.strerror, file=sys.stderr)
try:
    os.close(1)
except OSError as error:
    print(error.strerror, file=sys.stderr)
