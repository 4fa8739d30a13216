from datetime import date

def main():
    return {7: "int", 2.5: "float", True: "bool", None: "none", date(2026, 1, 1): "date", "s": "str"}
