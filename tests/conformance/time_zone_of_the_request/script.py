import datetime, time

print(time.strftime("%H:%M %Z", time.localtime(0)), datetime.datetime.fromtimestamp(0))
