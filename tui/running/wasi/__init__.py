"""The 46 functions of WASI preview 1, as the gateway answers them: no files, no environment, three streams."""
