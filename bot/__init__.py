"""Outsourcing Advisor."""
