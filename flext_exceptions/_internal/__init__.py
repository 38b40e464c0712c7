"""Implementation details of the library; programs import nothing from here."""
