"""Bytes on disk that survive a kill: files, the journal, the lock."""
