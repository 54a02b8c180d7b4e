"""The admins' door: the web pages at `/review`, on the bot's own web server.

web.py         the routes and the navigation: a new module of pages is listed here
guard.py       before every page: host, sign-in, forms that are ours; the headers
signing.py     the ways in and out
context.py     Review: what pages work with; Visitor: who looks;  rendering.py templates -> pages
home.py        the first page;  audit.py who looked at what
templates/, static/    vendored with their licences: Pico, htmx
"""
