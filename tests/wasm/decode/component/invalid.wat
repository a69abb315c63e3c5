;; there is no instance 0
(alias export 0 "a" (func))

;; exports no 'a'
(import "i" (instance $i)) (alias export $i "a" (func))

;; is a func, not a instance
(import "i" (instance $i (export "a" (func)))) (alias export $i "a" (instance))

;; goes 3 levels out
(alias outer 3 0 (type))

;; there is no type 0
(component (alias outer 1 0 (type)))

;; stays in its component
(type $r (resource (rep i32))) (component (alias outer 1 $r (type)))

;; exports no 'g'
CORE
(alias core export $i "g" (core func))

;; is a func, not a memory
CORE
(alias core export $i "f" (core memory))

;; there is no core module 0
(core instance (instantiate 0))

;; there is no component 0
(instance (instantiate 0))

;; there is no func 0
(instance $i (export "a" (func 0)))

;; there is no func 0
(export "a" (func 0))

;; there is no type 4
(type (list 4))

;; is not a value type
(type $f (func)) (type (list $f))

;; is not a resource type
(type $u u8) (type (own $u))

;; is not a function type
(type $u u8) (import "f" (func (type $u)))

;; is not the type of an instance
(type $u u8) (import "i" (instance (type $u)))

;; is not the type of a module
(core type $t (func)) (import "m" (core module (type $t)))

;; there is no core type 9
(core type (func (param (ref 9))))

;; is that of a module
(core type $m (module)) (core type (func (param (ref $m))))

;; there is no core type 0 in this module type
(core type (module (import "a" "b" (func (type 0)))))

;; there is no type 0
(canon resource.new 0 (core func))

;; a type without a field
(type (record))

;; a type without a case
(type (variant))

;; a type without a flag
(type (flags))

;; a type without a case
(type (enum))

;; a tuple without a type
(type (tuple))

;; without an element
(type (list u8 0))

;; a value of 268,435,456 bytes
(type (list u64 33554432))

;; not a type of keys
(type (map f32 u8))

;; a stream of char
(type (stream char))

;; field 'A' is there twice
(type (record (field "a" u8) (field "A" u8)))

;; case 'a_b': not in kebab case
(type (variant (case "a_b")))

;; parameter 'a' is there twice
(type (func (param "a" u8) (param "a" u8)))

;; 33 flags
(type (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16" "f17" "f18" "f19" "f20" "f21" "f22" "f23" "f24" "f25" "f26" "f27" "f28" "f29" "f30" "f31" "f32"))

;; holds a borrow
(type $r (resource (rep i32))) (type $b (borrow $r)) (type (func (result $b)))

;; what holds a borrow
(type $r (resource (rep i32))) (type $b (borrow $r)) (type (stream $b))

;; not by f32
(type (resource (rep f32)))

;; not in a type
(type (instance (type (resource (rep i32)))))

;; is not a destructor
CORE
(type (resource (rep i32) (dtor (core func $i "f"))))

;; not of a core module
(type (instance (alias outer 1 0 (core module))))

;; two imports have the name
(core type (module (import "a" "b" (func)) (import "a" "b" (func))))

;; limits above 65,536
(core type (module (import "a" "b" (memory 70000))))

;; two imports have the name 'a'
(import "a" (func)) (import "a" (func))

;; two exports have the name 'X'
(import "a" (func $f)) (export "x" (func $f)) (export "X" (func $f))

;; a name for imports
(import "f" (func $f)) (export "url=<a>" (func $f))

;; is called "self"
(import "[method]r.f" (func))

;; there is no resource 'r' before it
(import "[static]r.f" (func))

;; a constructor gives
(import "[constructor]r" (func))

;; a constructor is a function
(import "[constructor]r" (instance))

;; is called 'r'
(import "r" (type $r (sub resource))) (import "[method]q.f" (func (param "self" (borrow $r))))

;; only an instance may say
(import "a" (implements "x:y/z") (func))

;; only a plain name may say
(import "x:y/z" (implements "x:y/z") (instance))

;; is not the name of an interface
(import "a" (implements "b") (instance))

;; two exports have the name 'a'
(instance) (instance (export "a" (instance 0)) (export "a" (instance 0)))

;; names a type that is not imported
(type $t (record (field "a" u8))) (import "f" (func (param "x" $t)))

;; is not of the type that it is given
(import "f" (func $f (param "x" u8))) (type $t (enum "a")) (type $g (func (param "x" $t))) (export "g" (func $f)
(func (type $g)))

;; names a type that is not imported
(type $r (resource (rep i32))) (import "f" (func (param "x" (own $r))))

;; names a type that is not imported
(type $r (resource (rep i32))) (export $e "r" (type $r)) (import "f" (func (param "x" (own $e))))

;; no argument of that name
(core module $m (import "a" "b" (func))) (core instance (instantiate $m))

;; exports no 'b'
(core module $m (import "a" "b" (func))) (core instance $e) (core instance (instantiate $m (with "a" (instance $e))))

;; another type of func
CORE
(core module $n (import "a" "f" (func))) (core instance (instantiate $n (with "a" (instance $i))))

;; another type of memory
CORE
(core module $n (import "a" "m" (memory 2))) (core instance (instantiate $n (with "a" (instance $i))))

;; a memory where a func belongs
CORE
(core module $n (import "a" "m" (func))) (core instance (instantiate $n (with "a" (instance $i))))

;; two exports have the name
CORE
(core instance (export "a" (func $i "f")) (export "a" (func $i "f")))

;; twice
(core module $n (import "a" "b" (func)) (import "a" "b" (func)))

;; the import 'f' is missing
(component $c (import "f" (func))) (instance (instantiate $c))

;; a instance where a func belongs
(component $c (import "f" (func))) (import "i" (instance $i)) (instance (instantiate $c (with "f" (instance $i))))

;; u16 where u8 belongs
(component $c (import "f" (func (param "x" u8)))) (import "f" (func $f (param "x" u16)))
(instance (instantiate $c (with "f" (func $f))))

;; no export 'a'
(component $c (import "i" (instance (export "a" (func))))) (instance $i)
(instance (instantiate $c (with "i" (instance $i))))

;; two arguments have the name
(import "f" (func $f)) (component $c) (instance (instantiate $c (with "f" (func $f)) (with "f" (func $f))))

;; own of another resource
(component $c (import "r" (type $r (sub resource))) (import "f" (func (param "x" (own $r)))))
(type $a (resource (rep i32))) (import "s" (type $s (sub resource))) (import "f" (func $f (param "x" (own $s))))
(instance (instantiate $c (with "r" (type $a)) (with "f" (func $f))))

;; it must be ()->()
CORE
(func (canon lift (core func $i "f")))

;; realloc is missing
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one) (memory $mem)))

;; memory is missing
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one)))

;; realloc, core func
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one) (memory $mem) (realloc (core func $one))))

;; the option memory is there twice
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one) (memory $mem) (memory $mem)))

;; an encoding is there twice
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one) string-encoding=utf8 string-encoding=utf16))

;; realloc without a memory
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one) (realloc (core func $realloc))))

;; post-return, core func
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one) (memory $mem) (realloc (core func $realloc))
(post-return (core func $none))))

;; a callback without async
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one) (callback (core func $none))))

;; on a function that is not async
MEMORY
(func (canon lift (core func $none) async))

;; memory is missing
(import "f" (func $f (param "s" string))) (core func (canon lower (func $f)))

;; memory is missing
(import "f" (func $f (result string))) (core func (canon lower (func $f)))

;; cannot have the option post-return
MEMORY
(import "f" (func $f)) (core func (canon lower (func $f) (post-return (core func $none))))

;; not a resource that is defined here
(import "r" (type $r (sub resource))) (core func (canon resource.new $r))

;; a built-in of a future with a type that is stream
(type $s (stream u8)) (core func (canon future.new $s))

;; memory is missing
(type $s (stream u8)) (core func (canon stream.read $s async))

;; slot 2 of the context
(core func (canon context.get i32 2))

;; a context of f32
(core func (canon context.get f32 0))

;; is not that of a thread
CORE
(core type $t (func)) (core module $n (table (export "t") 1 funcref)) (core instance $j (instantiate $n))
(alias core export $j "t" (core table $t)) (core func (canon thread.new-indirect $t (core table $t)))

;; is shared
(core module $n (memory (export "m") 1 1 shared)) (core instance $j (instantiate $n))
(alias core export $j "m" (core memory $x)) (core func (canon error-context.new (memory $x)))

;; value 0 is never used
(import "a" (value string))

;; used more than once
(import "a" (value $v string)) (export "b" (value $v)) (export "c" (value $v))

;; takes 1 values, 0 are given
(import "f" (func $f (param "x" u8))) (start $f)

;; 0 results of func 0
(import "f" (func $f (result u8))) (start $f)

;; string where u8
(import "v" (value $v string)) (import "f" (func $f (param "x" u8))) (start $f (value $v))
