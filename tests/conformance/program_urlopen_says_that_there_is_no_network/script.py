import urllib.request
try:
    urllib.request.urlopen("https://example.com")
except OSError as error:
    print(type(error).__name__)
    raise
