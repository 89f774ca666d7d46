"""Stories: which articles tell the same text, who had it first, whose it is. Pure: texts and times in, decisions out.

shingles -> relation (of two texts) -> story (of all that are related) -> roles and voices in it.
"""
