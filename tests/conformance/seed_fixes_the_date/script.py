import datetime

def main():
    return datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%d')
