"""How we talk. Pure: no Telegram, no SQL, no YAML, no clock, no randomness, no async."""
