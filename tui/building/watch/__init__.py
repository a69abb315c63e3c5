"""From changes on disk to the builds that they ask for."""
