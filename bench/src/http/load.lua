-- What wrk sends, and what it says at the end: one line of JSON, for the benchmark to read.
--
-- wrk counts every answer whose status is 400 or above. There is no `response` function here, which
-- would be called for each answer and cost more time than the server takes.

wrk.method = "POST"
wrk.body = os.getenv("BELLJAR_BENCH_BODY")
wrk.headers["Content-Type"] = "application/json"

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      '\nsummary {"requests":%d,"micros":%d,"p50":%d,"p99":%d,"max":%d,'
         .. '"status":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d}\n',
      summary.requests, summary.duration,
      latency:percentile(50), latency:percentile(99), latency.max,
      errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
