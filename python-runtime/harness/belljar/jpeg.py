"""JPEG for Pillow, written by numpy.

Pillow's own encoder is a C library that the interpreter is not linked with. This one writes
baseline JPEG of the same quality tables and subsampling, from grey, RGB, YCbCr and CMYK images;
`optimize` and `progressive` change nothing. Reading JPEG, and WebP altogether, are not there.
"""

from __future__ import annotations

import struct
from typing import Any, NoReturn

#: Where the coefficients of a block are, from low to high frequencies.
_ZIGZAG = sorted(
    range(64), key=lambda n: (n // 8 + n % 8, (n // 8 if (n // 8 + n % 8) % 2 else n % 8))
)

#: The quality tables of ITU T.81, K.1, for brightness and for colour, row by row.
_BRIGHTNESS = """
    16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56
    14 17 22 29 51 87 80 62 18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92
    49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99
"""
_COLOUR = """
    17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 99 99 99 99 99 99
    99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99
"""

#: The codes of T.81, K.3: how many there are of each length from 1 to 16, and what they stand for.
_CODES = {
    (0, 0): ("00010501010101010100000000000000", "000102030405060708090a0b"),
    (0, 1): ("00030101010101010101010000000000", "000102030405060708090a0b"),
    (1, 0): (
        "0002010303020403050504040000017d",
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728"
        "292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a83848586878889"
        "8a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2"
        "e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
    ),
    (1, 1): (
        "00020102040403040705040400010277",
        "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a26"
        "2728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a828384858687"
        "88898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da"
        "e2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa",
    ),
}

_SUBSAMPLING = {0: (1, 1), 1: (2, 1), 2: (2, 2), -1: (2, 2)}


def change_jpeg(module: Any) -> None:
    """`PIL.JpegImagePlugin`: it can write."""
    image, file = module.Image, module.ImageFile
    if hasattr(image.core, "jpeg_encoder"):
        return

    class Encoder(file.PyEncoder):  # type: ignore[misc, name-defined]
        """The encoder of one image."""

        _pushes_fd = True

        def encode(self, bufsize: int) -> tuple[int, int, bytes]:
            picture = image.Image()._new(self.im)
            data = encode(picture, self.args[1:])
            return len(data), 0, data

    image.register_encoder("jpeg", Encoder)


def change_webp(module: Any) -> None:
    """`PIL.WebPImagePlugin`: what it can't says why."""
    if not module.SUPPORTED:

        def refuse(*_: object) -> NoReturn:
            raise OSError("WebP is not there in the sandbox: PNG and JPEG are")

        module.Image.register_save("WEBP", refuse)


def encode(picture: Any, config: tuple[Any, ...]) -> bytes:
    """A picture as a JPEG file; the configuration is Pillow's `encoderconfig`."""
    quality, _, _, _, keep_rgb, _, dpi, subsampling, _, _, tables, comment, extra, exif = config
    if picture.mode not in ("L", "RGB", "YCbCr", "CMYK"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    if picture.mode == "RGB" and not keep_rgb:
        picture = picture.convert("YCbCr")
    is_colour = picture.mode == "YCbCr"
    factors = _SUBSAMPLING.get(subsampling, (2, 2)) if is_colour else (1, 1)
    quality_tables = _quality_tables(quality, tables)
    planes = _planes(picture, factors)
    parts = [b"\xff\xd8"]
    if picture.mode in ("CMYK", "RGB"):
        parts.append(_segment(0xEE, b"Adobe\0\x64\0\0\0\0\0"))
    else:
        across, down = dpi or (0, 0)
        density = (1, round(across), round(down)) if across and down else (0, 1, 1)
        parts.append(_segment(0xE0, b"JFIF\0\1\1" + struct.pack(">BHHBB", *density, 0, 0)))
    parts.append(extra or b"")
    if exif:
        parts.append(_segment(0xE1, exif))
    if comment:
        parts.append(_segment(0xFE, comment if isinstance(comment, bytes) else comment.encode()))
    last = min(len(quality_tables) - 1, 1)
    kinds = [last if is_colour and n else 0 for n in range(len(planes))]
    for number in sorted(set(kinds)):
        table = bytes(int(quality_tables[number][n]) for n in _ZIGZAG)
        parts.append(_segment(0xDB, bytes([number]) + table))
    sizes = [factors if n == 0 else (1, 1) for n in range(len(planes))]
    frame = struct.pack(">BHHB", 8, picture.height, picture.width, len(planes))
    for n, (across, down) in enumerate(sizes):
        frame += bytes([n + 1, across << 4 | down, kinds[n]])
    parts.append(_segment(0xC0, frame))
    for (use, kind), (lengths, values) in _CODES.items():
        if kind in kinds:
            content = bytes([use << 4 | kind]) + bytes.fromhex(lengths) + bytes.fromhex(values)
            parts.append(_segment(0xC4, content))
    scan = bytes([len(planes)])
    for n, kind in enumerate(kinds):
        scan += bytes([n + 1, kind << 4 | kind])
    parts.append(_segment(0xDA, scan + bytes([0, 63, 0])))
    parts.append(_entropy_coded(planes, sizes, kinds, quality_tables))
    parts.append(b"\xff\xd9")
    return b"".join(parts)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _quality_tables(quality: int, tables: Any) -> list[list[int]]:
    """The tables of a quality from 1 to 100, as libjpeg scales them, or those given."""
    if tables:
        return [[min(max(int(n), 1), 255) for n in table] for table in tables]
    quality = min(max(quality if quality > 0 else 75, 1), 100)
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [
        [min(max((int(n) * scale + 50) // 100, 1), 255) for n in table.split()]
        for table in (_BRIGHTNESS, _COLOUR)
    ]


def _planes(picture: Any, factors: tuple[int, int]) -> list[Any]:
    """The components as arrays, filled up to whole units, all but the first made smaller."""
    import numpy as np

    pixels = np.asarray(picture)
    pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
    if picture.mode == "CMYK":
        pixels = 255 - pixels
    across, down = factors
    rows, columns = pixels.shape[:2]
    fill = ((0, -rows % (8 * down)), (0, -columns % (8 * across)))
    planes = []
    for n in range(pixels.shape[2]):
        plane = np.pad(pixels[:, :, n], fill, mode="edge").astype(np.float32)
        if n:
            height, width = plane.shape
            plane = plane.reshape(height // down, down, width // across, across).mean(axis=(1, 3))
        planes.append(plane)
    return planes


def _entropy_coded(
    planes: list[Any], sizes: list[tuple[int, int]], kinds: list[int], tables: list[list[int]]
) -> bytes:
    """The blocks of all components, unit by unit, as bits."""
    import numpy as np

    units, components = [], []
    for n, (plane, (across, down)) in enumerate(zip(planes, sizes, strict=True)):
        blocks = _coefficients(plane, tables[kinds[n]])
        height, width = blocks.shape[:2]
        blocks = blocks.reshape(height // down, down, width // across, across, 64)
        blocks = blocks.transpose(0, 2, 1, 3, 4).reshape(-1, down * across, 64)
        steady = blocks[:, :, 0].reshape(-1)
        blocks[:, :, 0] = np.diff(steady, prepend=0).reshape(-1, down * across)
        units.append(blocks)
        components += [kinds[n]] * (down * across)
    blocks = np.concatenate(units, axis=1)
    kind_of = np.tile(np.array(components), len(blocks))
    blocks = blocks.reshape(-1, 64)
    pieces = []
    #: So many at a time that the bits of one take some megabytes.
    for first in range(0, len(blocks), 1 << 14):
        pieces.append(_bits(blocks[first : first + (1 << 14)], kind_of[first : first + (1 << 14)]))
    bits = np.concatenate(pieces)
    bits = np.concatenate([bits, np.ones(-len(bits) % 8, np.uint8)])
    packed: bytes = np.packbits(bits).tobytes()
    return packed.replace(b"\xff", b"\xff\0")


def _coefficients(plane: Any, table: list[int]) -> Any:
    """The quantised frequencies of every block of 8 by 8, in the order of the zigzag."""
    import numpy as np

    n = np.arange(8)
    wave = np.cos((2 * n[None, :] + 1) * n[:, None] * np.pi / 16) / 2
    wave[0] /= np.sqrt(2)
    height, width = plane.shape
    blocks = (plane - 128).reshape(height // 8, 8, width // 8, 8).transpose(0, 2, 1, 3)
    found = wave @ blocks @ wave.T / np.array(table, float).reshape(8, 8)
    found = np.rint(found).astype(np.int64).reshape(height // 8, width // 8, 64)
    found = found[:, :, _ZIGZAG]
    found[:, :, 1:] = found[:, :, 1:].clip(-1023, 1023)
    return found


def _code_tables(use: int) -> Any:
    """For each kind and symbol its code, and how many bits that has."""
    import numpy as np

    found = np.zeros((2, 2, 256), np.int64)
    for kind in range(2):
        lengths, values = (bytes.fromhex(text) for text in _CODES[use, kind])
        code, symbols = 0, iter(values)
        for length, count in enumerate(lengths, 1):
            for _ in range(count):
                symbol = next(symbols)
                found[0, kind, symbol], found[1, kind, symbol] = code, length
                code += 1
            code <<= 1
    return found


def _bits(blocks: Any, kinds: Any) -> Any:
    """Blocks as bits: for every value the code of its size and of the zeros before it."""
    import numpy as np

    sizes = np.array([n.bit_length() for n in range(1 << 12)])
    steady, waves = _code_tables(0), _code_tables(1)
    numbers = np.arange(len(blocks))

    def coded(codes: Any, kind: Any, symbols: Any, values: Any, size: Any) -> tuple[Any, Any]:
        extra = np.where(values < 0, values + (1 << size) - 1, values)
        return codes[0, kind, symbols] << size | extra, codes[1, kind, symbols] + size

    first = blocks[:, 0]
    size = sizes[np.abs(first)]
    tokens = [(numbers * 1024, *coded(steady, kinds, size, first, size))]

    block, place = blocks[:, 1:].nonzero()
    place = place + 1
    values = blocks[block, place]
    is_first = np.ones(len(block), bool)
    is_first[1:] = block[1:] != block[:-1]
    before = np.where(is_first, 0, np.concatenate([[0], place[:-1]]))
    zeros = place - before - 1
    size = sizes[np.abs(values)]
    key, kind = block * 1024 + place * 8, kinds[block]
    tokens.append((key + 7, *coded(waves, kind, (zeros % 16) << 4 | size, values, size)))
    for n in range(1, 4):
        long = zeros >= 16 * n
        tokens.append((key[long] + n, waves[0, kind[long], 0xF0], waves[1, kind[long], 0xF0]))
    last = np.zeros(len(blocks), np.int64)
    np.maximum.at(last, block, place)
    ended = last < 63
    tokens.append(
        (numbers[ended] * 1024 + 1023, waves[0, kinds[ended], 0], waves[1, kinds[ended], 0])
    )

    keys, codes, lengths = (np.concatenate(column) for column in zip(*tokens, strict=True))
    order = np.argsort(keys, kind="stable")
    codes, lengths = codes[order], lengths[order]
    ends = np.cumsum(lengths)
    shifts = np.repeat(ends, lengths) - 1 - np.arange(int(ends[-1]))
    return (np.repeat(codes, lengths) >> shifts & 1).astype(np.uint8)
