"""A module for each room of the pages."""
