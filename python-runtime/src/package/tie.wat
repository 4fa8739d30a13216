;; Ties the interpreter to the shim: what the shim may call of it, and copies between the two
;; memories. It also holds the data that is too much for either.
(module
  (import "link" "table" (table $link 20 funcref))
  (import "python" "memory" (memory $python 1))
  (import "shim" "memory" (memory $shim 1))
  (import "python" "turn" (func $turn (param i32 i32) (result i32)))
  (import "python" "host_alloc" (func $host-alloc (param i32) (result i32)))
  (import "python" "belljar_fuel" (global $fuel (mut i64)))
  (import "python" "belljar_page_limit" (global $page-limit (mut i32)))
  (import "python" "belljar_refused" (global $refused (mut i32)))
  (import "wasi" "wall-now" (func $wall-now (param i32)))
  (import "wasi" "random-bytes" (func $random-bytes (param i64 i32)))
  (import "wasi" "monotonic-now" (func $monotonic-now (result i64)))
  (import "wasi" "subscribe-duration" (func $subscribe-duration (param i64) (result i32)))
  (import "wasi" "block" (func $block (param i32)))
  (import "wasi" "drop-pollable" (func $drop-pollable (param i32)))
  (import "python" "belljar_hooks" (table $hooks 1 funcref))
  (import "shim" "meter.tick" (func $tick))
  {STOP_TAG}

  ;; The packaging puts the content here.
  (data $pack "")
  (data $facts "")
  (data $index "")

  ;; What ends the run unwinds to here: the status is then one that the interpreter never has.
  (func $guarded-turn (param i32 i32) (result i32)
    {GUARD} (call $turn (local.get 0) (local.get 1)) {GUARD_END})
  (func $guarded-alloc (param i32) (result i32)
    {GUARD} (call $host-alloc (local.get 0)) {GUARD_END})
  (func $stop {STOP})

  ;; Whether these bytes lie outside of the interpreter's memory.
  (func $is-outside (param $address i32) (param $len i32) (result i32)
    (i64.gt_u
      (i64.add (i64.extend_i32_u (local.get $address)) (i64.extend_i32_u (local.get $len)))
      (i64.shl (i64.extend_i32_u (memory.size $python)) (i64.const 16))))
  (func $peek (param $to i32) (param $from i32) (param $len i32) (result i32)
    (if (call $is-outside (local.get $from) (local.get $len)) (then (return (i32.const 1))))
    (memory.copy $shim $python (local.get $to) (local.get $from) (local.get $len))
    (i32.const 0))
  (func $poke (param $to i32) (param $from i32) (param $len i32) (result i32)
    (if (call $is-outside (local.get $to) (local.get $len)) (then (return (i32.const 1))))
    (memory.copy $python $shim (local.get $to) (local.get $from) (local.get $len))
    (i32.const 0))
  (func $read-pack (param $to i32) (param $offset i32) (param $len i32) (result i32)
    (if (call $is-outside (local.get $to) (local.get $len)) (then (return (i32.const 1))))
    (memory.init $python $pack (local.get $to) (local.get $offset) (local.get $len))
    (i32.const 0))

  (func $facts (param $to i32)
    (memory.init $shim $facts (local.get $to) (i32.const 0) (i32.const {FACTS_LEN})))
  (func $facts-len (result i32) (i32.const {FACTS_LEN}))
  (func $index (param $to i32)
    (memory.init $shim $index (local.get $to) (i32.const 0) (i32.const {INDEX_LEN})))
  (func $index-len (result i32) (i32.const {INDEX_LEN}))

  (func $fuel (result i64) (global.get $fuel))
  (func $set-fuel (param i64) (global.set $fuel (local.get 0)))
  (func $set-page-limit (param i32) (global.set $page-limit (local.get 0)))
  (func $pages (result i32) (memory.size $python))
  (func $refused (result i32) (global.get $refused))
  (func $sleep (param $ns i64) (local $pollable i32)
    (local.set $pollable (call $subscribe-duration (local.get $ns)))
    (call $block (local.get $pollable))
    (call $drop-pollable (local.get $pollable)))

  ;; What a check calls that finds the fuel used up.
  (elem (table $hooks) (i32.const 0) func $tick)

  ;; In the order of the link module in component.wat.
  (elem (table $link) (i32.const 0) func
    $guarded-turn $guarded-alloc $peek $poke $stop $fuel $set-fuel $set-page-limit $pages $refused
    $read-pack $facts $facts-len $index $index-len $wall-now $random-bytes $monotonic-now $sleep))
