"""The archive room: what survives is read, questions are answered from it, and only then is the truth laid beside.

    choice.py     which losses, which reader, and where the archive lies
    reading.py    the archive alone, for its pages
    questions.py  what is asked, chosen from the archive alone
    preparing.py  the work in a process of its own; here alone archive and run are joined
    marking.py    a sheet drawn by its seed, and the marks of answers

Pages of the reading room and sheets of questions open the archive and `questions.json` only; `key.json`, which holds the truth,
is opened by the page that a reader comes to after he has answered.
"""
