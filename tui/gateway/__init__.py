"""From config and Module to Findings: the host's contract as data, and the checks."""
