"""All of it on a Textual screen. The only folder that imports textual or rich."""
