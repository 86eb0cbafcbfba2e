"""What a person is told, and how: checks of each source, alerts from opening to closing, the channels, the digest."""
