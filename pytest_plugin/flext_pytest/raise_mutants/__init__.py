"""``--flext-raise-mutants``: which errors no test checks. Each raise site is changed, and its tests are run again.

Modules are compiled once, with a switch at each raise statement (mutant schemata: Untch, Offutt and Harrold, "Mutation
analysis using mutant schemata", ISSTA 1993). A forked child activates one mutant and runs the tests that reach the
site.
"""
