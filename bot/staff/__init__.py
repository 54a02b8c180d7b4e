"""How a person takes over (pure): who speaks in a chat, what the staff see and may do, what comes back as knowledge."""
