try:
    while True:
        print("got", input("prompt> "))
except EOFError as error:
    print("end:", error)
