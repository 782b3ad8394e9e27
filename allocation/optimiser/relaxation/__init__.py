"""The linear program without whole awards: programs, HiGHS' simplex, sifting of columns."""
