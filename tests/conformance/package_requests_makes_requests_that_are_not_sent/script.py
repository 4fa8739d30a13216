import requests


def main():
    request = requests.Request("GET", "https://example.com/a", params={"q": "ä b"}, headers={"X": "1"})
    prepared = requests.Session().prepare_request(request)
    answer = requests.Response()
    answer.status_code, answer._content = 404, b'{"a": 1}'
    try:
        answer.raise_for_status()
    except requests.HTTPError as error:
        return [prepared.url, prepared.headers["X"], answer.json(), str(error)[:16]]
