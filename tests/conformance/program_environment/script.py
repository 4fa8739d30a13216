import os
print(os.environ['GREETING'])
print(sorted(k for k in os.environ if k in ('PATH', 'USER', 'HOSTNAME', 'CARGO_HOME', 'BELLJAR_CACHE')))
