"""The proofs: each claim that a module makes in its first sentence, in full figures by `./run prove [NAME]`.

A proof is a module with `prove(many)`, which yields lines of figures and raises `AssertionError` where the claim
does not hold. Its short form is a test beside it. Its docstring names the deliberate break on which it was seen red.
"""
