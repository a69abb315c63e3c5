"""From a directory on disk to a Function and its FunctionConfig: find, read, watch."""
