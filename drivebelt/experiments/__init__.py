"""Questions to the mechanism: paired arms, draws of the assumptions, sweeps, sensitivity, fitting and validation.

`design` says what is run, `perform` runs it in parallel processes, `headlines` sums up a run in a few numbers; `effects`, `checks`
and `sensitivity` read the results; `targets` are the documented figures, `fitting` and `validation` put the model beside them.
"""
