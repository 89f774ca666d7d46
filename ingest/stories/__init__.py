"""Stories: which articles tell the same text, who had it first, whose it is. Pure: texts and times in, decisions out.

shingles -> relation (of two texts) -> fingerprint (of one, with its links to others) -> story (of all that are linked).
"""
