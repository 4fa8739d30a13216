import csv, gzip, io, tarfile, zipfile


def main():
    out = io.StringIO()
    writer = csv.DictWriter(out, ["name", "note"])
    writer.writeheader()
    writer.writerow({"name": "Ann", "note": 'says "hi", often'})
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("a/b.txt", "content" * 100)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as t:
        info = tarfile.TarInfo("x.txt")
        info.size = 3
        t.addfile(info, io.BytesIO(b"abc"))
    tar.seek(0)
    return [out.getvalue(), list(csv.reader(io.StringIO(out.getvalue())))[1], zipfile.ZipFile(archive).read("a/b.txt").decode()[:7],
            tarfile.open(fileobj=tar).getnames(), gzip.decompress(gzip.compress(b"data")).decode()]
