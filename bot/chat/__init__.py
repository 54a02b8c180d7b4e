"""The door of owners and staff: Telegram."""
