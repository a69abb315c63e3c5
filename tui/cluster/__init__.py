"""Builds on other machines: a Dask cluster runs the compilers, and this machine puts the modules in place."""
