from datetime import date, datetime, time, timedelta, timezone

def main():
    return [
        date(2026, 11, 20),
        datetime(2026, 11, 20, 12, 30, 1),
        datetime(2026, 11, 20, 12, 30, tzinfo=timezone.utc),
        time(23, 59, 59, 5),
        timedelta(days=1, hours=2, milliseconds=500),
    ]
