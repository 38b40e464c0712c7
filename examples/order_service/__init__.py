"""A small service that uses the runtime library throughout; ``make service`` starts it and shows what it says.

Read ``store.py`` (the database), ``orders.py`` (what the service does), ``web.py`` (its requests, logs and metrics).
``warehouse.py`` is the other service, which it asks; ``demo.py`` starts both and sends requests.
"""
