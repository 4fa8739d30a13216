import array
import struct


def main():
    data = bytearray(b"0123456789")
    memoryview(data)[2:4] = b"xy"
    numbers = array.array("q", [1, 2**40])
    return [data.decode(), struct.pack("<iqd", 1, 2**40, 0.5).hex(), struct.unpack(">Hb", b"\x01\x02\xff"), numbers.tobytes().hex(), struct.calcsize("<lq"),
            int.from_bytes(b"\xff\x00", "little", signed=True), (1023).to_bytes(2).hex(), (10).bit_count(), float.fromhex("0x1.8p1"), (0.1).hex()]
