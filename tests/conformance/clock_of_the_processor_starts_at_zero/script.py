import os, time

print(time.process_time() < 60, os.times().user < 60, time.thread_time() < 60)
