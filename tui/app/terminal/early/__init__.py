"""The frame that stands on the terminal before Textual is loaded. Imports next to nothing: it is there to be quick."""
