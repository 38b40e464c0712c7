"""A small service that uses the runtime library throughout; ``make service`` starts it and shows its answers and logs.

Read ``store.py`` (the database), ``orders.py`` (what the service does), ``web.py`` (its requests, logs and metrics).
``warehouse.py`` is another service that it calls; ``demo.py`` starts both and sends requests.
"""
