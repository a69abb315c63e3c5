"""The gateway's side of its processes: started, spoken with, kept ready, ended."""
