"""What we know. Empty until the knowledge base comes."""
