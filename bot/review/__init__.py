"""The admins' door: the web. Empty until the review pages come."""
