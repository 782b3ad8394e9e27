"""Files of a spreadsheet in the place of a program: requests, starts and completions by the row."""
