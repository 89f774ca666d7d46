"""The pure half of warraq: values in, values out.

    discover   Source, Page         -> Listing of Entries     what a place lists
    admit      Source, Entry, now   -> Record                 the ledger's promise (transitions.py)
    extract    Source, Entry, Page  -> Article                as published
    repair     Article              -> Article                as a reader should see it (arabic/)
    check      Article              -> Article | Rejected     is it an article at all? (extract/gate.py)
    document   Article              -> dict                   as Elasticsearch stores it (document.py)

`pipeline.py` runs the middle three. Nothing here knows a network, a service, the environment or the time.
"""
