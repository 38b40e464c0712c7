"""What the library is made of; programs import nothing from here."""
