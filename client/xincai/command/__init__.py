"""What can be done with a form from a command line: `xincai form serve | run | check | export | import`.

No screen and no vault: forms and files in, answers and words out. A word that is not known ends with 2 and a
sentence; a `Problem` ends with 1 and its words, in Chinese and English, on stderr.
"""
