"""Pictures and sounds of the form, and what is attached beside photographs: files, marked pictures, codes."""
