;; values
(type (list u8 268435455)) (type (map string u8)) (type (stream u8)) (type (future))

;; garbage-collected core types
(core rec (type $a (struct (field (ref $b)))) (type $b (array i8))) (core type (sub (func)))

;; a module type
(core type (func))
(core type (module (type (func)) (import "a" "b" (func (type 0))) (alias outer 1 0 (type)) (export "c" (tag))))

;; what is named need not be
(type $r (record (field "a" u8))) (export $e "r" (type $r)) (import "f" (func (param "x" u8)))

;; functions of a resource
(import "r" (type $r (sub resource))) (import "[constructor]r" (func (result (own $r))))
(import "[method]r.f" (func (param "self" (borrow $r)))) (import "[static]r.g" (func))

;; options of a lifted function
MEMORY
(func (param "s" string) (result string) (canon lift (core func $one) (memory $mem) (realloc (core func $realloc))
(post-return (core func $free))))

;; options of a lowered function
MEMORY
(import "f" (func $f (param "s" string) (result string))) (core func (canon lower (func $f) (memory $mem)
(realloc (core func $realloc))))

;; more than sixteen parameters pass through memory
MEMORY
(type $t (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 u32 ))
(import "f" (func $f (param "x" $t))) (core func (canon lower (func $f) (memory $mem)))

;; a component that takes less and offers more stands for one that takes more and offers less
(component $c (import "d" (component $d (import "f" (func)) (export "g" (func)))) (import "f" (func $f))
(instance $i (instantiate $d (with "f" (func $f)))) (export "g" (func $i "g")))(component $d (import "f" (func $f))
(export "g" (func $f)) (export "h" (func $f)))(import "f" (func $f))
(instance (instantiate $c (with "d" (component $d)) (with "f" (func $f))))

;; what is given for a resource stands for it in what comes out
(component $c (import "r" (type $r (sub resource))) (export "s" (type $r)))(type $a (resource (rep i32)))
(instance $i (instantiate $c (with "r" (type $a))))(alias export $i "s" (type $s)) (core func (canon resource.new $s))

;; each instance has resources of its own, and both may be exported
(component $c (type $t (resource (rep i32))) (export "t" (type $t)))(instance $a (instantiate $c))
(instance $b (instantiate $c)) (export "a" (instance $a)) (export "b" (instance $b))

;; values that are used once
(import "v" (value $v u8)) (import "f" (func $f (param "x" u8) (result string))) (start $f (value $v)
(result (value $w))) (export "w" (value $w))
