"""YAML as Go's gopkg.in/yaml.v3 v3.0.1 reads it: bytes -> nodes -> the typed values of function.yaml.

`libyaml` composes ordinary documents fast; `scanner` and `parser` read the others, and word every refusal, exactly.
"""
