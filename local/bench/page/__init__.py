"""How soon the page shows what it was answered, with answers made up here."""
