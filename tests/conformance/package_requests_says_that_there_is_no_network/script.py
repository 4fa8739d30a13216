import requests

for call in (lambda: requests.get("https://example.com/a"), lambda: requests.Session().post("http://10.0.0.1", json={})):
    try:
        call()
    except requests.exceptions.ConnectionError as error:
        print(type(error).__name__, isinstance(error, OSError), error)
try:
    requests.get("example.com")
except requests.exceptions.MissingSchema:
    print("MissingSchema")
