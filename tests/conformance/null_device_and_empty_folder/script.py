import glob, os

with open(os.devnull, "w") as null:
    print("nothing", file=null)
print(repr(open(os.devnull).read()), os.listdir(), glob.glob("*"))
