"""From bytes to tokens, as yaml.v3's reader and scanner make them."""
