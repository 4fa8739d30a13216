def kernel(n=8):
    perm1, count = list(range(n)), [0] * n
    max_flips, checksum, r, index = 0, 0, n, 0
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        if perm1[0] != 0:
            perm, flips = perm1[:], 0
            while (k := perm[0]) != 0:
                perm[: k + 1] = perm[k::-1]
                flips += 1
            max_flips = max(max_flips, flips)
            checksum += flips if index % 2 == 0 else -flips
        while True:
            if r == n:
                return checksum, max_flips
            perm1.insert(r, perm1.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        index += 1
