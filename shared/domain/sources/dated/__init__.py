"""Dated folders: how they are named, which is the newest, and whether its writer has finished."""
