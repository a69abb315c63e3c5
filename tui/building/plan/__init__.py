"""From config to plan: the command that builds a function, and why it is this one."""
