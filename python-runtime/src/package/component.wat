;; CPython as a component: four core modules, each of which needs the next.
(component
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $monotonic
    (alias outer 1 $pollable (type $p))
    (export "pollable" (type $pollable (eq $p)))
    (export "now" (func (result u64)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (import "wasi:clocks/wall-clock@0.2.0" (instance $wall
    (type $d (record (field "seconds" u64) (field "nanoseconds" u32)))
    (export "datetime" (type $datetime (eq $d)))
    (export "now" (func (result $datetime)))))
  (import "wasi:random/random@0.2.0" (instance $random
    (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))

  ;; Forward declarations: what the shim calls exists only after it.
  (core module $link
    (type $i_ (func (param i32)))
    (type $i_i (func (param i32) (result i32)))
    (type $ii_i (func (param i32 i32) (result i32)))
    (type $iii_i (func (param i32 i32 i32) (result i32)))
    (type $I_ (func (param i64)))
    (type $Ii_ (func (param i64 i32)))
    (type $_ (func))
    (type $_i (func (result i32)))
    (type $_I (func (result i64)))
    (table (export "table") 20 20 funcref)
    (func (export "turn") (type $ii_i) (call_indirect (type $ii_i) (local.get 0) (local.get 1) (i32.const 0)))
    (func (export "allocate") (type $i_i) (call_indirect (type $i_i) (local.get 0) (i32.const 1)))
    (func (export "peek") (type $iii_i) (call_indirect (type $iii_i) (local.get 0) (local.get 1) (local.get 2) (i32.const 2)))
    (func (export "poke") (type $iii_i) (call_indirect (type $iii_i) (local.get 0) (local.get 1) (local.get 2) (i32.const 3)))
    (func (export "stop") (type $_) (call_indirect (type $_) (i32.const 4)))
    (func (export "fuel") (type $_I) (call_indirect (type $_I) (i32.const 5)))
    (func (export "set_fuel") (type $I_) (call_indirect (type $I_) (local.get 0) (i32.const 6)))
    (func (export "set_page_limit") (type $i_) (call_indirect (type $i_) (local.get 0) (i32.const 7)))
    (func (export "pages") (type $_i) (call_indirect (type $_i) (i32.const 8)))
    (func (export "refused") (type $_i) (call_indirect (type $_i) (i32.const 9)))
    (func (export "read_pack") (type $iii_i) (call_indirect (type $iii_i) (local.get 0) (local.get 1) (local.get 2) (i32.const 10)))
    (func (export "facts") (type $i_) (call_indirect (type $i_) (local.get 0) (i32.const 11)))
    (func (export "facts_len") (type $_i) (call_indirect (type $_i) (i32.const 12)))
    (func (export "index") (type $i_) (call_indirect (type $i_) (local.get 0) (i32.const 13)))
    (func (export "index_len") (type $_i) (call_indirect (type $_i) (i32.const 14)))
    (func (export "wall_now") (type $i_) (call_indirect (type $i_) (local.get 0) (i32.const 15)))
    (func (export "random_bytes") (type $Ii_) (call_indirect (type $Ii_) (local.get 0) (local.get 1) (i32.const 16)))
    (func (export "monotonic_now") (type $_I) (call_indirect (type $_I) (i32.const 17)))
    (func (export "sleep") (type $I_) (call_indirect (type $I_) (local.get 0) (i32.const 18))))
  ;; The packaging puts the modules here.
  (core module $shim)
  (core module $python)
  (core module $tie)

  (core instance $l (instantiate $link))
  (core instance $s (instantiate $shim (with "glue" (instance $l))))
  (alias core export $s "memory" (core memory $memory))
  (alias core export $s "cabi_realloc" (core func $realloc))
  (alias core export $s "host.call" (core func $host-call))
  (core instance $p (instantiate $python {PYTHON_ARGUMENTS}))
  (core func $wall-now (canon lower (func $wall "now") (memory $memory)))
  (core func $random-bytes (canon lower (func $random "get-random-bytes") (memory $memory) (realloc $realloc)))
  (core func $monotonic-now (canon lower (func $monotonic "now")))
  (core func $subscribe-duration (canon lower (func $monotonic "subscribe-duration")))
  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $drop-pollable (canon resource.drop $pollable))
  (core instance (instantiate $tie
    (with "link" (instance $l))
    (with "python" (instance $p))
    (with "shim" (instance $s))
    (with "wasi" (instance
      (export "wall-now" (func $wall-now))
      (export "random-bytes" (func $random-bytes))
      (export "monotonic-now" (func $monotonic-now))
      (export "subscribe-duration" (func $subscribe-duration))
      (export "block" (func $block))
      (export "drop-pollable" (func $drop-pollable))))))

  {TYPES}
  (alias core export $s "belljar:sandbox/executor@0.1.0#execute" (core func $execute-core))
  (alias core export $s "cabi_post_belljar:sandbox/executor@0.1.0#execute" (core func $execute-post))
  (func $execute (param "program" $program) (result (result $outcome (error $rejection)))
    (canon lift (core func $execute-core) (memory $memory) (realloc $realloc) (post-return $execute-post)))
  (alias core export $s "belljar:sandbox/executor@0.1.0#describe" (core func $describe-core))
  (alias core export $s "cabi_post_belljar:sandbox/executor@0.1.0#describe" (core func $describe-post))
  (func $describe (result (result $runtime-info (error $rejection)))
    (canon lift (core func $describe-core) (memory $memory) (realloc $realloc) (post-return $describe-post)))

  ;; An exported function may only use types that have a name: this component gives them theirs.
  (component $names
    {NAMED_IMPORTS}
    (import "func-execute" (func $execute
      (param "program" $program) (result (result $outcome (error $rejection)))))
    (import "func-describe" (func $describe (result (result $runtime-info (error $rejection)))))
    {NAMED_EXPORTS}
    (export "execute" (func $execute) (func
      (param "program" $x-program) (result (result $x-outcome (error $x-rejection)))))
    (export "describe" (func $describe) (func (result (result $x-runtime-info (error $x-rejection))))))
  (instance $executor (instantiate $names
    {NAMED_ARGUMENTS}
    (with "func-execute" (func $execute))
    (with "func-describe" (func $describe))))
  (export "belljar:sandbox/executor@0.1.0" (instance $executor))
)
