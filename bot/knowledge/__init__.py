"""What we know: the entries, the words of each language, and how a question is read and answered. Pure."""
