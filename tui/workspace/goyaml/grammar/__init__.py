"""From tokens to nodes, as yaml.v3's parser makes them."""
