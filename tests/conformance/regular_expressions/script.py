import re


def main():
    return [re.findall(r"(?P<y>\d{4})-(?P<m>\d\d)", "2024-01 and 2023-12"), re.sub(r"\b(\w)(\w*)", lambda m: m[1].upper() + m[2], "hello big world"),
            re.split(r"[,;]\s*", "a, b;c"), bool(re.fullmatch(r"(?i)h.llo", "HELLO")), re.match(r"(a+)+b", "aaaab").span(),
            re.search(r"(?<=€)\d+(?:\.\d\d)?", "cost €12.50").group(), [m.start() for m in re.finditer("(?=aa)", "aaaa")]]
