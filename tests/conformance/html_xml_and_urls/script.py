import html
import urllib.parse
import xml.etree.ElementTree as ET
from html.parser import HTMLParser


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [v for k, v in attrs if tag == "a" and k == "href"]


def main():
    links = Links()
    links.feed('<p><a href="/x?a=1&amp;b=2">x</a><A HREF=y>')
    tree = ET.fromstring("<r><i n='1'>a</i><i n='2'>b</i></r>")
    return [links.found, [(i.get("n"), i.text) for i in tree.iter("i")], ET.tostring(tree[0]).decode(), html.escape("<'&\">"),
            urllib.parse.urlencode({"q": "a b&ü"}), urllib.parse.urlsplit("https://u@h:8/p?q#f").port, urllib.parse.urljoin("http://a/b/c", "../d")]
