class Tool:
    def main(self):
        return 1
