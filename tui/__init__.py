"""fn-tui: a terminal workbench for serverless functions built to WebAssembly."""

__version__ = "0.1.0"
