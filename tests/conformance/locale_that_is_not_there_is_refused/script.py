import locale

for name in ("C.UTF-8", "de_DE.UTF-8"):
    try:
        locale.setlocale(locale.LC_ALL, name)
        print("set")
    except locale.Error:
        print("refused")
