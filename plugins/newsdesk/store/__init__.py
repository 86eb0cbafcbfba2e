"""All SQL of the house: connections, migrations, and one module for each stage's reads and writes."""
